"""How the demonstration changes with the date, and with nothing else."""

from datetime import date

import pytest

from cpts_net.demo import actions
from cpts_net.storage.transaction import transaction
from tests.demo.conftest import SEED, loaded

pytestmark = [pytest.mark.unmeasured, pytest.mark.alike]


def rows(picture):
    """Everything that a load decides, without the ids."""
    rpps = {member.id: member.rpps for member in picture.members}
    return {
        "members": [(member.rpps, member.display_name) for member in picture.members],
        "accounts": [(account.email, account.role, account.created_at) for account in picture.accounts],
        "absences": sorted(
            (
                absence.first_day,
                rpps[absence.person_id],
                absence.last_day,
                absence.note,
                absence.declared_at,
                [(rpps.get(relay.person_id, relay.name), relay.answer, relay.word) for relay in absence.relays],
            )
            for absence in picture.absences
        ),
        "seats": [
            (slot.starts_at, slot.line.slug, [rpps[seat.person_id] for seat in slot.seats]) for slot in picture.slots
        ],
        "groups": [
            (group.name, sorted(rpps.get(membership.person_id, "") for membership in group.memberships))
            for group in picture.groups
        ],
        "posts": sorted((post.created_at, post.body, rpps[post.author_id]) for post in picture.posts),
        "meetings": sorted(
            (
                meeting.starts_at,
                meeting.title,
                sorted((rpps.get(one.person_id, ""), one.answer or "") for one in meeting.invitations),
            )
            for meeting in picture.meetings
        ),
        "poll": [
            (option.starts_at, sorted((rpps[answer.person_id], answer.answer) for answer in option.answers))
            for poll in picture.polls
            for option in poll.options
        ],
    }


def test_load_is_the_same_from_the_same_seed_and_date(migrated_app, august):
    again = loaded(migrated_app, august.today)

    assert rows(again) == rows(august)


def test_load_differs_from_another_seed(migrated_app, august):
    other = loaded(migrated_app, august.today, seed=SEED + 1)

    assert rows(other)["members"] == rows(august)["members"]
    assert rows(other)["absences"] != rows(august)["absences"]
    assert rows(other)["seats"] != rows(august)["seats"]


@pytest.mark.parametrize(("today", "fewest", "most"), [(date(2026, 8, 12), 35, 50), (date(2026, 3, 18), 5, 20)])
def test_august_is_empty_and_march_is_not(migrated_app, today, fewest, most):
    assert fewest <= len(loaded(migrated_app, today).away_at(10)) <= most


def test_load_refuses_a_base_with_a_member(app, make, context):
    make.person()

    with pytest.raises(actions.BaseNotEmpty), transaction():
        actions.load(members=226, setting=actions.setting_of(date(2026, 8, 12), SEED))


def test_load_refuses_a_base_with_an_account_only(app, make, context):
    make.account()

    with pytest.raises(actions.BaseNotEmpty), transaction():
        actions.load(members=226, setting=actions.setting_of(date(2026, 8, 12), SEED))
