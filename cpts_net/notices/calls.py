"""A notice as a device says it when it rings: as it reads now, and not at all once its reader has seen it."""

from datetime import datetime, timedelta
from functools import partial

from flask_babel import force_locale
from flask_babel import gettext as _

from cpts_net.notices import queries, queue
from cpts_net.notices.devices import Call, Rung, devices
from cpts_net.notices.digest import VOID
from cpts_net.notices.kinds import kind_named
from cpts_net.notices.models import Notice
from cpts_net.notices.queue import Claimed, Outcome
from cpts_net.notices.timing import is_close
from cpts_net.outbox import mailer
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import snapshot

NO_DEVICE = "no device of theirs rings any more"
WORTH = timedelta(days=1)  # A device that is switched off rings when it is on again, but not for what is long past.


def ring(claimed: Claimed, now: datetime) -> Outcome:
    """Have the devices of its person ring, unless there is nothing to tell any more; return what is to be recorded.

    Raises:
        RefusedForGood: when no device takes it, whenever it is tried.
        Exception: when none could be reached for now.
    """
    with snapshot():
        notice = queries.notice(claimed.notice_id) if claimed.notice_id else None
        if notice:
            db.session.expunge(notice)
    call = _call(notice, claimed, now) if notice and not notice.seen_at else None
    if notice is None or call is None:
        return partial(queue.drop, claimed.ids, VOID)
    return partial(_record, claimed, devices().ring(notice.person_id, call, now))


def _call(notice: Notice, claimed: Claimed, now: datetime) -> Call | None:
    kind = kind_named(notice.kind)
    with force_locale("fr"):
        with snapshot():
            matter = kind.matters([notice], now).get(notice.id)
        if matter is None or not matter.is_still_so:
            return None
        return Call(
            line=mailer.render_line(kind.template, **matter.words),
            label=str(kind.label),
            hint=str(_("Ouvrez pour lire.")),
            path=matter.path or "/avis/",
            tag=f"notice-{notice.id}",
            at=notice.at,
            until=_until(claimed.begins_at, now),
            names_nobody=kind.names_nobody,
            is_urgent=is_close(claimed.begins_at, now),
        )


def _until(begins_at: datetime | None, now: datetime) -> datetime:
    """Up to when it may be heard: what has begun was to be heard before."""
    latest = now + WORTH
    return min(begins_at, latest) if begins_at and begins_at > now else latest


def _record(claimed: Claimed, rung: Rung, now: datetime) -> None:
    rung.note(now)
    if rung.is_heard:
        queue.finish(claimed.ids, now)
    else:
        queue.drop(claimed.ids, NO_DEVICE, now)
