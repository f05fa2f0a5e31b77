"""Entry point of the web process: ``gunicorn wsgi:app``."""

import os

from cpts_net.app import create_app
from cpts_net.pictures.drawer import Drawer
from cpts_net.settings import settings_or_end
from cpts_net.wiring import DRAWN_AHEAD

app = create_app(settings_or_end(os.environ))
Drawer(app, DRAWN_AHEAD).start()
