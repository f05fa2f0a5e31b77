"""Rows that come, go, change and change places on an open page: what it shows is what it would show if loaded anew."""

import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markupsafe import Markup
from playwright.sync_api import Browser, Page

from cpts_net.pictures.changes import found_between
from cpts_net.pictures.news import news
from cpts_net.pictures.picture import Drawn, Part, Picture
from tests.conftest import NOW
from tests.journeys.product import ROOT

SCRIPT = (ROOT / "static" / "live" / "parts.js").read_text()
TAKE = "([told]) => window.parts.take(told, (parts) => { window.fresh = parts.map((part) => part.id); })"
SHOWN = "() => document.body.innerHTML"
# A page that is told one thing after the other: whether it took each, and what it showed then. A browser that is asked
# for each of these takes several times longer.
TOLD = """([html, told]) => {
  document.body.innerHTML = html;
  return told.map((each) => [window.parts.take(each, () => {}), document.body.innerHTML]);
}"""
WORDED = (NOW.date(), "fr")
IN_REAL_BROWSERS = settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def row(name: str, says: str) -> Drawn:
    html = f'<li id="{name}"><a href="/{name}">{says}</a> <a href="tel:{name}">appeler</a></li>'
    return Drawn(Part(name, "", {}), Markup(html), Markup(""), ())


def group(name: str, title: str, rows: tuple[Drawn, ...]) -> Drawn:
    head = f'<section id="{name}"><h3>{title}</h3>'
    items = Drawn(Part(f"{name}-list", "", {}), Markup(f'<ul id="{name}-list">'), Markup("</ul>"), rows)
    return Drawn(Part(name, "", {}), Markup(head), Markup("</section>"), (items,))


@st.composite
def pictures(draw: st.DrawFn) -> Picture:
    """A few groups of rows under one section, a table under another; ids are few, so that they come back."""
    names = draw(st.lists(st.sampled_from("ABCD"), unique=True))
    rows = draw(st.lists(st.sampled_from("abcdefgh"), unique=True))
    homes = {each: draw(st.sampled_from(names)) for each in rows} if names else {}
    says = st.sampled_from(["un", "deux"])

    def rows_of(home: str) -> tuple[Drawn, ...]:
        return tuple(row(each, draw(says)) for each in rows if homes.get(each) == home)

    groups = tuple(group(name, draw(says), rows_of(name)) for name in names)
    cells = tuple(
        Drawn(Part(each, "", {}), Markup(f'<tr id="{each}"><td>{draw(says)}</td></tr>'), Markup(""), ())
        for each in draw(st.lists(st.sampled_from("wxyz"), unique=True))
    )
    first = Drawn(Part("groups", "", {}), Markup('<div id="groups"><p>Titre</p>'), Markup("</div>"), groups)
    body = Drawn(Part("body", "", {}), Markup('<tbody id="body">'), Markup("</tbody>"), cells)
    table = Drawn(Part("table", "", {}), Markup('<table id="table">'), Markup("</table>"), (body,))
    return Picture((first, table), WORDED)


def html_of(picture: Picture) -> str:
    return "".join(picture.sections.values())


@pytest.fixture
def blank(browser: Browser):
    """A page that has the script of parts and nothing else."""
    page = browser.new_page()
    page.add_script_tag(content=SCRIPT)
    yield page
    page.close()


def show(page: Page, picture: Picture) -> None:
    page.evaluate("(html) => { document.body.innerHTML = html; }", html_of(picture))


def shown(page: Page) -> str:
    """The page's HTML, without the marks of rows that are new."""
    return re.sub(' class="changed"', "", page.evaluate(SHOWN))


def after(page: Page, old: Picture, *told: object) -> list[tuple[bool, str]]:
    """What comes of a page that shows the old picture, with each that it is told."""
    found = page.evaluate(TOLD, [html_of(old), told])
    return [(is_taken, re.sub(' class="changed"', "", html)) for is_taken, html in found]


def take(page: Page, told: object) -> bool:
    taken: bool = page.evaluate(TAKE, [told])
    return taken


@IN_REAL_BROWSERS
@given(history=st.lists(pictures(), min_size=2, max_size=5))
def test_whatever_is_told_the_page_shows_what_it_would_if_loaded_anew(blank, history):
    told = [{"changes": found_between(old, new)} for old, new in pairwise(history)]

    assert after(blank, history[0], *told) == [(True, html_of(new)) for new in history[1:]]


@IN_REAL_BROWSERS
@given(old=pictures(), new=pictures())
def test_the_whole_picture_leads_to_the_same(blank, old, new):
    assert after(blank, old, news("continuity", new)) == [(True, html_of(new))]


@pytest.mark.parametrize(
    "changes",
    [
        {"gone": ["x"], "put": []},
        {"gone": [], "put": [{"id": "x", "html": "<li>"}]},
        {"gone": [], "put": [{"id": "d", "html": "<li>", "inside": "x", "before": ""}]},
        {"gone": [], "put": [{"id": "d", "html": "<li>", "inside": "list", "before": "x"}]},
        {"gone": ["a"], "put": [{"id": "d", "html": "<li>", "inside": "list", "before": "list"}]},
    ],
)
def test_what_has_no_place_is_refused_and_nothing_is_touched(blank, changes):
    show(blank, of_rows("a=un", "b=un"))
    before = shown(blank)

    assert not take(blank, {"changes": changes})
    assert shown(blank) == before


@IN_REAL_BROWSERS
@given(old=pictures(), new=pictures(), data=st.data())
def test_the_keyboard_stays_on_a_link_whose_row_stays(blank, old, new, data):
    links = re.findall('<a href="([^"]*)"', html_of(old))
    if not links:
        return
    link = data.draw(st.sampled_from(links))
    show(blank, old)
    blank.focus(f'[href="{link}"]')

    take(blank, {"changes": found_between(old, new)})

    if f'<a href="{link}"' in html_of(new):
        assert blank.evaluate("document.activeElement.getAttribute('href')") == link


def of_rows(*said: str) -> Picture:
    rows = tuple(row(*each.split("=")) for each in said)
    return Picture((Drawn(Part("list", "", {}), Markup('<ul id="list">'), Markup("</ul>"), rows),), WORDED)


@pytest.fixture
def moved(blank) -> Callable[..., None]:
    """Take a blank page from one list of rows to another."""

    def move(old: Picture, new: Picture) -> None:
        assert take(blank, {"changes": found_between(old, new)})

    return move


def test_rows_that_are_new_or_say_something_else_are_marked_and_no_others(blank, moved):
    old, new = of_rows("a=un", "b=un", "c=un"), of_rows("c=un", "a=un", "b=deux", "d=un")
    show(blank, old)

    moved(old, new)

    assert blank.evaluate("[...document.querySelectorAll('.changed')].map((row) => row.id)") == ["b", "d"]


def test_the_keyboard_goes_to_the_row_beside_one_that_went(blank, moved):
    old, new = of_rows("a=un", "b=un", "c=un"), of_rows("a=un", "c=un")
    show(blank, old)
    blank.focus('[href="tel:b"]')

    moved(old, new)

    assert blank.evaluate("document.activeElement.getAttribute('href')") == "/c"


def test_what_is_chosen_stays_while_it_can_be_chosen(blank):
    def choosing(*words: str) -> Picture:
        options = "".join(f"<option>{each}</option>" for each in ("", *words))
        head = Markup(f'<form id="f"><select id="s">{options}</select><input id="i"></form>')
        return Picture((Drawn(Part("f", "", {}), head, Markup(""), ()),), WORDED)

    show(blank, choosing("Brou", "Bonneval"))
    blank.select_option("#s", "Brou")
    blank.fill("#i", "petit")

    fields = "['s', 'i'].map((id) => document.getElementById(id).value)"
    assert take(blank, news("continuity", choosing("Bonneval", "Brou", "Cloyes")))
    assert blank.evaluate(fields) == ["Brou", "petit"]
    assert blank.evaluate("document.activeElement.id") == "i"
    assert take(blank, news("continuity", choosing("Bonneval")))
    assert blank.evaluate(fields) == ["", "petit"]
    assert blank.evaluate("document.getElementById('s').selectedIndex") == 0


def test_rows_that_come_above_do_not_move_what_is_read(blank, moved):
    rows = [f"r{number}=un" for number in range(200)]
    old, new = of_rows(*rows), of_rows(*(f"n{number}=un" for number in range(20)), *rows)
    show(blank, old)
    blank.evaluate("document.getElementById('r100').scrollIntoView()")
    top = "document.getElementById('r100').getBoundingClientRect().top"
    before = blank.evaluate(top)

    moved(old, new)

    blank.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert abs(blank.evaluate(top) - before) <= 1
