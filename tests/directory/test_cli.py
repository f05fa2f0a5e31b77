import pytest

from tests.directory.extracts import LINES, SAMPLE, changed, written


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


CITIES = [
    changed(line, Code_commune=code, Libellé_commune=name, Code_département=code[:2], Code_postal=postal)
    for line, (code, name, postal) in zip(
        {line.split("|")[2]: line for line in LINES}.values(),
        [
            ("75113", "Paris 13e Arrondissement", "75013"),
            ("69383", "Lyon 3e Arrondissement", "69003"),
            ("13205", "Marseille 5e Arrondissement", "13005"),
            ("28088", "Châteaudun", "28200"),
        ],
        strict=False,
    )
]


@pytest.mark.parametrize(
    ("asked", "created"),
    [
        (["--commune", "Paris"], 1),
        (["--commune", "75056"], 1),
        (["--commune", "75113"], 1),
        (["--commune", "Paris 13"], 1),
        (["--commune", "PARIS 13EME"], 1),
        (["--commune", "Lyon"], 1),
        (["--commune", "69123"], 1),
        (["--commune", "Marseille"], 1),
        (["--commune", "13055"], 1),
        (["--departement", "75", "--departement", "28"], 2),
    ],
)
def test_the_three_cities_are_their_arrondissements(app, tmp_path, asked, created):
    result = app.test_cli_runner().invoke(args=["directory", "import", str(written(tmp_path, *CITIES)), *asked])

    assert (result.exit_code, result.stdout.splitlines()[0]) == (0, f"created: {created}")
    assert "not found" not in result.stdout


@pytest.mark.parametrize("asked", ["Chateaudum", "28200", "28O51", "Paris 14"])
def test_a_commune_that_matches_nothing_is_named(app, tmp_path, asked):
    command = ["directory", "import", str(written(tmp_path, *CITIES)), "--commune", asked]

    alone = app.test_cli_runner().invoke(args=command)
    with_another = app.test_cli_runner().invoke(args=[*command, "--commune", "28088"])

    assert (alone.exit_code, with_another.exit_code) == (1, 0)
    for result in (alone, with_another):
        assert f"not found: {asked}: no line of the file lies there" in result.stdout
    assert "nobody in the file works" in alone.stderr


def test_a_department_that_matches_nothing_is_named_and_one_beside_the_commune_fails(app, tmp_path):
    command = ["directory", "import", str(written(tmp_path, *CITIES))]

    unknown = app.test_cli_runner().invoke(args=[*command, "--departement", "280"])
    beside = app.test_cli_runner().invoke(args=[*command, "--commune", "28088", "--departement", "75"])

    assert (unknown.exit_code, beside.exit_code) == (1, 1)
    assert "not found: 280" in unknown.stdout
