"""A part is drawn when its values, the day or the language are others, and else kept."""

from dataclasses import dataclass

import pytest
from flask_babel import force_locale
from jinja2 import DictLoader

from cpts_net.pictures.picture import Part, draw
from tests.conftest import NOW
from tests.pictures.trees import TEMPLATES, item, shelf


@dataclass(frozen=True)
class Said:
    """What a template shows, compared by value."""

    text: str


@pytest.fixture
def drawn(app, monkeypatch):
    """Draws parts; ``drawn.templates`` are those that were asked for since."""
    monkeypatch.setattr(app.jinja_env, "loader", DictLoader(TEMPLATES))
    monkeypatch.setattr(app.jinja_env, "cache", {})
    asked = []
    get = app.jinja_env.get_template
    monkeypatch.setattr(app.jinja_env, "get_template", lambda name: asked.append(name) or get(name))

    def drawing(parts, language="fr", **options):
        asked.clear()
        with app.test_request_context(), force_locale(language):
            return draw(parts, **options)

    drawing.templates = asked
    return drawing


def test_what_has_the_same_values_keeps_its_html_and_is_not_drawn(drawn):
    before = drawn([shelf("a", [item("b", Said("un")), item("c", Said("deux"))])])

    after = drawn([shelf("a", [item("b", Said("un")), item("c", Said("trois"))])], old=before)

    assert drawn.templates == ["item.html"]
    assert after.by_id()["b"] is before.by_id()["b"]
    assert after.sections == drawn([shelf("a", [item("b", Said("un")), item("c", Said("trois"))])]).sections


def test_nothing_at_all_is_drawn_when_nothing_changed_or_all_stand_in_another_order(drawn):
    before = drawn([shelf("a", [item("b", Said("un")), item("c", Said("deux"))])])

    same = drawn([shelf("a", [item("b", Said("un")), item("c", Said("deux"))])], old=before)
    assert (drawn.templates, same.parts[0] is before.parts[0]) == ([], True)
    turned = drawn([shelf("a", [item("c", Said("deux")), item("b", Said("un"))])], old=before)

    assert drawn.templates == []
    assert turned.sections["a"] != before.sections["a"]
    assert turned.version != before.version


def test_another_template_or_value_under_the_same_id_is_drawn(drawn):
    before = drawn([item("a", Said("un"))])

    for other in (Part("a", "other.html", {"said": Said("un")}), item("a", Said("deux"))):
        assert drawn([other], old=before).sections == drawn([other]).sections != before.sections


def test_another_day_or_language_draws_everything_anew(drawn, frozen):
    parts = [item("a", Said("un"))]
    before = drawn(parts)

    drawn(parts, "en", old=before)
    assert drawn.templates == ["item.html"]
    frozen.move_to(NOW.replace(hour=22))  # Midnight in Paris.
    drawn(parts, old=before)
    assert drawn.templates == ["item.html"]


def test_the_version_says_what_is_shown_and_nothing_else(drawn):
    with_one = drawn([item("a", Said("un"))], valid_until=NOW)

    assert with_one.version == drawn([item("a", Said("un"))]).version
    assert with_one.version != drawn([item("a", Said("deux"))]).version


def test_what_people_wrote_is_escaped(drawn):
    html = drawn([shelf("a", [item("b", Said("<!-- parts --><b>"))])]).sections["a"]

    assert "&lt;!-- parts --&gt;&lt;b&gt;" in html
