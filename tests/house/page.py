"""The rules of the house for every page that any test fetches."""

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.measuring import unmeasured

HEADERS_OF_EVERY_ANSWER = (
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Referrer-Policy",
)


class HouseClient(FlaskClient):
    """A test client that sends the CSRF token and checks every answer against the house rules."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        if kwargs.get("method") not in {None, "GET", "HEAD", "OPTIONS"} and kwargs.pop("csrf", True):
            kwargs["headers"] = {**dict(kwargs.get("headers") or {}), "X-CSRFToken": self._token()}
        kwargs.setdefault("buffered", True)  # Read and closed at once, files of static/ too.
        response = super().open(*args, **kwargs)
        for name in HEADERS_OF_EVERY_ANSWER:
            assert name in response.headers, f"{response.request.path} lacks {name}"
        if response.mimetype == "text/html" and response.text and not response.location:
            check_page(response.request.path, response.text)
        return response

    @unmeasured
    def _token(self) -> str:
        from flask_wtf.csrf import generate_csrf  # noqa: PLC0415

        with self.session_transaction() as kept, self.application.test_request_context():
            from flask import session  # noqa: PLC0415

            session.update(kept)
            token: str = generate_csrf()
            kept["csrf_token"] = session["csrf_token"]
        return token


def read(html: str) -> str:
    """What people read on a page: its words, without the tags between them."""
    return " ".join(unescape(re.sub(r"<[^>]*>", "", html)).split())


@unmeasured
def check_page(path: str, html: str) -> None:
    """Check one page, or one fragment of a page.

    Raises:
        AssertionError: naming the path and the rule that it breaks.
    """
    is_fragment = "<html" not in html
    if (frame := _frame(html)) not in _sound_frames:
        parser = html5lib.HTMLParser(strict=False)
        parser.parseFragment(html) if is_fragment else parser.parse(html)
        assert not parser.errors, f"{path}: {parser.errors[:3]}"
        _sound_frames.add(frame)
    seen = _Elements()
    seen.feed(html)
    if not is_fragment:
        assert seen.tags.count("h1") == 1, f"{path}: {seen.tags.count('h1')} h1"
    doubled = {name for name in seen.ids if seen.ids.count(name) > 1}
    assert not doubled, f"{path}: ids given twice: {doubled}"
    assert not seen.inline, f"{path}: inline script or style: {seen.inline}"
    unsendable = {name for name, boxes in seen.boxes.items() if len(boxes) > 1 and any(boxes)}
    assert not unsendable, f"{path}: each box of a group is required, so that all would have to be ticked: {unsendable}"
    assert not re.search(r"<p[^>]*>[^<]*\w'\w", html), f"{path}: a straight apostrophe"


# To parse as browsers do takes longer than to draw: of pages that differ in words alone one is parsed.
_sound_frames: set[int] = set()
# What is written between two tags or as a value, in characters of which none is wrong anywhere.
_SOUND = r"[^<>\"&\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\uffff\U00010000-\U0010ffff]|&(?:amp|lt|gt|quot|\#3[49]);"
_WORDS = re.compile(rf'(?:(?<=>)|(?<=="))(?:{_SOUND})+(?=["<])')


def _frame(html: str) -> int:
    """What two pages have in common that differ in words alone."""
    return hash(_WORDS.sub(lambda words: "x" if words[0].strip() else " ", html))


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.inline: list[str] = []
        self.boxes: dict[str, list[bool]] = {}  # For each name, whether each of its boxes is required.

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        if "id" in given:
            self.ids.append(given["id"] or "")
        if tag == "input" and given.get("type") == "checkbox":
            self.boxes.setdefault(given.get("name") or "", []).append("required" in given)
        if tag == "input" and given.get("type") == "hidden":
            assert "required" not in given, f"nobody can fill in the hidden field {given.get('name')}"
        if tag == "style" or (tag == "script" and "src" not in given):
            self.inline.append(tag)
        self.inline += [name for name in given if name == "style" or re.match(r"on[a-z]+$", name)]
        if tag == "form":
            assert "action" in given, "a form without an action"
