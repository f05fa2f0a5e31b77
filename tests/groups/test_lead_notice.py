"""Whoever is named to lead a group by somebody else is told, once, as long as it is so."""

import pytest

from cpts_net import clock
from cpts_net.groups import actions
from cpts_net.storage.transaction import transaction
from tests.telling import drawn_mails, told

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def ines(make):
    return make.person("Inès", "Boyer")


@pytest.fixture
def hers(make, ines):
    return make.account(ines)


@pytest.fixture
def group(make, ines):
    return make.group("Plaies", leads=[make.person()], members=[ines])


def name(group, person, *, is_lead=True, by=None):
    with transaction():
        actions.set_lead(group.id, person.id, is_lead=is_lead, actor_id=by, now=clock.now())


def test_who_is_named_to_lead_is_told_once(group, ines, hers):
    name(group, ines)
    name(group, ines)

    assert told() == [("groups.lead_named", f"group:{group.id}", ines.id)]
    (mail,) = drawn_mails()
    assert (mail.to, mail.subject) == (hers.email, "Vous êtes pilote du groupe « Plaies »")
    assert f"/groupes/{group.id}" in mail.body


def test_who_is_released_before_the_mail_goes_reads_none(group, ines, hers):
    name(group, ines)
    name(group, ines, is_lead=False)

    assert drawn_mails() == []


def test_who_names_themselves_knows(group, ines, hers):
    name(group, ines, by=hers.id)

    assert told() == []
