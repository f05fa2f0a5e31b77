"""Whatever two pictures: what is told between them brings a page from one to the other."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from cpts_net.pictures import changes
from cpts_net.pictures.changes import changes_between
from cpts_net.pictures.picture import Drawn, Part, Picture
from tests.conftest import NOW

WORDED = (NOW.date(), "fr")


@dataclass
class Element:
    """An element of a page: what it says by itself, and the elements in it; found by ids as in a browser."""

    id: str
    says: str
    children: list[Element] = field(default_factory=list)

    def every(self):
        yield self
        for child in self.children:
            yield from child.every()


@dataclass
class Page:
    """What ``static/live/parts.js`` does to a page."""

    root: Element

    def known(self, part_id):
        return next((each for each in self.root.every() if each.id == part_id), None)

    def parent_of(self, element):
        return next(each for each in self.root.every() if any(child is element for child in each.children))

    def remove(self, element):
        siblings = self.parent_of(element).children
        siblings[:] = [each for each in siblings if each is not element]

    def merge(self, told):
        for part_id in told["gone"]:
            self.remove(self.known(part_id))
        for put in told["put"]:
            self.put(read(put["html"]), put)

    def put(self, fresh, put):
        old = self.known(put["id"])
        if "inside" not in put:
            siblings = self.parent_of(old).children
            siblings[:] = [fresh if each is old else each for each in siblings]
            return
        if old:
            self.remove(old)
        parent = self.known(put["inside"])
        before = self.known(put["before"]) if put["before"] else None
        place = len(parent.children) if before is None else parent.children.index(before)
        parent.children.insert(place, fresh)


def read(html: str) -> Element:
    """What ``drawn`` below wrote."""
    stack = [Element("", "")]
    for token in html.split("|"):
        if token == ")":
            stack.pop()
        elif token:
            element = Element(*token.split("="))
            stack[-1].children.append(element)
            stack.append(element)
    return stack[0].children[0]


def drawn(part_id: str, says: str, inside: tuple[Drawn, ...]) -> Drawn:
    return Drawn(Part(part_id, "", {}), Markup(f"|{part_id}={says}"), Markup("|)"), inside)


@st.composite
def pictures(draw: st.DrawFn) -> Picture:
    """Two sections of groups of rows, of few ids: in two of them the same come, go, change and change places."""
    groups = draw(st.lists(st.sampled_from("ABC"), unique=True))
    rows = draw(st.lists(st.sampled_from("abcdefgh"), unique=True))
    homes = {row: draw(st.sampled_from(["S", *groups])) for row in rows}
    says = st.sampled_from("012")

    def rows_of(home: str) -> tuple[Drawn, ...]:
        return tuple(drawn(row, draw(says), ()) for row in rows if homes[row] == home)

    first = tuple(drawn(group, draw(says), rows_of(group)) for group in groups)
    return Picture((drawn("G", draw(says), first), drawn("S", draw(says), rows_of("S"))), WORDED)


def page_of(picture: Picture) -> Page:
    return Page(Element("", "", [read(section) for section in picture.sections.values()]))


@given(old=pictures(), new=pictures())
def test_the_changes_between_two_pictures_bring_a_page_from_one_to_the_other(old, new):
    page = page_of(old)

    told = changes.found_between(old, new)
    page.merge(told)

    assert page == page_of(new)


@given(old=pictures(), new=pictures())
def test_nothing_is_told_of_a_part_that_stays_as_it_was(old, new):
    told = changes.found_between(old, new)
    same = {each.id: each for each in new.by_id().values() if old.by_id().get(each.id) == each}
    put = {each["id"] for each in told["put"] if "inside" not in each}

    assert not put & same.keys()


def rows(*said: str) -> Picture:
    return Picture((drawn("s", "", tuple(drawn(*each.split("="), ()) for each in said)),), WORDED)


def test_one_row_more_is_all_that_is_told():
    before, after = rows("a=1", "c=1", "d=1"), rows("a=1", "b=1", "c=1", "d=1")

    assert changes_between(before, after) == {
        "gone": [],
        "put": [{"id": "b", "html": "|b=1|)", "inside": "s", "before": "c"}],
    }
    assert changes_between(after, before) == {"gone": ["b"], "put": []}


def test_a_row_that_moves_is_moved_alone():
    told = changes_between(rows("a=1", "b=1", "c=1", "d=1"), rows("d=1", "a=1", "b=1", "c=1"))

    assert told == {"gone": [], "put": [{"id": "d", "html": "|d=1|)", "inside": "s", "before": "a"}]}


def test_what_is_larger_than_half_of_the_page_is_sent_whole():
    assert changes_between(rows("a=1", "b=1", "c=1"), rows("a=2", "b=2", "c=2")) is None
    assert changes_between(rows("a=1", "b=1", "c=1"), rows("a=2", "b=1", "c=1")) is not None


def test_a_page_of_other_sections_is_sent_whole():
    other = Picture((*rows("a=1").parts, drawn("t", "", ())), WORDED)

    assert changes_between(rows("a=1"), other) is None
    assert changes_between(other, rows("a=1")) is None
