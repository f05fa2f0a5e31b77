"""What cannot be undone, or tells others, is pressed twice: the first press says what the second one does."""

from html.parser import HTMLParser

import pytest

from tests.house.community import Community

PAGES = {
    "/groupes/{group_id}": {"/quitter", "/supprimer"},
    "/groupes/{group_id}/membres": {"/retirer"},
    "/reunions/{meeting_id}": {"/annuler"},
    "/reunions/sondages/{poll_id}": {"/abandonner"},
    "/administration/comptes/{account_id}/": {"/suspension"},
    "/absences/{absence_id}/modifier": {"/annuler"},
}


class Forms(HTMLParser):
    """The actions of a page's forms, and those that only a second press reaches."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.twice: set[str] = set()
        self.once: set[str] = set()

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "details":
            self.open.append(given.get("class") or "")
        if tag == "form" and given.get("method") == "post":
            (self.twice if any("press-twice" in each.split() for each in self.open) else self.once).add(given["action"])

    def handle_endtag(self, tag):
        if tag == "details":
            self.open.pop()


@pytest.mark.parametrize("page", PAGES)
def test_what_has_no_undo_is_pressed_twice(make, sign_in, page):
    community = Community(make, is_guarded=False)
    who = "administrator" if page.startswith(("/administration", "/absences")) else "lead"
    forms = Forms()

    forms.feed(sign_in(community.accounts[who]).get(page.format(**community.values)).text)

    for end in PAGES[page]:
        assert any(action.endswith(end) for action in forms.twice), f"{end} is not there"
        assert not any(action.endswith(end) for action in forms.once), f"{end} is pressed once"
