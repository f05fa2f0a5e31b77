"""Drawing a page that nobody asked for: the push process has no request to start from."""

from flask import Flask
from flask.ctx import RequestContext

from cpts_net.settings import Settings


def under_public_url(app: Flask) -> RequestContext:
    """A context in which templates are drawn as somebody sees them who asks at ``PUBLIC_URL``.

    Any other host is a stranger's: ``TRUSTED_HOSTS`` refuses it at the first ``url_for``.
    """
    settings: Settings = app.extensions["settings"]
    return app.test_request_context(base_url=settings.public_url)
