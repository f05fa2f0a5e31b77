"""The product with one route more: what sign-in, session and headers cost before any page begins."""

import os

from flask import Flask

from cpts_net.app import create_app
from cpts_net.settings import Settings
from cpts_net.web.access import members_only


def ok() -> str:
    """Say so."""
    return "ok"


def application() -> Flask:
    """The pages, and ``/ok``."""
    product = create_app(Settings.from_env(os.environ))
    product.add_url_rule("/ok", view_func=members_only(ok))
    return product
