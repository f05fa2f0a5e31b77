"""``cpts-net demo``: a community to look at, and one to measure with."""

from datetime import date, datetime

import click
from flask.cli import AppGroup
from flask_babel import gettext as _
from flask_babel import ngettext

from cpts_net import clock
from cpts_net.demo import actions, queries
from cpts_net.demo.actions import Door, Visitor
from cpts_net.demo.community import Community
from cpts_net.demo.people import LARGEST
from cpts_net.settings import current_settings
from cpts_net.storage.transaction import snapshot, transaction

SMALLEST = 226  # The people of the extract.
SEED = 28
demo = AppGroup("demo", help="Load the demonstration community and visit it.")


@demo.command("load")
@click.option("--members", type=click.IntRange(SMALLEST, LARGEST), default=SMALLEST, help="How many people.")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day around which everything lies; today.")
@click.option("--seed", type=int, default=SEED, show_default=True, help="Another number, another community.")
def load(members: int, day: datetime | None, seed: int) -> None:
    """Fill an empty base with the demonstration community."""
    try:
        _load(members, day.date() if day else clock.today(), seed)
    except actions.BaseNotEmpty:
        raise click.ClickException(
            _(
                "la base contient déjà des membres ou des comptes ; la démonstration ne se charge que dans une base vide. "
                "Choisissez un autre dossier avec CPTS_DATA."
            )
        ) from None


@demo.command("start")
def start() -> None:
    """In demonstration mode: fill the base if it is empty, and print sign-in links for visitors."""
    if not current_settings().demonstration:
        return
    with snapshot():
        is_empty = queries.is_empty()
    if is_empty:
        _load(SMALLEST, clock.today(), SEED)
    with transaction():
        doors = actions.open_doors(now=clock.now())
    click.echo(_("Pour visiter, ouvrez l’une de ces adresses. Chacune sert pendant une heure."))
    for door in doors:
        click.echo(f"\n  {_who(door)}\n  {door.address}")
    click.echo()


def _load(members: int, today: date, seed: int) -> Community:
    with transaction():
        community = actions.load(members=members, setting=actions.setting_of(today, seed))
    click.echo(
        _(
            "La communauté de démonstration est prête : %(members)s, %(groups)s, %(lines)s.",
            members=ngettext("%(num)d membre", "%(num)d membres", members),
            groups=ngettext("%(num)d groupe de travail", "%(num)d groupes de travail", len(community.groups)),
            lines=ngettext("%(num)d ligne d’astreinte", "%(num)d lignes d’astreinte", len(community.serving)),
        )
    )
    return community


def _who(door: Door) -> str:
    says = {
        Visitor.MEMBER: _("%(name)s, médecin généraliste, avec des gardes et un groupe", name=door.name),
        Visitor.LEAD: _("%(name)s, qui anime un groupe de travail", name=door.name),
        Visitor.COORDINATOR: _("%(name)s, à la coordination", name=door.name),
        Visitor.SECRETARY: _("%(name)s, au secrétariat", name=door.name),
        Visitor.ADMINISTRATOR: _("%(name)s, à l’administration du réseau", name=door.name),
    }
    return str(says[door.who])
