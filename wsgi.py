"""Entry point of the web process: ``gunicorn wsgi:app``."""

import os

from cpts_net.app import create_app
from cpts_net.settings import Settings

app = create_app(Settings.from_env(os.environ))
