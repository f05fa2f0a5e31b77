"""Whatever is sent to a form is answered: never by an error of ours."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from types import SimpleNamespace

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.exceptions import HTTPException

from cpts_net import clock
from cpts_net.accounts.identity import start_session
from cpts_net.directory.models import StructureClosing
from cpts_net.push_keys import FILE, make_push_key
from cpts_net.storage.transaction import transaction
from tests.house.page import HouseClient
from tests.journeys.forms import RECIPES, build_world

pytestmark = pytest.mark.unmeasured

ERROR_OF_OURS = 500
# What takes a deed back stands nowhere before it, and asks nothing.
POSTED = [recipe for recipe in RECIPES if recipe.method == "post" and not recipe.after]
SOUGHT = [recipe for recipe in RECIPES if recipe.method == "get"]
OPEN_QUESTIONS = [
    recipe for recipe in POSTED if recipe.endpoint.endswith(("create", "declare", "plan", "propose", "edit"))
]
HOSTILE = [
    ["x" * 60_000],
    ["9" * 400],
    ["9" * 5000],
    ["-1"],
    ["1e5"],
    ["a\x00b\u200b\u202e\ufffe"],
    ["%_\\'\"<b>"],
    ["²"],
    ["2027-02-29T99:99"],
    ["a,b,", "c"] * 300,
    [" "],
]
NAMES = [
    *("person", "person_id", "relay", "answer", "date", "anime", "next", "about", "minutes", "role", "is_private"),
    *("dates-0-day", "dates-²-day", "dates-99999999999999999999-at", "patterns-0-weekdays", "patterns-7-opens_at"),
    *("garde-1", "pour-1", "garde-²", "garde-" + "9" * 5000, "leads", "body", "from_noon"),
]


class QuickClient(HouseClient):
    """Sends the token as every test does, and leaves the page unread."""

    def open(self, *args, **kwargs):
        if kwargs.get("method") == "POST":
            kwargs["headers"] = {"X-CSRFToken": self._token()}
        return FlaskClient.open(self, *args, **kwargs)


@pytest.fixture
def world(app, make):
    def somewhere_else(account):
        with app.app_context(), transaction():
            return start_session(account.id, user_agent="tests", address="127.0.0.1", now=clock.now())

    world = build_world(SimpleNamespace(app=app, now=clock.now, cookie_of=somewhere_else))
    # What a journey closes before it opens it again.
    soon = clock.now().date() + timedelta(days=7)
    make.save(StructureClosing(structure_id=world.house, first_day=soon, last_day=soon))
    return world


@pytest.fixture
def sender(app, sign_in, world, monkeypatch, tmp_path):
    """The browser of whoever sends a recipe, and the address to which its form leads."""
    monkeypatch.setattr(app, "test_client_class", QuickClient)
    ringing = replace(app.extensions["settings"], push_key=make_push_key(tmp_path / FILE))
    monkeypatch.setitem(app.extensions, "settings", ringing)
    adapter = app.url_map.bind("localhost")

    def find(recipe):
        browser = sign_in(world.accounts[recipe.who]) if recipe.who else app.test_client()
        if recipe.endpoint.startswith("push."):
            world.let_ring(world.accounts[recipe.who])
        page = browser.get(recipe.page.format(**vars(world))).text
        for action in re.findall(r'<form[^>]*action="([^"]*)"', page):
            address = unescape(action)
            try:
                if adapter.match(re.sub(r"[?#].*", "", address), method=recipe.method.upper())[0] == recipe.endpoint:
                    return browser, address
            except HTTPException:
                continue
        raise AssertionError(f"no form to {recipe.endpoint} in {page}")

    return find


def sound(recipe, world):
    return {
        name.format(**vars(world)): value.format(**vars(world)) if isinstance(value, str) else ""
        for name, value in recipe.values.items()
    }


def test_no_form_breaks_whatever_is_typed(sender, world):
    broken = []
    for recipe in POSTED:
        browser, address = sender(recipe)
        good = sound(recipe, world)
        everything = [dict.fromkeys([*good, *NAMES], values) for values in HOSTILE]
        one_at_a_time = [{**good, name: values} for name in good for values in HOSTILE[:3]]
        broken += [
            (recipe.endpoint, {name: str(value)[:30] for name, value in sent.items()})
            for sent in (*everything, *one_at_a_time)
            if browser.post(address, data=sent).status_code >= ERROR_OF_OURS
        ]
    assert not broken


def test_no_search_breaks_whatever_is_sought(sender, world):
    broken = []
    for recipe in SOUGHT:
        browser, address = sender(recipe)
        names = [*sound(recipe, world), "metier", "profession", "commune", "page", "membre"]
        broken += [
            (recipe.endpoint, str(values)[:40])
            for values in HOSTILE
            if browser.get(address, query_string=dict.fromkeys(names, values)).status_code >= ERROR_OF_OURS
        ]
    assert not broken


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_form_breaks_by_chance(data, sender, world):
    recipe = data.draw(st.sampled_from(OPEN_QUESTIONS))
    browser, address = sender(recipe)
    good = sound(recipe, world)
    names = st.sampled_from([*good, *NAMES])
    sent = data.draw(st.dictionaries(names, st.text(st.characters(exclude_categories=["Cs"]), max_size=30), max_size=6))

    assert browser.post(address, data={**good, **sent}).status_code < ERROR_OF_OURS
