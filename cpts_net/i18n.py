"""Words, dates and numbers as people of the territory say them."""

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from babel import Locale
from flask import Flask
from flask_babel import format_date, gettext
from jinja2.utils import urlize
from markupsafe import Markup, escape

from cpts_net import clock, phones, texts
from cpts_net.extensions import babel
from cpts_net.paths import ROOT
from cpts_net.settings import Settings
from cpts_net.texts import language

FRENCH = Locale("fr")
MOST_DATES = 4096  # Kept in words; a page says the same ones again and again.
_IN_ADDRESSES = re.compile(r"\S[.:@]\S")  # No web address and no mail address is without one.
NARROW_SPACE = "\u202f"


def register(app: Flask, settings: Settings) -> None:
    """Give ``app`` its language, French, and its template filters."""
    app.config.update(
        BABEL_DEFAULT_LOCALE="fr",
        BABEL_DEFAULT_TIMEZONE=settings.timezone,
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "translations"),
    )
    # A language that is there already: to parse its name anew looks for a file, in each request.
    babel.init_app(app, locale_selector=lambda: FRENCH)
    texts.register(app)
    for say in (
        day,
        short_day,
        weekday,
        weekday_name,
        date_in_grid,
        month,
        month_name,
        hour,
        time_of_day,
        duration,
        clock_time,
        moment,
        near_day,
        until,
        stretch,
        phone,
        days,
        lines,
    ):
        app.add_template_filter(say)


def day(value: date) -> str:
    """Say « lundi 3 août »; with the year when it is not this one."""
    return _dated(value, "EEEE d MMMM" if value.year == clock.today().year else "EEEE d MMMM y", language())


def short_day(value: date) -> str:
    """Say « lun. 3 août »."""
    return _dated(value, "EEE d MMM", language())


@lru_cache(maxsize=MOST_DATES)
def _dated(value: date, pattern: str, language: str) -> str:
    """Write a date in the reader's language; the first of a month is « 1er » in French, which CLDR leaves to us."""
    if value.day == 1 and "d" in pattern and language.startswith("fr"):
        pattern = pattern.replace("d", "'1er'", 1)
    return str(format_date(value, pattern))


def weekday(value: date) -> str:
    """Say « lun. »."""
    return _dated(value, "EEE", language())


def weekday_name(value: date) -> str:
    """Say « lundi »."""
    return _dated(value, "EEEE", language())


def date_in_grid(value: date, names_month: bool = False) -> str:
    """Say « 12 » in a grid that begins or has just begun a month elsewhere; « 1er déc. » where it begins one here."""
    return _dated(value, "d MMM" if names_month else "d", language())


def month(value: datetime) -> str:
    """Give the month of an instant, in local time, as addresses have it: « 2026-08 »."""
    return value.astimezone(clock.zone()).strftime("%Y-%m")


def month_name(value: date) -> str:
    """Say « décembre 2026 »."""
    return _dated(value, "MMMM y", language())


def hour(value: datetime) -> str:
    """Say « 8 h », « 12 h 30 », in local time; midnight is « minuit »."""
    return time_of_day(value.astimezone(clock.zone()).time())


def time_of_day(value: time) -> str:
    """Say « 8 h », « 12 h 30 » of a time on the wall; midnight is « minuit »."""
    return _time_of_day(value.hour, value.minute, language())


@lru_cache(maxsize=MOST_DATES)
def _time_of_day(hour: int, minute: int, _language: str) -> str:
    if (hour, minute) == (0, 0):
        return str(gettext("minuit"))
    minutes = f"{NARROW_SPACE}{minute:02}" if minute else ""
    return f"{hour}{NARROW_SPACE}h{minutes}"


def duration(minutes: int) -> str:
    """Say « 30 min », « 2 h », « 1 h 30 »."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}{NARROW_SPACE}min"
    return f"{hours}{NARROW_SPACE}h{NARROW_SPACE}{rest:02}" if rest else f"{hours}{NARROW_SPACE}h"


def clock_time(value: datetime) -> str:
    """Say « 08 h 05 », with both digits, as a clock shows it."""
    local = value.astimezone(clock.zone())
    return f"{local.hour:02}{NARROW_SPACE}h{NARROW_SPACE}{local.minute:02}"


def moment(value: datetime) -> str:
    """Say « aujourd’hui à 20 h », « demain à 8 h », « lundi 3 août à 8 h »."""
    local = value.astimezone(clock.zone())
    return _moment(local.date(), local.hour, local.minute, clock.today(), language())


@lru_cache(maxsize=MOST_DATES)
def _moment(day: date, hour: int, minute: int, _today: date, language: str) -> str:
    return str(gettext("%(day)s à %(hour)s", day=near_day(day), hour=_time_of_day(hour, minute, language)))


def until(value: datetime) -> str:
    """Say « jusqu’à 20 h », « jusqu’à demain 8 h », « jusqu’au lundi 3 août à 8 h »."""
    # Midnight ends the day before: "jusqu’à minuit" is tonight.
    local = (value - timedelta(seconds=1)).astimezone(clock.zone()).date()
    if local == clock.today():
        return str(gettext("jusqu’à %(hour)s", hour=hour(value)))
    if local == clock.today() + timedelta(days=1):
        return str(gettext("jusqu’à demain %(hour)s", hour=hour(value)))
    return str(gettext("jusqu’au %(day)s à %(hour)s", day=day(local), hour=hour(value)))


def stretch(start: datetime, end: datetime) -> str:
    """Say « demain de 8 h à 10 h », « vendredi 27 novembre de 20 h à 8 h »."""
    near = near_day(start.astimezone(clock.zone()).date())
    return str(gettext("%(day)s de %(start)s à %(end)s", day=near, start=hour(start), end=hour(end)))


def days(first: date, last: date) -> str:
    """Say « le lundi 3 août », « du lundi 3 au vendredi 14 août »."""
    return _days(first, last, clock.today().year, language())


@lru_cache(maxsize=MOST_DATES)
def _days(first: date, last: date, _year: int, language: str) -> str:
    if first == last:
        return str(gettext("le %(day)s", day=day(first)))
    is_same_month = (first.year, first.month) == (last.year, last.month)
    start = _dated(first, "EEEE d", language) if is_same_month else day(first)
    return str(gettext("du %(first)s au %(last)s", first=start, last=day(last)))


def near_day(value: date) -> str:
    """Say « hier », « aujourd’hui », « demain », « lundi 3 août »."""
    match (value - clock.today()).days:
        case -1:
            return str(gettext("hier"))
        case 0:
            return str(gettext("aujourd’hui"))
        case 1:
            return str(gettext("demain"))
    return day(value)


@lru_cache(maxsize=20_000)
def phone(number: str) -> str:
    """A number as it is kept, as people write it, unbroken: "02 61 91 23 64", "3237"."""
    return phones.written(number).replace(" ", "\u00a0")


def lines(text: str) -> Markup:
    """Plain text as HTML: its line breaks, its web addresses as links, its numbers to be called with a tap."""
    return Markup("<br>").join(_with_links(line) for line in text.splitlines())


def _with_links(line: str) -> Markup:
    html, end = Markup(), 0
    for first, last, number in phones.found_in(line):
        html += _with_addresses(line[end:first])
        html += Markup('<a class="call" href="tel:{}">{}</a>').format(number, line[first:last])
        end = last
    return html + _with_addresses(line[end:])


def _with_addresses(text: str) -> Markup:
    """Escapes everything else; the links say nothing of this network to where they lead."""
    if not _IN_ADDRESSES.search(text):
        return escape(text)  # As urlize would, which looks at each word.
    return Markup(urlize(text, rel="noopener noreferrer nofollow"))  # noqa: S704  Escaped by urlize.
