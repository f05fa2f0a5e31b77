import pytest


@pytest.fixture
def run(app):
    runner = app.test_cli_runner()

    def ran(*arguments):
        return runner.invoke(args=["feeds", "create", *arguments])

    return ran


@pytest.fixture
def owner(make):
    make.line("nuit", name="Garde de nuit")
    return make.account(make.person(), email="anne@cpts.example")


@pytest.mark.parametrize("arguments", [["--kind", "mine"], ["--kind", "line", "--line", "nuit"], ["--kind", "duty"]])
def test_command_prints_an_address_that_works_and_nothing_else(run, owner, client, arguments):
    result = run("Anne@cpts.example", *arguments)

    assert result.exit_code == 0, result.output
    (address,) = result.output.splitlines()
    assert client.get(address.removeprefix("http://localhost:8000")).status_code == 200


def test_command_names_the_feed(run, owner, client):
    address = run("anne@cpts.example", "--kind", "absences", "--name", "Qui est là").output.strip()

    assert "X-WR-CALNAME:Qui est là" in client.get(address.removeprefix("http://localhost:8000")).text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nobody@cpts.example", "--kind", "mine"], "no account"),
        (["anne@cpts.example", "--kind", "line"], "--line goes with --kind line"),
        (["anne@cpts.example", "--kind", "duty", "--line", "nuit"], "--line goes with --kind line"),
        (["anne@cpts.example", "--kind", "line", "--line", "jour"], "no duty line jour"),
        (["anne@cpts.example", "--kind", "other"], "not one of"),
    ],
)
def test_command_says_what_is_wrong(run, owner, arguments, said):
    result = run(*arguments)

    assert result.exit_code != 0
    assert said in result.output


def test_command_gives_whoever_has_an_account_an_agenda_of_their_own(run, make):
    make.account(email="secretariat@cpts.example")

    assert run("secretariat@cpts.example", "--kind", "mine").exit_code == 0
