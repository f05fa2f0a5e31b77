"""« Envois »: what waits, what did not get through, another try, and whether anybody sends at all."""

from collections.abc import Sequence
from datetime import timedelta

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from cpts_net import clock
from cpts_net.accounts.policy import MANAGERS
from cpts_net.admin.deliveries import shown
from cpts_net.audit.actions import record
from cpts_net.notices import actions, queries
from cpts_net.notices.living import living
from cpts_net.storage.transaction import snapshot, transaction
from cpts_net.web.access import roles
from cpts_net.web.paging import page_number

bp = Blueprint("deliveries", __name__, url_prefix="/administration/envois")
managers_only = roles(*MANAGERS)

WAITING_SHOWN = 20
SENT_WITHIN = timedelta(days=1)
# So many at a time: a link that is made anew takes some milliseconds, while nobody else can write.
AT_A_TIME = 10


@bp.get("/")
@managers_only
def overview() -> ResponseReturnValue:
    """What waits, the next first; what was given up within the last month, the last first; never what they said."""
    now = clock.now()
    with snapshot():
        page = queries.failed(page_number())
        return render_template(
            "admin/deliveries.html",
            living=living(now),
            sent=queries.sent_number(now - SENT_WITHIN),
            waiting=shown(queries.next_waiting(WAITING_SHOWN)),
            waiting_number=queries.waiting_number(),
            page=page,
            failed=shown(page.items),
            troubled=len(queries.troubled_ids()),
            now=now,
        )


@bp.post("/<int:delivery_id>/renvoyer")
@managers_only
def send_again(delivery_id: int) -> ResponseReturnValue:
    """Have one message sent after all, or tried again now, with all that is in it; a link that was forgotten is made anew."""
    sent, lost = _send_again([delivery_id])
    if not sent + lost:
        abort(404)
    return _back(sent, lost)


@bp.post("/renvoyer")
@managers_only
def send_all_again() -> ResponseReturnValue:
    """Have all tried now that was given up, or that waits since a try went wrong."""
    troubled = queries.troubled_ids()
    outcomes = [_send_again(troubled[start : start + AT_A_TIME]) for start in range(0, len(troubled), AT_A_TIME)]
    return _back(sum(sent for sent, _lost in outcomes), sum(lost for _sent, lost in outcomes))


def _send_again(delivery_ids: Sequence[int]) -> tuple[int, int]:
    """How many are on their way, and of how many nothing is left to be sent."""
    now = clock.now()
    with transaction():
        outcomes = []
        for delivery in queries.troubled_among(delivery_ids):
            outcomes.append(actions.send_again(delivery, now=now))
            record("mail.sent_again", actor_id=current_user.account_id, now=now, subject=f"delivery:{delivery.id}")
        return outcomes.count(True), outcomes.count(False)


def _back(sent: int, lost: int) -> ResponseReturnValue:
    """The page again, with what became of it."""
    if sent or not lost:
        flash(
            ngettext("%(num)s message repart.", "%(num)s messages repartent.", sent) if sent else _("Rien à renvoyer.")
        )
    if lost:
        flash(
            ngettext(
                "De %(num)s message, rien n’est gardé\u202f: il ne peut plus partir.",
                "De %(num)s messages, rien n’est gardé\u202f: ils ne peuvent plus partir.",
                lost,
            ),
            "error",
        )
    return redirect(url_for("deliveries.overview"), code=303)
