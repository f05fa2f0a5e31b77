"""Entry point of the push process: ``python -m cpts_net.live``."""

# Before anything else is imported: what gevent does not patch now would block every screen.
from gevent import monkey

monkey.patch_all()

import logging  # noqa: E402
import os  # noqa: E402

from cpts_net.live.server import LiveServer  # noqa: E402
from cpts_net.settings import Settings  # noqa: E402

logging.basicConfig(level=logging.INFO, format="%(asctime)s live %(levelname)s %(message)s")
LiveServer(
    Settings.from_env(os.environ), os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("LIVE_PORT", "8001"))
).run()
