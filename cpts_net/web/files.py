"""The addresses of our scripts and styles: another content, another address.

Browsers keep files for an hour. After an upgrade a new page must not run with an old script.
"""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.security import safe_join


def register(app: Flask) -> None:
    """Add to the address of each file of ``static/`` what its content is."""
    folder = str(app.static_folder)

    @app.url_defaults
    def add_content(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "v" not in values and (content := _content(folder, values["filename"])):
            values["v"] = content


@lru_cache(maxsize=1024)
def _content(folder: str, name: str) -> str:
    """The content of a file in eight letters, looked at once for each process; empty if there is none."""
    path = Path(safe_join(folder, name) or "")
    return hashlib.sha256(path.read_bytes()).hexdigest()[:8] if path.is_file() else ""
