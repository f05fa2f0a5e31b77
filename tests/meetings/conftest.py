"""A group with a lead, a member and a pharmacist; its polls and meetings; everybody's browser."""

from datetime import UTC, datetime, timedelta

import pytest

from cpts_net import clock
from cpts_net.meetings.models import Invitation, Meeting, Poll, PollAnswer, PollOption
from cpts_net.roles import Role
from tests.factories import held_by

# Thursday 27 August 2026 at 20:00 in Paris, and the Friday after at 12:30.
THURSDAY = datetime(2026, 8, 27, 18, tzinfo=UTC)
FRIDAY = datetime(2026, 8, 28, 10, 30, tzinfo=UTC)
TWO_HOURS = timedelta(hours=2)


@pytest.fixture
def anne(make):
    return make.person()


@pytest.fixture
def ines(make):
    return make.person("Inès", "Boyer", profession="60")


@pytest.fixture
def luc(make):
    """Somebody of the community who is in no group."""
    return make.person("Luc", "Martin", profession="21")


@pytest.fixture
def group(make, anne, ines):
    return make.group(leads=[anne], members=[ines])


@pytest.fixture
def hidden(make, anne, ines):
    """A private group with the same people."""
    return make.group("Comité discret", leads=[anne], members=[ines], is_private=True)


@pytest.fixture
def make_poll(make, group):
    """A poll of the group about two dates, open until the 20th; with answers by member."""

    def poll(of=None, *, starts=(THURSDAY, FRIDAY), answers=None, **columns):
        values = {
            "group_id": (of or group).id,
            "title": "Bilan de l’été",
            "agenda": "1. Les appels\n2. Les créneaux",
            "place": "Maison de santé",
            "video_url": "https://visio.example/bilan",
            "deadline": datetime(2026, 8, 20, 21, 59, tzinfo=UTC),
            "created_at": clock.now(),
        }
        saved = make.save(Poll(**{**values, **columns}))
        options = [PollOption(poll_id=saved.id, starts_at=start, ends_at=start + TWO_HOURS) for start in starts]
        if options:
            make.save(*options)
        saved.option_ids = [option.id for option in options]
        for person, said in answers or []:
            for option_id, word in zip(saved.option_ids, said, strict=True):
                make.save(PollAnswer(option_id=option_id, person_id=person.id, answer=word, answered_at=clock.now()))
        return saved

    return poll


@pytest.fixture
def make_meeting(make, group, anne, ines):
    """A meeting of the group on Thursday, to which its two members are asked."""

    def meeting(of=None, *, hosts=None, asked=None, start=THURSDAY, **columns):
        values = {
            "meeting_groups": held_by(*(each.id for each in ([of or group] if hosts is None else hosts))),
            "title": "Bilan de l’été",
            "agenda": "1. Les appels",
            "place": "Maison de santé",
            "starts_at": start,
            "ends_at": start + TWO_HOURS,
            "created_at": clock.now(),
            "invitations": [Invitation(person_id=each.id) for each in ((anne, ines) if asked is None else asked)],
        }
        return make.save(Meeting(**{**values, **columns}))

    return meeting


@pytest.fixture
def secretary(make):
    return make.colleague("Nadia Ferrand", function="Secrétaire")


@pytest.fixture
def browsers(make, sign_in, anne, ines, luc, secretary):
    """A browser of the lead, of a member, of a stranger, and of the staff."""
    return {
        "lead": sign_in(make.account(anne)),
        "member": sign_in(make.account(ines)),
        "stranger": sign_in(make.account(luc)),
        "staff": sign_in(make.account(secretary, Role.SECRETARY)),
    }
