"""The least that a page can cost: a route that answers "ok", alone and inside of the product."""

import os

from flask import Flask

from cpts_net.app import create_app
from cpts_net.settings import Settings
from cpts_net.web.access import members_only


def ok() -> str:
    return "ok"


app = Flask(__name__)
app.add_url_rule("/", view_func=ok)


def inside() -> Flask:
    """The product with one route more: what sign-in, session and headers cost before any page begins."""
    product = create_app(Settings.from_env(os.environ))
    product.add_url_rule("/ok", view_func=members_only(ok))
    return product
