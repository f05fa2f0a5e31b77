"""Whoever answers a mail that somebody caused writes to that person, at the address that they show to everybody."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from cpts_net import clock
from cpts_net.directory.models import Person, ProfileValue
from cpts_net.directory.profile_fields import MAIL, Audience
from cpts_net.meetings import actions as meetings
from cpts_net.meetings import drafts
from cpts_net.roles import Role
from cpts_net.settings import current_settings
from cpts_net.spans import Span
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.conftest import NOW

ADDRESS = "planted.secret@cabinet.example"
CONTACT = "contact@cpts.example"
ASKED_AT = "paul@cpts.example"
EVENING = Span(NOW + timedelta(days=20), NOW + timedelta(days=20, hours=1))
PLAN = drafts.Plan(drafts.Subject("Bilan", "", "", ""), EVENING)


@pytest.fixture
def anne(make):
    return make.person("Anne", "Petit")


@pytest.fixture
def write(make):
    """Write an address on somebody’s card, for an audience."""

    def written(person, audience, address=ADDRESS):
        make.save(ProfileValue(person_id=person.id, field=MAIL.key, value=address, audience=audience))
        make.announce("directory")

    return written


@pytest.fixture
def change(app):
    """Write down something else of somebody."""

    def changed(person, **columns):
        with app.app_context(), transaction():
            db.session.execute(update(Person).where(Person.id == person.id).values(**columns))

    return changed


@pytest.fixture
def invite(app, make, work_off, posting, anne, monkeypatch):
    """Have Anne ask Paul to a meeting; return the mail that reaches Paul."""

    def invited(role=Role.MEMBER, contact=CONTACT):
        organizer, paul = make.account(anne), make.person("Paul", "Noir")
        make.account(paul, role, email=ASKED_AT)
        with app.app_context():
            monkeypatch.setitem(app.extensions, "settings", replace(current_settings(), contact=contact))
            actor = drafts.Actor(organizer.id, anne.id)
            with transaction():
                meetings.make_meeting(drafts.Audience((), (paul.id,)), PLAN, by=actor, now=clock.now())
        work_off()
        (mail,) = [each for each in posting.read() if each["To"] == ASKED_AT]
        return mail

    return invited


def test_an_answer_goes_to_the_address_that_its_author_shows(invite, write, anne):
    write(anne, Audience.COMMUNITY)

    assert invite()["Reply-To"] == f"{ADDRESS}, {CONTACT}"


@pytest.mark.parametrize("contact", [CONTACT, None])
@pytest.mark.parametrize("role", [Role.MEMBER, Role.GUEST, Role.COORDINATOR])
def test_a_hidden_address_is_in_no_mail_whoever_gets_it(invite, write, anne, role, contact):
    write(anne, Audience.NOBODY_ELSE)

    mail = invite(role, contact)

    assert mail["Reply-To"] == contact
    assert ADDRESS not in mail.as_string()


def test_of_who_is_left_out_of_the_directory_no_address_goes_out(invite, write, anne, change):
    change(anne, is_hidden=True)
    write(anne, Audience.COMMUNITY)

    assert invite(Role.COORDINATOR)["Reply-To"] == CONTACT


def test_a_guest_gets_only_the_addresses_of_those_in_their_groups(invite, write, anne):
    write(anne, Audience.COMMUNITY)

    assert invite(Role.GUEST)["Reply-To"] == CONTACT


def test_of_two_who_are_one_the_address_is_that_of_who_remains(invite, write, anne, make, change):
    remaining = make.person("Anne", "Petit-Roy")
    write(remaining, Audience.COMMUNITY)
    change(anne, merged_into_id=remaining.id)

    assert invite()["Reply-To"] == f"{ADDRESS}, {CONTACT}"


def test_who_has_left_is_not_written_to(invite, write, anne, change):
    change(anne, left_on=NOW.date())
    write(anne, Audience.COMMUNITY)

    assert invite()["Reply-To"] == CONTACT


def test_an_address_that_some_servers_do_not_take_keeps_no_mail_back(invite, write, anne):
    write(anne, Audience.COMMUNITY, address="rené@cabinet.example")

    assert invite()["Reply-To"] == CONTACT


@pytest.mark.parametrize("contact", [CONTACT, ""])
@pytest.mark.parametrize("audience", [Audience.COMMUNITY, Audience.NOBODY_ELSE])
def test_the_organizer_of_an_entry_is_answered_by_its_mail_and_is_no_person(invite, write, anne, contact, audience):
    write(anne, audience)

    mail = invite(contact=contact)

    answered = {each.addr_spec for name in ("Reply-To", "From") if mail[name] for each in mail[name].addresses}
    entries = [each for each in mail.walk() if each.get_content_maintype() == "text" and each.get_param("method")]
    (entry,) = [each.get_content() for each in entries]
    (organizer,) = re.findall(r"^ORGANIZER[^:]*:mailto:(\S+)", entry.replace("\r\n ", ""), re.MULTILINE)
    assert organizer in answered
    assert organizer == contact or not contact
    assert ADDRESS not in entry
