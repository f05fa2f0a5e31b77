from datetime import UTC, date, datetime

import pytest
from flask import render_template_string
from flask_babel import force_locale
from markupsafe import Markup

from cpts_net import clock, i18n, texts


@pytest.fixture(autouse=True)
def in_request(app):
    with app.test_request_context():
        yield


def said(source, **values):
    return render_template_string(source, **values)


def test_what_stands_in_a_text_is_escaped():
    assert said("{{ _('vous tenez %(line)s', line=line) }}", line="<b>") == "vous tenez &lt;b&gt;"


def test_html_of_ours_in_a_text_stays_html():
    assert said("{{ _('vous tenez %(line)s', line=line) }}", line=Markup("<b>&amp;</b>")) == "vous tenez <b>&amp;</b>"


def test_a_mail_without_html_says_things_as_they_are(app):
    plain = app.jinja_env.overlay(autoescape=False).from_string("{{ _('vous tenez %(line)s', line='<b>') }}")

    assert plain.render() == "vous tenez <b>"


@pytest.mark.parametrize(("number", "counted"), [(0, "0 place libre"), (1, "1 place libre"), (2, "2 places libres")])
def test_counted_texts_follow_their_number(number, counted):
    assert said("{{ ngettext('%(num)s place libre', '%(num)s places libres', n) }}", n=number) == counted


def test_a_text_is_kept_for_its_language_alone(monkeypatch):
    class English:
        ugettext = staticmethod({"Prendre": "Take"}.get)

    texts._translated.cache_clear()
    assert said("{{ _('Prendre') }}") == "Prendre"

    monkeypatch.setattr(texts, "get_translations", English)
    with force_locale("en"):
        assert said("{{ _('Prendre') }}") == "Take"
    assert said("{{ _('Prendre') }}") == "Prendre"
    texts._translated.cache_clear()


def test_a_date_is_kept_for_its_language_alone():
    first = date(2026, 9, 1)

    assert i18n.day(first) == "mardi 1er septembre"
    with force_locale("en"):
        assert i18n.day(first) == "Tuesday 1 September"
    assert i18n.day(first) == "mardi 1er septembre"


def test_a_moment_is_named_anew_when_the_day_changes(monkeypatch):
    moment = datetime(2026, 8, 14, 6, tzinfo=UTC)

    assert i18n.moment(moment).startswith("vendredi 14 août")
    monkeypatch.setattr(clock, "today", lambda: date(2026, 8, 14))
    assert i18n.moment(moment).startswith("aujourd’hui")
