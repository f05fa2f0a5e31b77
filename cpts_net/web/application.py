"""Flask as this product uses it: with templates of its own, and without what none of its views is."""

from collections.abc import Callable
from typing import Any

from flask import Flask

from cpts_net.web.templates import Templates


class Application(Flask):
    """Flask, of which no view and no hook is a coroutine."""

    jinja_environment = Templates

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself; Flask looks at each that it calls whether it is a coroutine, sixteen times a request."""
        return func
