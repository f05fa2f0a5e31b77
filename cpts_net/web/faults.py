"""What is wrong in a form that was sent: said beside the field, listed above the form, and the first one gets the focus."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import g
from wtforms import Field, FieldList, FormField, HiddenField

from cpts_net.web.fields import BoxesField


@dataclass(frozen=True)
class Fault:
    """One thing to put right; ``target`` is the id of what to fill in, empty where nothing is shown."""

    target: str
    label: str
    sentence: str


def faults(fields: Iterable[Field]) -> list[Fault]:
    """All that is wrong in a form, in its order."""
    return [fault for field in fields for fault in _faults_of(field)]


def _faults_of(field: Field) -> Iterator[Fault]:
    within = _fields_within(field)
    if found := faults(within):
        yield from found
    elif field.errors and not within:
        yield Fault(_target(field), str(field.label.text), " ".join(map(str, field.errors)))


def _fields_within(field: Field) -> list[Field]:
    if isinstance(field, FieldList):
        return list(field.entries)
    return list(field.form) if isinstance(field, FormField) else []


def _target(field: Field) -> str:
    if isinstance(field, HiddenField):
        return ""
    return f"{field.id}-0" if isinstance(field, BoxesField) else field.id


def takes_focus(field: Field) -> bool:
    """Whether the ``field`` is the first on this page with a fault; asked once for each field, in their order."""
    if not field.errors or g.get("fault_has_focus"):
        return False
    g.fault_has_focus = True
    return True


def ties(field: Field, hint: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The ``given`` attributes of an input, and those that tie it to its hint and its error for a screen reader."""
    attributes = dict(given)
    if described := described_by(field, hint):
        attributes["aria-describedby"] = described
    if field.errors:
        attributes["aria-invalid"] = "true"
    if takes_focus(field):
        attributes["autofocus"] = True
    return attributes


def described_by(field: Field, hint: str) -> str:
    """The ids of what is said about a field."""
    return " ".join([*([f"{field.id}-hint"] if hint else []), *([f"{field.id}-error"] if field.errors else [])])
