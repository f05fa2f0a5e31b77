"""The list of accounts as HTML: its first look is kept for all of a role, a search is drawn for who searches."""

from collections.abc import Sequence

from markupsafe import Markup

from cpts_net import clock
from cpts_net.accounts.policy import may_manage
from cpts_net.accounts.wording import ROLE_NAMES
from cpts_net.admin import queries
from cpts_net.admin.queries import AccountLine
from cpts_net.pictures.for_many import draw_for_many
from cpts_net.pictures.kept import Made, kept
from cpts_net.roles import Role
from cpts_net.storage import revisions

# Whatever changes an account, or how somebody is called, bumps one of these.
SCOPES = (revisions.DIRECTORY, revisions.SESSIONS)


def accounts(reader: Role, page: int) -> Markup:
    """A page of all accounts, as somebody of a role sees it."""

    def make(_old: Markup | None) -> Made[Markup]:
        html = draw(queries.accounts("", None, None, page, clock.now()), reader)
        return Made(html, len(html))

    return kept().get((AccountLine, reader, page), SCOPES, clock.now(), make)


def draw(lines: Sequence[AccountLine], reader: Role) -> Markup:
    """Some accounts; each leads to its page where the reader may manage it."""
    return draw_for_many(
        "admin/_accounts.html", accounts=lines, reader=reader, may_manage=may_manage, role_names=ROLE_NAMES
    )
