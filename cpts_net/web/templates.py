"""Templates that know at once what every page may use."""

from collections.abc import MutableMapping
from typing import Any

from flask.templating import Environment


class Templates(Environment):
    """Flask's, but each template has a plain dictionary of what all of them know.

    Jinja's own lays one dictionary over another, which it then walks through
    key by key for each template and each import: a month draws two hundred.
    What is registered after a template was first drawn, that one does not know.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Everything that all templates know, and what this one does."""
        return {**self.globals, **(d or {})}
