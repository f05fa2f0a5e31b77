"""What a mail says as text and as a page: the same, nothing that somebody typed becomes more than words, nothing is loaded."""

import re
from html import unescape

import html5lib

from tests.notices.drawing import mails_of
from tests.telling import part

TYPED = " <b>gras</b> & <img src=//a.example/x> {{ 7 * 7 }} \"'"
LINK = re.compile(r"https?://[^\s\"<>]+")
LOADING = re.compile(
    r"<(?:img|script|link|iframe|object|embed|video|audio|source|form)\b|@import|url\(|\bon[a-z]+=|<base"
)


def read(page):
    """The words of a page that its reader sees."""
    body = re.sub(r"<head>.*</head>", "", page, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]*>", " ", body))


def words(text):
    """What is said, whatever stands between."""
    return re.findall(r"[\w’]+", LINK.sub(" ", text))


def links(page):
    return [unescape(each) for each in re.findall(r'<a[^>]* href="(http[^"]*)"', page)]


def test_what_is_typed_is_read_as_it_was_typed_in_either_form(app, make):
    for kind, mail in mails_of(app, make, TYPED).items():
        text, page = part(mail, "plain"), part(mail, "html")

        assert words(text) == words(read(page)), kind
        assert LINK.findall(text) == links(page), kind
        # In the greeting of each, if nowhere else.
        assert all("{{ 7 * 7 }}" in form for form in (text, unescape(page))), kind
        assert "<b>gras</b> & " in text, kind
        assert "['" not in text, f"{kind} shows a list as Python writes it"
        check_page(page)
        check_layout(mail)


def check_page(page):
    """It is sound, and loads nothing."""
    parser = html5lib.HTMLParser()
    tree = parser.parse(page)
    names = {each.tag.rpartition("}")[2] for each in tree.iter() if isinstance(each.tag, str)}

    assert parser.errors == []
    assert LOADING.findall(page) == []
    assert names <= {
        *["html", "head", "meta", "title", "style", "body", "div", "p", "h1", "ul", "li", "blockquote", "a", "br"]
    }
    assert '<html lang="fr">' in page


def check_layout(mail):
    """The page is the better form, and the calendar comes last: some programs take an entry from nowhere else."""
    body = mail if mail.get_content_type() == "multipart/alternative" else next(iter(mail.iter_parts()))
    forms = [each.get_content_type() for each in body.iter_parts()]

    assert forms in (["text/plain", "text/html"], ["text/plain", "text/html", "text/calendar"])


def test_no_head_can_be_planted(app, make):
    """Whatever a line break does in a name, it begins no line of the mail’s own."""
    for kind, mail in mails_of(app, make, "\r\nBcc: victime@a.example\r\n\r\nBonjour\u2028\x85").items():
        assert mail["Bcc"] is None, kind
        assert len(str(mail["Subject"]).splitlines()) == 1, kind
        assert b"\r\nBcc:" not in bytes(mail).partition(b"\r\n\r\n")[0], kind
