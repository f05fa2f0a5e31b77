"""The table of permissions is what the product does: every address, as everybody, opened and sent."""

from collections.abc import Iterator
from operator import itemgetter

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from cpts_net.roles import If, Permission
from cpts_net.storage.connections import db
from cpts_net.storage.orm import Base
from cpts_net.web.access import PUBLIC, STAMP
from scripts.permissions import TABLE, permissions, table
from tests.conftest import sweep
from tests.house.community import EVERYBODY, Community, Somebody
from tests.measuring import unmeasured

pytestmark = pytest.mark.unmeasured

# Counted, or noted as seen, whoever asks.
RISE_BY_THEMSELVES = {"attempt", "login_session", "revision"}
ROWS = {view: row for _room, row in permissions() for view in row.views}


def rules(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every address with each method that it takes."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.endpoint):
        for method in sorted({"GET", "POST"} & rule.methods if rule.endpoint != "static" else ()):
            yield rule, method


def may(row: Permission, who: Somebody, *, is_guarded: bool, is_owned: bool) -> bool:
    """What the row says of this person and this community; ``is_owned`` when the address names a thing of somebody's."""
    if row.is_public or who.role is None:
        return row.is_public
    holds = {
        If.ALWAYS: True,
        If.OWN_AGENDA: False,  # The address that is tried is another feed’s.
        If.ACQUAINTED: who.is_in_group,
        If.OWN: who.is_owner or not is_owned,
        If.TRADE: who.is_professional,
        If.NOT_PRIVATE: who.is_in_group or not is_guarded,
        If.IN_GROUP: who.is_in_group,
        If.LEADS: who.is_lead,
        If.MADE_OR_LEADS: who.is_lead,
        If.OWN_OR_LEADS: who.is_owner or who.is_lead,
        If.ASKED: who.is_in_group,
        If.BELOW: not is_guarded,
    }
    condition = row.by.get(who.role)
    return condition is not None and holds[condition]


class Visit:
    """A community, and one person's browser in it."""

    def __init__(self, make, sign_in, name: str, *, is_guarded: bool) -> None:
        self.community = Community(make, is_guarded=is_guarded)
        account = self.community.accounts.get(name)
        self.browser = sign_in(account) if account else make.app.test_client()

    def send(self, rule: Rule, method: str) -> TestResponse:
        values = {**self.community.values, "token": self.community.tokens.get(rule.endpoint, "")}
        _domain, path = rule.build({name: values[name] for name in rule.arguments})
        data = self.community.forms.get(rule.endpoint, {}) if method == "POST" else None
        return self.browser.open(path, method=method, data=data)


def is_refused(response: TestResponse, who: Somebody) -> bool:
    # Signing in and out lead there too.
    is_on_the_way = response.request.path == "/connexion" or (who.role and response.request.path == "/deconnexion")
    to_sign_in = (response.location or "").startswith("/connexion") and not is_on_the_way
    return response.status_code in {401, 403, 404} or to_sign_in


@unmeasured
def everything(app: Flask) -> dict[str, list[tuple[object, ...]]]:
    with app.app_context():
        tables = [each for each in Base.metadata.sorted_tables if each.name not in RISE_BY_THEMSELVES]
        return {each.name: sorted(map(tuple, db.session.execute(select(each))), key=repr) for each in tables}


def test_every_address_stands_in_one_row(app):
    views = {rule.endpoint for rule, _method in rules(app)}
    named = [view for _room, row in permissions() for view in row.views]

    assert sorted(named) == sorted(views)


def test_views_are_stamped_as_the_table_says(app):
    stamps = {view: getattr(app.view_functions[view], STAMP) for view in ROWS}

    assert stamps == {view: PUBLIC if row.is_public else frozenset(row.by) for view, row in ROWS.items()}


def test_the_document_is_the_table():
    assert TABLE.read_text(encoding="utf-8") == table(), "make permissions"


@pytest.mark.parametrize("is_guarded", [False, True], ids=["open", "guarded"])
@pytest.mark.parametrize("name", EVERYBODY)
def test_everybody_opens_and_sends_what_the_table_says_and_nothing_else(app, make, sign_in, name, is_guarded):
    who = EVERYBODY[name]
    visit = Visit(make, sign_in, name, is_guarded=is_guarded)
    before = everything(app)
    requests = [(rule, method, _may(rule, who, is_guarded=is_guarded)) for rule, method in rules(app)]

    for rule, method in [(rule, method) for rule, method, is_granted in requests if not is_granted]:
        response = visit.send(rule, method)
        assert is_refused(response, who), f"{name} {method} {response.request.path}: {response.status_code}"
    assert {table: rows for table, rows in everything(app).items() if rows != before[table]} == {}

    for rule, method in sorted(
        ((rule, method) for rule, method, is_granted in requests if is_granted), key=itemgetter(1)
    ):
        response = visit.send(rule, method)
        if is_refused(response, who):  # Perhaps since an earlier request ended what this one touches.
            with app.app_context():
                sweep()
            visit = Visit(make, sign_in, name, is_guarded=is_guarded)
            response = visit.send(rule, method)
        assert not is_refused(response, who), f"{name} {method} {response.request.path}: {response.status_code}"
        assert response.status_code < 500, response.request.path


def _may(rule: Rule, who: Somebody, *, is_guarded: bool) -> bool:
    return may(ROWS[rule.endpoint], who, is_guarded=is_guarded, is_owned=bool(rule.arguments))
