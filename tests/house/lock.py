"""What may not happen while others cannot write: drawing, writing for calendars, and talking to a mail server."""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import has_app_context
from icalendar.cal.component import Component
from jinja2 import Template
from sqlalchemy.exc import SQLAlchemyError

from cpts_net.storage.connections import WRITE, db


def is_writing() -> bool:
    """Whether the present thread is in a write transaction."""
    if not has_app_context() or not db.session().in_transaction():
        return False
    try:
        return WRITE in db.session.connection().get_execution_options()
    except SQLAlchemyError:  # The database is away: nothing is written either.
        return False


@contextmanager
def nothing_slow_inside(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let no template be drawn, no calendar entry be written and no mail be sent inside a write transaction of the block.

    Raises:
        AssertionError: at the end, naming each that was.
    """
    seen: list[str] = []

    render, answer = Template.render, smtplib.SMTP.getreply

    def rendered(template: Template, *arguments: Any, **options: Any) -> str:
        if is_writing():
            seen.append(f"{template.name} was drawn")
        return render(template, *arguments, **options)

    def answered(*arguments: Any, **options: Any) -> Any:
        if is_writing():
            seen.append("a mail server was waited for")
        return answer(*arguments, **options)

    content_lines = Component.content_lines

    def written(component: Component, *arguments: Any, **options: Any) -> Any:
        if is_writing():
            seen.append(f"a {component.name} was written for calendars")
        return content_lines(component, *arguments, **options)

    monkeypatch.setattr(smtplib.SMTP, "getreply", answered)
    monkeypatch.setattr(Template, "render", rendered)
    monkeypatch.setattr(Component, "content_lines", written)
    yield
    assert not seen, f"while nobody else could write: {seen}"
