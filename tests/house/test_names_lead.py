"""Every name leads to the person: no page that names somebody is an end."""

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

import html5lib
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from cpts_net.directory.models import Person
from cpts_net.storage.connections import db
from tests.factories import Factory
from tests.house.community import Community
from tests.house.test_ways import Walker, addresses, crossed

pytestmark = [pytest.mark.unmeasured, pytest.mark.alike]

# What is typed or pressed, says of what the page is, or is read in another way: no place for a link.
NO_PLACE = {"label", "legend", "option", "button", "textarea", "h1", "title", "summary", "nav", "a"}
# The trail names people as they were called, some of whom are no more.
NOT_WALKED = "/administration/journal"
LEFT = "Partie"  # Who left a group: its guests, who read the same page, cannot open their card.


def loose_texts(element: Element) -> Iterator[str]:
    """The texts of an element that stand in no link, where one could stand."""
    is_apart = str(element.tag) in NO_PLACE or "visually-hidden" in element.get("class", "")
    if is_apart or element.get("aria-hidden") == "true":
        return
    if element.text:
        yield element.text
    for each in element:
        yield from loose_texts(each)
        if each.tail:
            yield each.tail


def unled(html: str, people: Mapping[str, int]) -> set[str]:
    """Whoever is named in the main part of a page without a way to them: at their name, or beside the sentence that holds it."""
    main = html5lib.parse(html, namespaceHTMLElements=False).find(".//main")
    if main is None:
        return set()
    led = {link.get("href") for link in main.iterfind(".//a")}
    texts = {" ".join(text.split()) for text in loose_texts(main)}
    return {
        text
        for text in texts
        for name, number in people.items()
        if name in text and (text.strip(" ·,:→") == name or f"/annuaire/{number}" not in led)
    }


@pytest.fixture
def community(make: Factory) -> Community:
    return crossed(make)


@pytest.mark.parametrize("reader", ["administrator", "lead", "owner"])
def test_every_name_leads_to_the_person(app, community, sign_in, monkeypatch, reader):
    monkeypatch.setattr(app, "test_client_class", FlaskClient)
    walker = Walker(sign_in(community.accounts[reader]))
    for address in addresses(app, community):
        walker.open(address)
    with app.app_context():
        known = db.session.scalars(select(Person).where(Person.is_hidden.is_(False)))
        people = {person.display_name: person.id for person in known if person.family_name != LEFT}

    pages = {path: html for path, html in walker.pages.items() if not path.startswith(NOT_WALKED)}
    found = {f"{path} → {each}" for path, html in pages.items() for each in unled(html, people)}

    assert "\n".join(sorted(found)) == ""
