"""What a device is told that installs the network: its name, its signs, where it begins."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from cpts_net.settings import current_settings

PRODUCT = "CPTS-Net"
GROUND = "#faf7f0"  # That of the light pages, as in tokens.css.
SIZES = (192, 512)


def manifest() -> dict[str, Any]:
    """The manifest of the installation, as JSON can write it."""
    return {
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "name": current_settings().community,
        "short_name": PRODUCT,
        "description": _("Qui est d’astreinte, qui est absent, qui prend le relais."),
        "lang": "fr",
        "dir": "ltr",
        "display": "standalone",
        "background_color": GROUND,
        "theme_color": GROUND,
        "icons": [
            {"src": url_for("static", filename="icon.svg"), "type": "image/svg+xml", "sizes": "any"},
            *(_icon(size, purpose) for purpose in ("any", "maskable") for size in SIZES),
        ],
        "shortcuts": [
            _shortcut(_("Continuité"), url_for("continuity.board")),
            _shortcut(_("Mon planning"), url_for("planning.mine")),
        ],
    }


def _icon(size: int, purpose: str) -> dict[str, str]:
    address = url_for("static", filename=f"icons/{purpose}-{size}.png")
    return {"src": address, "type": "image/png", "sizes": f"{size}x{size}", "purpose": purpose}


def _shortcut(name: str, address: str) -> dict[str, Any]:
    return {"name": name, "url": address, "icons": [_icon(SIZES[0], "any")]}
