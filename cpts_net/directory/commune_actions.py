"""Every change of the list of communes, of the territory, and of which commune a structure lies in."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from cpts_net.audit import actions as audit
from cpts_net.directory import communes
from cpts_net.directory.models import Commune, Structure, TerritoryCommune
from cpts_net.directory.territory import commune_key
from cpts_net.storage import revisions
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction

BATCH = 500  # So many are matched in one transaction.


def load_list(given: Sequence[Mapping[str, Any]]) -> None:
    """Make this the list of communes, as ``scripts/communes.py`` writes it; commits by itself, a batch at a time."""
    for start in range(0, len(given), BATCH):
        rows = [{**each, "name_key": commune_key(each["name"])} for each in given[start : start + BATCH]]
        with transaction():
            db.session.execute(delete(Commune).where(Commune.code.in_([row["code"] for row in rows])))
            db.session.execute(insert(Commune), rows)
    codes = {each["code"] for each in given}
    with transaction():
        revisions.bump(revisions.DIRECTORY)
        gone = set(db.session.scalars(select(Commune.code))) - codes
        db.session.execute(delete(Commune).where(Commune.code.in_(gone)))


def place_all() -> int:
    """Place every structure that can be; commits by itself, a batch at a time."""
    placed = 0
    while True:
        with transaction():
            found = place_structures()
        if not found:
            return placed
        placed += found


def place_structures() -> int:
    """Give a batch of structures without a code that of their commune; return how many got one."""
    found: dict[int, str] = {}
    places = communes.unplaced()
    for start in range(0, len(places), BATCH):
        if found := communes.matching(places[start : start + BATCH]):
            break
    if found:
        revisions.bump(revisions.DIRECTORY)
        db.session.execute(update(Structure), [{"id": key, "commune_code": code} for key, code in found.items()])
    return len(found)


def set_territory(ticked: Mapping[str, str | None], *, actor_id: int | None, now: datetime) -> None:
    """Say of each commune, by code, in which basin it is; empty for none, None for outside of the territory."""
    revisions.bump(revisions.DIRECTORY)
    db.session.execute(delete(TerritoryCommune).where(TerritoryCommune.code.in_(ticked)))
    rows = [{"code": code, "basin": basin} for code, basin in ticked.items() if basin is not None]
    if rows:
        db.session.execute(insert(TerritoryCommune), rows)
    audit.record("directory.territory_changed", actor_id=actor_id, now=now)
