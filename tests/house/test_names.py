"""Wherever somebody is named, the name leads to the person; one left out of the directory is only named."""

from datetime import date

import pytest

from cpts_net.directory.models import Person
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.house.community import Community

pytestmark = [pytest.mark.unmeasured, pytest.mark.alike]

PAGES = (
    "/continuite/",
    "/groupes/",
    "/groupes/{group_id}",
    "/reunions/{meeting_id}",
    "/reunions/sondages/{poll_id}",
    "/astreintes/{slug}/?mois=2026-08",
    "/absences/",
)


@pytest.fixture
def community(make):
    made = Community(make, is_guarded=False)
    make.absence(made.members["owner"], date(2026, 8, 12), date(2026, 8, 12))
    return made


def links(community, sign_in, page):
    """The person of the community whom the page names, as its link and as the mere name."""
    named = "lead" if page == "/groupes/" else "owner"
    text = sign_in(community.accounts["secretary"]).get(page.format(**community.values)).text
    person = community.members[named]
    return (
        f'<a class="named" href="/annuaire/{person.id}">{person.display_name}</a>' in text,
        person.display_name in text,
    )


@pytest.mark.parametrize("page", PAGES)
def test_a_name_leads_to_the_person(community, sign_in, page):
    assert links(community, sign_in, page) == (True, True)


@pytest.mark.parametrize("page", PAGES)
def test_a_name_that_the_directory_leaves_out_leads_nowhere(app, community, sign_in, page):
    with app.app_context(), transaction():
        for person in community.members.values():
            db.session.get_one(Person, person.id).is_hidden = True

    assert links(community, sign_in, page) == (False, True)
