"""Saying that something is done, with a button beside it that takes it back."""

from flask import flash

UNDONE_AT = "undo:"


def flash_undoable(words: str, address: str) -> None:
    """Say it on the next page; a POST to ``address`` takes it back."""
    flash(words, UNDONE_AT + address)
