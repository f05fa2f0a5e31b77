"""« Quoi de neuf »: what I was told."""

from collections.abc import Collection, Mapping

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cpts_net import clock
from cpts_net.notices import actions, queries, reading
from cpts_net.notices.kinds import catalogue
from cpts_net.notices.live_pages import NEWS
from cpts_net.notices.rules import Family
from cpts_net.notices.wording import FAMILIES, NAMES_IN_ADDRESSES
from cpts_net.storage.transaction import snapshot, transaction
from cpts_net.web.access import guests_too
from cpts_net.web.paging import page_number
from cpts_net.web.row_numbers import row_number

bp = Blueprint("notices", __name__, url_prefix="/avis")


@bp.get("/")
@guests_too
def mine() -> ResponseReturnValue:
    """My notices, the last one first; the page tells by itself that they are seen, where one was not."""
    person_id, now = current_user.person_id, clock.now()
    chosen = NAMES_IN_ADDRESSES.get(request.args.get("sorte", ""))
    with snapshot():
        page = queries.notices_of(person_id, page_number(), _kinds_of(chosen) if chosen else None)
        lines = reading.lines(page.items, now)
        return render_template(
            "notices/mine.html",
            page=page,
            days=reading.by_day(lines),
            unseen=[line.id for line in lines if not line.is_seen],
            chosen=chosen,
            names=FAMILIES,
            addresses=NAMES_IN_ADDRESSES,
            numbers=_numbers(queries.numbers_of_kinds(person_id)),
            live=NEWS.address(person_id),
            picture=NEWS.picture(person_id, now),
            now=now,
        )


def _kinds_of(family: Family) -> Collection[str]:
    return [kind.name for kind in catalogue().kinds.values() if kind.family == family]


def _numbers(of_kinds: Mapping[str, int]) -> Mapping[Family, int]:
    """How many notices there are of each family."""
    kinds = catalogue().kinds
    return {
        family: sum(number for kind, number in of_kinds.items() if kinds[kind].family == family) for family in Family
    }


@bp.post("/vus")
@guests_too
def see() -> ResponseReturnValue:
    """Note that I have seen what the page showed me; the page itself reads how much is left."""
    shown = request.form.getlist("avis", row_number)[: queries.NOTICES_ON_A_PAGE]
    person_id = current_user.person_id
    if queries.are_unseen(person_id, shown):
        with transaction():
            actions.see(person_id, shown, now=clock.now())
    if request.headers.get("X-Live"):
        return jsonify(unread=reading.unseen())
    return redirect(url_for("notices.mine"), code=303)
