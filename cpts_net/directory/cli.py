"""The commands ``cpts-net directory …``."""

import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from cpts_net.directory import actions
from cpts_net.directory.extract import ExtractUnreadable
from cpts_net.directory.report import ImportReport, Note
from cpts_net.directory.territory import Territory

FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


@click.command("import")
@click.argument("file", type=FILE)
@click.option("--commune", "communes", multiple=True, help="INSEE code or name; may be given several times.")
@click.option("--departement", "departments", multiple=True, help="For instance 28, 2A or 974.")
@with_appcontext
def import_file(file: Path, communes: tuple[str, ...], departments: tuple[str, ...]) -> None:
    """Import the RPPS extract FILE, or the one inside a zip."""
    territory = Territory(communes, departments)
    twice = 2 * file.stat().st_size  # Each line is read twice.
    try:
        with click.progressbar(length=twice, label="Importing", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
            report = actions.import_extract(file, territory, advance=bar.update)
            bar.update(twice - bar.pos)  # The header, and what lies outside the territory, is read once.
    except ExtractUnreadable as unreadable:
        raise click.ClickException(f"{file.name}: {unreadable}") from unreadable
    _tell(report)
    if territory.is_limited and not report.imported:
        raise click.ClickException("nobody in the file works in the communes and départements asked for")


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
