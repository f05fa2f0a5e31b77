"""The ``cpts-net oncall`` commands."""

import click
from flask.cli import AppGroup

from cpts_net import clock
from cpts_net.oncall.slot_actions import open_coming_slots

oncall = AppGroup("oncall", help="Look after duty lines.")


@oncall.command()
@click.option("--weeks", default=12, show_default=True, type=click.IntRange(1, 104), help="How far ahead.")
def generate(weeks: int) -> None:
    """Open the slots of the coming weeks."""
    opened = open_coming_slots(now=clock.now(), weeks=weeks)
    click.echo(f"{len(opened)} slots opened")
