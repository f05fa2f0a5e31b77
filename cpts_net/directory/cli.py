"""The commands ``cpts-net directory …``."""

import json
import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from cpts_net.directory import actions, commune_actions, communes
from cpts_net.directory.extract import ExtractUnreadable
from cpts_net.directory.report import ImportReport, Note
from cpts_net.directory.territory import Territory
from cpts_net.paths import ROOT

COMMUNES = ROOT / "static/vendor/communes.json"  # Laid there at set-up.
FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


@click.command("import")
@click.argument("file", type=FILE)
@click.option("--commune", "wanted", multiple=True, help="INSEE code or name; may be given several times.")
@click.option("--departement", "departments", multiple=True, help="For instance 28, 2A or 974.")
@with_appcontext
def import_file(file: Path, wanted: tuple[str, ...], departments: tuple[str, ...]) -> None:
    """Import the RPPS extract FILE, or the one inside a zip."""
    territory = Territory(wanted, departments)
    twice = 2 * file.stat().st_size  # Each line is read twice.
    try:
        with click.progressbar(length=twice, label="Importing", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
            report = actions.import_extract(file, territory, advance=bar.update)
            bar.update(twice - bar.pos)  # The header, and what lies outside the territory, is read once.
    except ExtractUnreadable as unreadable:
        raise click.ClickException(f"{file.name}: {unreadable}") from unreadable
    _tell(report)
    commune_actions.place_all()
    if territory.is_limited and not report.imported:
        raise click.ClickException("nobody in the file works in the communes and départements asked for")


@click.command("communes")
@click.argument("file", type=FILE, default=COMMUNES)
@with_appcontext
def load_communes(file: Path) -> None:
    """Load the official list of communes, and place the structures whose commune has no code."""
    given = json.loads(file.read_text(encoding="utf-8"))
    commune_actions.load_list(given)
    click.echo(f"communes: {len(given)}")
    click.echo(f"structures placed: {commune_actions.place_all()}")
    click.echo(f"structures without commune: {len(communes.unplaced())}")


def _tell(report: ImportReport) -> None:
    click.echo(f"created: {report.created}")
    click.echo(f"updated: {report.updated}")
    click.echo(f"unchanged: {report.unchanged}")
    click.echo(f"refused: {report.refused}")
    _list(report.refused, report.refusals)
    click.echo(f"warnings: {report.warned}")
    _list(report.warned, report.warnings)
    for asked in report.unmatched:
        click.echo(f"not found: {asked}: no line of the file lies there")


def _list(count: int, notes: list[Note]) -> None:
    for note in notes:
        click.echo(f"  line {note.line}: {note.reason}")
    if count > len(notes):
        click.echo(f"  and {count - len(notes)} more")
