"""A card shows what is ahead of somebody, to each reader what they may know."""

from datetime import timedelta

import pytest

from cpts_net import clock
from cpts_net.meetings.models import Invitation, Meeting
from tests.factories import held_by
from tests.house.community import EVERYBODY, Community
from tests.house.page import read

pytestmark = [pytest.mark.unmeasured, pytest.mark.alike]

SIGNED_IN = [name for name, who in EVERYBODY.items() if who.role]


def card(community, sign_in, name):
    page = sign_in(community.accounts[name]).get(f"/annuaire/{community.members['owner'].id}")
    return read(page.text) if page.status_code == 200 else ""


@pytest.mark.parametrize("is_guarded", [False, True], ids=["open", "guarded"])
@pytest.mark.parametrize("name", SIGNED_IN)
def test_a_card_names_groups_meetings_and_duties_as_far_as_the_reader_may_know(make, sign_in, name, is_guarded):
    who = EVERYBODY[name]
    community = Community(make, is_guarded=is_guarded)
    text = card(community, sign_in, name)
    is_staff = name in {"secretary", "coordinator", "administrator"}

    assert ("Soins non programmés" in text) is (who.is_in_group or (not is_guarded and name != "guest"))
    assert ("Prochaines réunions" in text) is (who.is_in_group or is_staff)
    assert ("Prochaines astreintes" in text) is (name != "guest")


def test_what_is_over_or_off_stands_on_no_card(make, sign_in, frozen):
    community = Community(make, is_guarded=False)
    owner = community.members["owner"]
    soon = clock.now() + timedelta(hours=1)
    times = {"starts_at": soon, "ends_at": soon + timedelta(hours=1), "created_at": clock.now()}
    asked = {"invitations": [Invitation(person_id=owner.id)]}
    make.save(Meeting(meeting_groups=held_by(community.values["group_id"]), title="Tout de suite", **asked, **times))
    browser = sign_in(community.accounts["owner"])
    before = browser.get(f"/annuaire/{owner.id}").text

    frozen.shift(timedelta(hours=3))
    after = browser.get(f"/annuaire/{owner.id}").text

    assert "Tout de suite" in before
    assert "Tout de suite" not in after
