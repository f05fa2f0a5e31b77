"""The way back from a slot to its month."""

from flask import abort, redirect, url_for
from flask.typing import ResponseReturnValue

from cpts_net import clock
from cpts_net.oncall import queries
from cpts_net.oncall.actions import Done
from cpts_net.oncall.models import DutySlot
from cpts_net.oncall.month import Month


def month_of_slot(slot: DutySlot) -> Month:
    """The month on whose page a slot stands."""
    return Month(slot.starts_at.astimezone(clock.zone()).date().replace(day=1))


def back_to(slot_id: int, said: str, done: Done | None = None) -> ResponseReturnValue:
    """To the month of the slot, at the slot, which says what was done and lets it be undone."""
    slot = queries.slot(slot_id) or abort(404)
    address = url_for(
        "oncall.month",
        slug=slot.line.slug,
        mois=month_of_slot(slot),
        creneau=slot_id,
        fait=said,
        changement=done.change_id if done else None,
        _anchor=f"creneau-{slot_id}",
    )
    return redirect(address, code=303)
