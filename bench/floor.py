"""The least that a page can cost: one route that answers "ok", under the configuration of the product."""

from flask import Flask

app = Flask(__name__)


@app.get("/")
def ok() -> str:
    return "ok"
