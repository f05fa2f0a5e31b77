"""Wherever a person is chosen, nobody is listed before something is typed."""

import re
from html.parser import HTMLParser

import pytest

from tests.house.community import Community

pytestmark = [pytest.mark.unmeasured, pytest.mark.alike]

CROWD = 40
MOST_IN_A_LIST = 15


class _Choices(HTMLParser):
    """The texts of options by their select, and the labels of boxes by the name that they send."""

    def __init__(self) -> None:
        super().__init__()
        self.lists: dict[str, list[str]] = {}
        self.boxes: dict[str, str] = {}
        self.current = ""
        self.is_choice = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "select":
            self.current = given.get("name", "")
        if tag == "input" and given.get("type") in {"radio", "checkbox"}:
            self.boxes[given.get("id", "")] = given.get("name", "")
        if tag == "label" and given.get("for") in self.boxes:
            self.current = self.boxes[given["for"]]
        self.is_choice = tag == "option" or (tag == "label" and given.get("for") in self.boxes)

    def handle_data(self, data: str) -> None:
        if self.is_choice:
            self.lists.setdefault(self.current, []).append(data.strip())

    def handle_endtag(self, tag: str) -> None:
        if tag in {"option", "label"}:
            self.is_choice = False


@pytest.mark.parametrize("name", ["secretary", "coordinator", "administrator", "lead", "owner"])
def test_no_page_of_a_large_community_lists_people_to_choose_from(app, make, sign_in, name):
    community = Community(make, is_guarded=False)
    for number in range(CROWD):
        make.person(f"Camille{number}", "Nombreuse")
    browser = sign_in(community.accounts[name])
    opened = []

    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint == "static":
            continue
        values = {**community.values, "token": community.tokens.get(rule.endpoint, "")}
        _domain, path = rule.build({argument: values[argument] for argument in rule.arguments})
        page = browser.get(path)
        if page.status_code == 200 and page.mimetype == "text/html":
            choices = _Choices()
            choices.feed(page.text)
            opened.append(rule.endpoint)
            for field, labels in choices.lists.items():
                people = [label for label in labels if re.search(r"Camille\d+ Nombreuse", label)]
                assert len(people) <= MOST_IN_A_LIST, f"{path}: {field} lists {len(people)} people"

    assert "groups.people" in opened
    assert len(opened) > 15
