"""Nobody is led to a page that does not exist for them: every link and form of every page, as everybody."""

from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

from cpts_net import clock
from cpts_net.groups.models import Membership, Post
from cpts_net.meetings.models import Invitation, MeetingGroup, PollAnswer
from tests.factories import Factory
from tests.house.community import EVERYBODY, Community, Somebody
from tests.house.test_permissions import ROWS

pytestmark = [pytest.mark.unmeasured, pytest.mark.alike]

HERE = "http://localhost"
# A link that ends the visit, and those that leave this application.
NOT_FOLLOWED = ("/deconnexion", "/static/")
# What stands on a card depends on whose it is.
CARDS = "/annuaire/"


class Ways(HTMLParser):
    """Where the links of a page lead, and what its forms are sent to."""

    def __init__(self, page: str, html: str) -> None:
        super().__init__()
        self.page = page
        self.links: set[str] = set()
        self.actions: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and given.get("href"):
            self._keep(self.links, given["href"] or "")
        is_sent = (given.get("method") or "get").lower() == "post"
        if tag == "form":
            self._keep(self.actions if is_sent else self.links, given.get("action") or "")
        if tag in {"button", "input"} and given.get("formaction"):
            self._keep(self.actions, given["formaction"] or "")

    def _keep(self, ways: set[str], target: str) -> None:
        whole = urldefrag(urljoin(HERE + self.page, target)).url
        if whole.startswith(HERE + "/") and not urlsplit(whole).path.startswith(NOT_FOLLOWED):
            ways.add(whole.removeprefix(HERE))


def crossed(make: Factory) -> Community:
    """The community, and in it people whom its pages name although a guest of the group does not know them."""
    community = Community(make, is_guarded=False)
    values = community.values
    group = {"group_id": values["group_id"]}
    gone, voter, invited = make.person("Anne", "Partie"), make.person("Marc", "Votant"), make.person("Ida", "Conviée")
    hidden = make.person("Paule", "Discrète", is_hidden=True)
    stay = {"joined_at": clock.now(), "left_at": clock.now()}
    make.save(Membership(person_id=gone.id, **group, **stay))
    for author in (gone, hidden):
        make.save(Post(author_id=author.id, body="Au revoir", created_at=clock.now(), **group))
    option = community.forms["meetings.fix_date"]["date"]
    for answering in (gone, voter, hidden):
        make.save(PollAnswer(option_id=option, person_id=answering.id, answer="yes", answered_at=clock.now()))
    for asked in (gone, invited, hidden, community.people["guest"]):
        make.save(Invitation(meeting_id=values["meeting_id"], person_id=asked.id))
    for name, is_private in (("Plaies", False), ("Cercle", True)):
        other = make.group(name, leads=[community.members["lead"]], members=[invited], is_private=is_private)
        make.save(MeetingGroup(meeting_id=values["meeting_id"], group_id=other.id))
    return community


def addresses(app: Flask, community: Community) -> Iterator[str]:
    """Every address that is opened without a token."""
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and rule.endpoint != "static" and "token" not in rule.arguments:
            yield rule.build({name: community.values[name] for name in rule.arguments})[1]


def is_for(app: Flask, who: Somebody, action: str) -> bool:
    """Whether the form goes to something that takes it, and that the role may do under some condition."""
    try:
        endpoint, _values = app.url_map.bind("localhost").match(urlsplit(action).path, method="POST")
    except HTTPException:
        return False
    row = ROWS[endpoint]
    return row.is_public or who.role in row.by


class Walker:
    """One person's browser, which remembers what each address answered."""

    def __init__(self, browser: FlaskClient) -> None:
        self.browser = browser
        self.answers: dict[str, int] = {}
        self.pages: dict[str, str] = {}

    def open(self, address: str) -> int:
        if address not in self.answers:
            response = self.browser.get(address)
            self.answers[address] = response.status_code
            if response.status_code == 200 and response.mimetype == "text/html":
                self.pages[address] = response.text
        return self.answers[address]


def dead_ends(app: Flask, who: Somebody, walker: Walker, starts: list[str]) -> set[str]:
    """Of the pages, and of the cards that they lead to, what leads nowhere."""
    for start in starts:
        walker.open(start)
    found = set()
    walked = dict(walker.pages)
    while walked:
        page, html = walked.popitem()
        ways = Ways(page, html)
        for link in ways.links:
            is_new = link not in walker.answers
            if walker.open(link) in {403, 404, 405}:
                found.add(f"{page} → {link}")
            if is_new and link.startswith(CARDS) and link in walker.pages:
                walked[link] = walker.pages[link]
        found |= {f"{page} ⇒ {action}" for action in ways.actions if not is_for(app, who, action)}
    return found


@pytest.fixture
def community(make: Factory) -> Community:
    return crossed(make)


def test_no_link_and_no_form_leads_anybody_to_a_refusal(app, community, sign_in, monkeypatch):
    monkeypatch.setattr(app, "test_client_class", FlaskClient)  # The same pages are checked with the permissions.
    starts = sorted(addresses(app, community))
    found = {}
    for name, who in EVERYBODY.items():
        account = community.accounts.get(name)
        walker = Walker(sign_in(account) if account else app.test_client())
        found[name] = sorted(dead_ends(app, who, walker, starts))

    assert {name: ends for name, ends in found.items() if ends} == {}
