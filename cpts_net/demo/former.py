"""Those of the demonstration who are there no more: one who has left, and one who was written down twice."""

from datetime import datetime, timedelta

from cpts_net import clock
from cpts_net.demo.people import InventedPerson
from cpts_net.departures.actions import leave_community, merge, since
from cpts_net.departures.queries import belongings
from cpts_net.departures.rules import Matter, Side
from cpts_net.directory import actions
from cpts_net.directory.actions import NewPerson
from cpts_net.directory.models import Kind

CAME, WENT = timedelta(days=200), timedelta(days=20)  # Ago.
DEPARTED = NewPerson("Aubert", "Monique", civility="MME", function="Coordinatrice de parcours", kind=Kind.PARTNER)


def add_departed(actor_id: int, now: datetime) -> int:
    """Somebody of a service who has left; their number."""
    number = actions.add_person(DEPARTED, actor_id=actor_id, now=now - CAME)
    then = now - WENT
    left_on = then.astimezone(clock.zone()).date()
    held = belongings(number, since(left_on, then))
    leave_community(number, left_on, seen=held.as_seen if held else "", actor_id=actor_id, now=then)
    return number


def add_double(person: InventedPerson, person_id: int, actor_id: int, now: datetime) -> int:
    """Somebody whom the secretary had typed before the extract named them, and who is one with them since; that number."""
    typed = NewPerson(
        person.family_name,
        person.given_name,
        civility="MME" if person.is_woman else "M",
        kind=Kind.PROFESSIONAL,
    )
    number = actions.add_person(typed, actor_id=actor_id, now=now - CAME)
    merge(person_id, number, {Matter.NAME: Side.ONE}, actor_id=actor_id, now=now - WENT)
    return number
