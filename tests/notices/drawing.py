"""The mails of the scene, as text that a reviewer reads: no secret, no number that another run would change."""

import re
from dataclasses import replace
from email.message import EmailMessage

from flask import Flask
from sqlalchemy import select

from cpts_net import clock
from cpts_net.notices import digest
from cpts_net.notices.fewer_links import fewer_address
from cpts_net.notices.kinds import Envelope
from cpts_net.notices.models import Channel, Notice
from cpts_net.storage.connections import db
from tests.factories import Factory
from tests.notices.happenings import HAPPENINGS
from tests.notices.scene import Scene
from tests.telling import messages_by_kind, part

SECRET = re.compile(r"(https?://[^\s\"<>]*/)[\w~.-]{20,}")
NUMBER = re.compile(r"(https?://[^\s\"<>]*(?:/|creneau-))\d+\b")


def mails_of(app: Flask, make: Factory, planted: str = "") -> dict[str, EmailMessage]:
    """What each happening of the scene sends, by the name of its kind."""
    scene = Scene(make, planted)
    for happening in HAPPENINGS.values():
        happening(scene)
    with app.app_context():
        return messages_by_kind()


def digest_of(app: Flask) -> EmailMessage:
    """All that Anne was told in the scene, in one mail."""
    with app.app_context():
        notices = db.session.scalars(select(Notice).order_by(Notice.id)).all()
        db.session.expunge_all()
        hers = [(each.id, each) for each in notices if each.person_id == notices[0].person_id]
        envelope = Envelope("anne.petit@cpts-dunois.example", "Dr Anne Petit", "<1@cpts.example>", clock.now())
        drawn = digest.drawn(hers, envelope, clock.now())
        fewer = fewer_address(notices[0].person_id, drawn.kinds, Channel.MAIL)
        return digest.message(drawn, replace(envelope, fewer=fewer))


def as_read(message: EmailMessage) -> str:
    """What stands above the text, the text, and what is joined to it."""
    heads = {"De": "From", "À": "To", "Répondre à": "Reply-To", "Objet": "Subject"}
    above = [f"{label} : {message[name]}" for label, name in heads.items() if message[name]]
    joined = [
        f"Joint : {each.get_content_type()}{f' ({method})' if (method := each.get_param('method')) else ''}"
        for each in message.walk()
        if each.get_content_maintype() != "multipart" and each.get_content_subtype() not in {"plain", "html"}
    ]
    return plain("\n".join([*above, *joined, "", part(message, "plain")]))


def page(message: EmailMessage) -> str:
    """The page, as a browser opens it."""
    return plain(part(message, "html"))


def plain(text: str) -> str:
    """Without the secrets and the numbers in its addresses, at an address as a community has it."""
    shorter = NUMBER.sub(r"\g<1>1", SECRET.sub(r"\1…", text))
    return shorter.replace("http://localhost:8000", "https://reseau.cpts-dunois.example")
