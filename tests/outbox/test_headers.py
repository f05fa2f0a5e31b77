"""Headers are read back as they were meant, by Python's readers old and new."""

import email.header
import re
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpts_net.outbox.headers import MAIL

WORDS = (
    "décembre",
    "à",
    "l’Étoile",
    "réunion",
    "20\u202fh",
    "a",
    "b,",
    "œuvre",
    "–",
    ":",
    "?",
    "=",
    "_",
    "=?x?=",
    "\U0001f600",
)
titles = st.lists(st.sampled_from(WORDS), min_size=1, max_size=45).map(" ".join)


def written(**headers: object) -> bytes:
    message = EmailMessage(policy=MAIL)
    for name, value in headers.items():
        message[name] = value
    return message.as_bytes()


def as_old_programs_read(mail: bytes, name: str) -> str:
    parts = email.header.decode_header(re.sub(r"\r?\n", "", message_from_bytes(mail)[name]))
    return "".join(text.decode(charset or "ascii") if isinstance(text, bytes) else text for text, charset in parts)


@given(titles)
def test_a_subject_keeps_every_space_wherever_it_folds(title):
    mail = written(Subject=title)

    assert message_from_bytes(mail, policy=policy.default)["Subject"] == title
    assert as_old_programs_read(mail, "Subject") == title
    assert max(map(len, mail.split(b"\r\n"))) <= 78


@pytest.mark.parametrize("name", ["CPTS de l’Étoile", "CPTS Dunois, Sud 28", "CPTS (Dunois) « Ouest »", "CPTS"])
def test_a_sender_is_read_back(name):
    mail = written(From=Address(name, addr_spec="a@cpts.example"))

    (sender,) = message_from_bytes(mail, policy=policy.default)["From"].addresses
    assert (sender.display_name, sender.addr_spec) == (name, "a@cpts.example")


def test_a_long_sender_gets_no_space_inside_a_word():
    name = "CPTS de l’Étoile et des très hautes vallées de l’Isère à Bourg d’Oisans"

    mail = written(From=Address(name, addr_spec="a@cpts.example"))

    assert as_old_programs_read(mail, "From") == f"{name} <a@cpts.example>"


def test_other_headers_stay_the_library_s():
    assert written(Subject="short", To="a@cpts.example", X="é") == (
        b"Subject: short\r\nTo: a@cpts.example\r\nX: =?utf-8?q?=C3=A9?=\r\n\r\n"
    )
