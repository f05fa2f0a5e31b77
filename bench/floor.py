"""The least that a page can cost: a route that answers "ok", and nothing of ours."""

from flask import Flask

app = Flask(__name__)


@app.route("/")
def ok() -> str:
    """Say so."""
    return "ok"
