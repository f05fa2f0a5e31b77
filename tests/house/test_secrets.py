"""A secret in each narrow field of everybody’s card, and every way out that there is: it leaves by the card alone."""

import re
from dataclasses import replace
from types import SimpleNamespace

import pytest
from sqlalchemy import insert, select

from cpts_net import clock, worker
from cpts_net.calendars.feed_addresses import feed_address
from cpts_net.calendars.models import Feed, FeedKind
from cpts_net.directory import queries
from cpts_net.directory.models import Person, ProfileValue
from cpts_net.directory.profile_fields import FIELDS, MAIL, PRIVATE_PHONE, Audience
from cpts_net.directory.profiles import read
from cpts_net.live.pages import LIVE_PAGES
from cpts_net.mail_settings import mail_server
from cpts_net.roles import STAFF
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.house.community import EVERYBODY
from tests.house.test_permissions import Visit, is_refused, rules
from tests.mail_server import running_mail_server

pytestmark = pytest.mark.unmeasured

# Where somebody reads their own secrets, and the staff everybody’s.
CARDS = {"directory.profile", "directory.edit"}
# Where the staff decides which of two cards of one person is right.
TWO_CARDS = {"departures.compare"}


def secret(field, person_id):
    """What nobody types by accident; of a number the last digits are looked for, however it is written."""
    return {PRIVATE_PHONE: f"+336399{person_id:05}", MAIL: f"secret-{person_id:05}@cabinet.example"}[field]


def traces(field, person_id):
    text = secret(field, person_id)
    return {PRIVATE_PHONE: text[4:], MAIL: text.partition("@")[0]}[field]


def plant(app):
    """A narrow value in every field of everybody."""
    with app.app_context(), transaction():
        people = db.session.scalars(select(Person.id)).all()
        rows = [
            {"person_id": each, "field": field.key, "value": secret(field, each), "audience": Audience.NOBODY_ELSE}
            for each in people
            for field in FIELDS.values()
        ]
        db.session.execute(insert(ProfileValue), rows)
    return people


def leaked(text, people):
    """Whose secrets stand in ``text``, in whatever way numbers are written there."""
    plain = text if isinstance(text, str) else text.decode("utf-8", "replace")
    dense = re.sub(r"[\s\u00a0\u202f.-]|&nbsp;|=\n", "", plain)
    return {
        (each, field.key)
        for each in people
        for field in FIELDS.values()
        if traces(field, each) in dense or traces(field, each) in plain
    }


def test_each_field_of_the_catalogue_has_a_secret_here():
    assert {secret(field, 1) for field in FIELDS.values()} == {"+33639900001", "secret-00001@cabinet.example"}


@pytest.mark.parametrize("is_guarded", [False, True], ids=["open", "guarded"])
@pytest.mark.parametrize("name", EVERYBODY)
def test_no_page_gives_a_narrow_value_away(app, make, sign_in, name, is_guarded):
    who, visit = EVERYBODY[name], Visit(make, sign_in, name, is_guarded=is_guarded)
    people = plant(app)
    is_staff = name in {"secretary", "coordinator", "administrator"}

    opened = 0
    for rule, method in rules(app):
        response = visit.send(rule, "GET") if method == "GET" else None
        if response is None or is_refused(response, who):
            continue
        opened += 1
        if rule.endpoint in CARDS and (is_staff or who.is_owner):
            owner = visit.community.values["person_id"]
            assert {each for each, _field in leaked(response.data, people)} == {owner}, rule.endpoint
        elif rule.endpoint in TWO_CARDS and is_staff:
            both = {visit.community.values[each] for each in ("person_id", "other_id")}
            assert {each for each, _field in leaked(response.data, people)} == both
        else:
            assert leaked(response.data, people) == set(), rule.endpoint
    assert opened


@pytest.mark.parametrize("name", ["outsider", "owner", "coordinator"])
def test_nobody_is_found_by_a_narrow_value(app, make, sign_in, name):
    visit = Visit(make, sign_in, name, is_guarded=False)
    people = plant(app)
    outside = set(people) - {visit.community.values["person_id"]}

    for each in outside:
        for field in FIELDS.values():
            for words in (secret(field, each), traces(field, each)):
                page = visit.browser.get("/annuaire/", query_string={"q": words}).text
                assert "Personne ne correspond" in page
                found = visit.browser.get("/annuaire/choisir", query_string={"q": words}).json
                assert found["people"] == []


def test_no_list_that_is_kept_holds_a_narrow_value(app, make, sign_in):
    visit = Visit(make, sign_in, "coordinator", is_guarded=False)
    people = plant(app)

    with app.app_context():
        books = (queries.book(), queries.book_of_hidden())
        assert leaked(repr([book.entries for book in books]), people) == set()
        assert leaked(repr(db.session.scalars(select(Person.search_text)).all()), people) == set()
    assert visit


def test_no_push_and_no_feed_holds_a_narrow_value(app, make, sign_in):
    community = Visit(make, sign_in, "owner", is_guarded=False).community
    people = plant(app)
    line, poll, group = (community.values[key] for key in ("line_id", "poll_id", "group_id"))
    keys = {"continuity": "", "group": group, "month": f"{line}-2026-08", "poll": poll, "weeks": "2026-08-10"}
    keys["news"] = people[0]
    kinds = [(kind, line if kind is FeedKind.LINE else None) for kind in FeedKind]
    feeds = [
        make.save(
            Feed(account_id=community.accounts["owner"].id, kind=kind, line_id=of, name=kind, created_at=clock.now())
        )
        for kind, of in kinds
    ]

    with app.test_request_context():
        for page in LIVE_PAGES:
            sections = page.picture(str(keys[page.name]), clock.now()).sections
            assert leaked(" ".join(sections.values()), people) == set(), page.name
        addresses = [feed_address(feed).partition("8000")[2] for feed in feeds]
    for address in addresses:
        response = app.test_client().get(address)
        assert response.status_code == 200
        assert leaked(response.data, people) == set()


def test_no_mail_gives_a_narrow_value_away(app, make, sign_in, settings, monkeypatch):
    visit = Visit(make, sign_in, "lead", is_guarded=False)
    people = plant(app)
    with running_mail_server() as server:
        monkeypatch.setitem(app.extensions, "settings", replace(settings, mail_server=mail_server(server.url)))
        for rule, method in rules(app):
            if method == "POST" and rule.endpoint != "accounts.sign_out":
                visit.send(rule, method)
        with app.app_context():
            while worker.send_next():
                pass
        mails = server.read()

    assert mails
    for mail in mails:
        assert leaked(mail.as_bytes(), people) == set()
        for part in mail.walk():
            assert leaked(part.get_payload(decode=True) or b"", people) == set()


@pytest.mark.parametrize("name", ["outsider", "lead", "owner", "secretary", "coordinator", "administrator"])
def test_a_card_is_read_with_what_its_reader_may_know_and_no_more(app, make, sign_in, name):
    community = Visit(make, sign_in, name, is_guarded=False).community
    plant(app)
    owner = community.values["person_id"]
    with app.app_context():
        reader = identity_of(community.accounts[name])
        known = set(read(owner, reader).values)

    assert known == (set(FIELDS) if name == "owner" or reader.is_staff else set())


def identity_of(account):
    return SimpleNamespace(person_id=account.person_id, is_staff=account.role in STAFF)
