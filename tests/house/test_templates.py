"""The rules for templates that no linter knows."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
# The page of a mail keeps its style within itself: readers of mail load nothing.
TEMPLATES = sorted(path for path in (ROOT / "templates").glob("**/*.html") if path.parent.name != "outbox")
INLINE = re.compile(r"<style|<script(?![^>]*\bsrc=)|\s(?:style|on[a-z]+)=[\"']", re.IGNORECASE)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT / "templates"))


@pytest.fixture(params=TEMPLATES, ids=name_of)
def text(request) -> str:
    return request.param.read_text(encoding="utf-8")


def test_a_template_has_no_inline_script_or_style(text):
    assert INLINE.findall(text) == []


def test_a_form_says_where_it_goes(text):
    forms = re.findall(r"<form\b[^>]*>", text)

    assert [form for form in forms if "action=" not in form] == []


def test_a_form_that_changes_something_carries_its_token(text):
    posts = re.findall(r"<form\b[^>]*method=\"post\".*?</form>", text, re.DOTALL | re.IGNORECASE)

    assert [post for post in posts if "csrf_token" not in post and "hidden_tag" not in post] == []


def test_nothing_is_fetched_from_elsewhere(text):
    loaded = re.findall(r"<(?:script|link|img|iframe|source)\b[^>]*\b(?:src|href)=\"(?:https?:)?//[^\"]*", text)

    assert loaded == []


def test_a_link_that_opens_a_window_gives_it_no_hold_on_ours(text):
    opening = re.findall(r"<a\b[^>]*target=\"_blank\"[^>]*>", text)

    assert [link for link in opening if "noopener" not in link] == []
