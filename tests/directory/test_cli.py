from tests.directory.extracts import LINES, SAMPLE, written


def test_import_prints_its_counts(app, tmp_path):
    path = written(tmp_path, LINES[0], "junk")

    result = app.test_cli_runner().invoke(args=["directory", "import", str(path), "--departement", "28"])

    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "created: 1",
        "updated: 0",
        "unchanged: 0",
        "refused: 1",
        "  line 3: 1 fields instead of 57",
        "warnings: 0",
    ]
    assert result.stderr == ""


def test_import_says_what_is_left_out_of_the_list(app, tmp_path):
    path = written(tmp_path, *["junk"] * 1002)

    result = app.test_cli_runner().invoke(args=["directory", "import", str(path)])

    assert result.exit_code == 0
    assert result.stdout.splitlines()[-2:] == ["  and 2 more", "warnings: 0"]


def test_import_takes_several_communes(app):
    command = ["directory", "import", str(SAMPLE), "--commune", "28061", "--commune", "Yèvres"]

    result = app.test_cli_runner().invoke(args=command)

    people = {line.split("|")[2] for line in LINES if line.split("|")[37] in {"Brou", "Yèvres"}}
    assert result.stdout.splitlines()[0] == f"created: {len(people)}"


def test_import_fails_on_a_file_that_is_no_extract(app, tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("Bonjour\n")

    result = app.test_cli_runner().invoke(args=["directory", "import", str(path)])

    assert result.exit_code == 1
    assert result.stderr == "Error: notes.txt: line 1: not an extract of the Annuaire Santé, it begins with 'Bonjour'\n"
