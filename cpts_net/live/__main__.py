"""Entry point of the push process: ``python -m cpts_net.live``."""

# Before anything else is imported: what gevent does not patch now would block every screen.
from gevent import monkey

monkey.patch_all()

import gc  # noqa: E402
import logging  # noqa: E402
import os  # noqa: E402

# All that is loaded now stays; looking through it for garbage meanwhile takes a tenth of the start.
gc.disable()

from cpts_net.live.server import LiveServer  # noqa: E402
from cpts_net.settings import settings_or_end  # noqa: E402

logging.basicConfig(level=logging.INFO, format="%(asctime)s live %(levelname)s %(message)s")
settings = settings_or_end(os.environ)
LiveServer(settings, settings.serving.host, settings.serving.live_port).run()
