"""The commands ``cpts-net feeds …``."""

import click
from flask.cli import with_appcontext
from flask_babel import force_locale

from cpts_net import clock
from cpts_net.calendars import actions, floors, queries
from cpts_net.calendars.feed_addresses import feed_address
from cpts_net.calendars.models import FeedKind
from cpts_net.calendars.offers import offers
from cpts_net.roles import Role
from cpts_net.storage import revisions
from cpts_net.storage.transaction import transaction


@click.command("create")
@click.argument("email")
@click.option("--kind", type=click.Choice([kind.value for kind in FeedKind]), required=True)
@click.option("--line", "line_slug", metavar="SLUG", help="The duty line, for --kind line.")
@click.option("--name", help="What the calendar is called.")
@with_appcontext
def create(email: str, kind: str, line_slug: str | None, name: str | None) -> None:
    """Give the account with this EMAIL a feed; print its address and nothing else."""
    if (kind == FeedKind.LINE) != (line_slug is not None):
        raise click.UsageError("--line goes with --kind line, and only with it")
    account = queries.account(email)
    if account is None or account.suspended_at is not None:
        raise click.ClickException(f"no account with the address {email}")
    code = f"line-{line_slug}" if line_slug else kind
    with force_locale("fr"):
        offered = {offer.code: offer for offer in offers(account.display_name, is_guest=account.role == Role.GUEST)}
    if code not in offered:
        raise click.ClickException(f"no duty line {line_slug}" if line_slug else f"{email} is a guest’s")
    account_id, offer = account.id, offered[code]
    try:
        with transaction():
            feed = actions.create_feed(
                account_id, offer.kind, name or offer.name, line_id=offer.line_id, now=clock.now()
            )
            printed = feed_address(feed)
    except actions.TooManyFeeds:
        raise click.ClickException(f"{email} has {actions.MOST_FEEDS} feeds already") from None
    click.echo(printed)


@click.command("raise")
@with_appcontext
def raise_all() -> None:
    """After a restore with pg_restore: have calendars take over what the base says, whatever they hold."""
    with transaction():
        revisions.bump(revisions.MEETINGS, revisions.CONTINUITY)
        floors.raise_beneath_all(clock.now())
    click.echo("every calendar will take over what the base says")
