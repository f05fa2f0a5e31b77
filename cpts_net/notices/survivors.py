"""Whose a notice is: it keeps the number it was written with, though that person turned out to be another one.

Notices stand below the directory, which knows who was merged into whom and hands it in.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple

from flask import current_app
from flask.sansio.app import App
from sqlalchemy.orm.attributes import set_committed_value

from cpts_net.notices.models import Notice

KEY = "survivors-of-notices"


class Merges(NamedTuple):
    """Whom each of some numbers stands for now, and which other numbers stand for some people."""

    survivors: Callable[[Collection[int]], Mapping[int, int]]
    absorbed_by: Callable[[Collection[int]], Mapping[int, int]]


def hand_in(app: App, merges: Merges) -> None:
    """Let the notices of ``app`` ask this who is who."""
    app.extensions[KEY] = merges


def survivors(person_ids: Collection[int]) -> Mapping[int, int]:
    """Whom each number stands for now; nothing is asked where there are none."""
    merges: Merges = current_app.extensions[KEY]
    return merges.survivors(person_ids) if person_ids else {}


def numbers_of(person_ids: Collection[int]) -> Mapping[int, int]:
    """Every number under which one of the people was told something, and who that is."""
    merges: Merges = current_app.extensions[KEY]
    return {**merges.absorbed_by(person_ids), **{each: each for each in person_ids}}


def as_theirs(notices: Sequence[Notice]) -> Sequence[Notice]:
    """The notices, read as those of whoever their people are now; what is written down stays."""
    now = survivors({notice.person_id for notice in notices})
    for notice in notices:
        if notice.person_id != now[notice.person_id]:
            set_committed_value(notice, "person_id", now[notice.person_id])
    return notices
