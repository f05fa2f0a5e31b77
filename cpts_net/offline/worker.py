"""The service worker: our scripts, and before them what they have to know of this installation."""

import json
from collections.abc import Iterator
from functools import lru_cache

from flask import current_app, url_for
from flask_babel import gettext as _

from cpts_net.paths import ROOT
from cpts_net.settings import current_settings

SCRIPTS = (ROOT / "static" / "offline" / "worker.js", ROOT / "static" / "push" / "worker.js")
# Whoever sends one of these is about to be somebody else on this device, or nobody.
ENTRANCES = (
    "accounts.sign_in",
    "accounts.sign_out",
    "passwords.reset",
    "passwords.invitation",
    "passwords.demonstration",
)


def service_worker() -> str:
    """The whole script."""
    return f"const SETTINGS = {json.dumps(_settings(), sort_keys=True)};\n{_script()}"


def _settings() -> dict[str, object]:
    return {
        "offline": url_for("offline.page"),
        # What is carried, by the page in whose place it is shown; the first of them is where the network begins.
        "carried": {
            url_for("continuity.board"): url_for("offline.board"),
            url_for("planning.mine"): url_for("offline.planning"),
        },
        "start": url_for("home.start"),
        "signIn": url_for("accounts.sign_in"),
        "entrances": sorted(_beginning_of(endpoint) for endpoint in ENTRANCES),
        # Links from mails and addresses of feeds open something by themselves: the worker does not touch them.
        "secrets": sorted(set(_secrets())),
        "push": _push(),
    }


def _push() -> dict[str, str]:
    """How what is pushed looks; and what is said, and where it leads, when it cannot be read."""
    return {
        "icon": url_for("static", filename="icons/any-192.png"),
        "badge": url_for("static", filename="icons/badge-96.png"),
        "lang": "fr",
        "title": current_settings().community,
        "body": _("Il y a du nouveau pour vous dans le réseau."),
        "path": url_for("notices.mine"),
        "tag": "unread",
    }


@lru_cache(maxsize=1)
def _script() -> str:
    return "\n".join(script.read_text(encoding="utf-8") for script in SCRIPTS)


def _beginning_of(endpoint: str) -> str:
    (rule,) = current_app.url_map.iter_rules(endpoint)
    return rule.rule.partition("<")[0]


def _secrets() -> Iterator[str]:
    for rule in current_app.url_map.iter_rules():
        if "token" in rule.arguments:
            yield rule.rule.partition("<token>")[0]
