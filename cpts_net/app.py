"""The web application: settings in, Flask application out."""

from flask import Flask
from flask_babel import get_locale
from flask_login import current_user
from werkzeug.middleware.proxy_fix import ProxyFix

from cpts_net import clock, i18n, tables, wiring
from cpts_net.accounts import identity
from cpts_net.directory.agreement import agreed
from cpts_net.directory.faces import face_of
from cpts_net.extensions import csrf, login_manager
from cpts_net.notices.reading import unseen
from cpts_net.offline.build import build
from cpts_net.paths import ROOT
from cpts_net.pictures import kept
from cpts_net.pictures.fixed_parts import fixed_part
from cpts_net.settings import Settings, current_settings
from cpts_net.storage import connections
from cpts_net.storage.connections import db
from cpts_net.web import access, errors, files, forgery, headers, lately, requests, row_numbers
from cpts_net.web.application import Application
from cpts_net.web.faults import described_by, faults, takes_focus, ties
from cpts_net.web.look import look
from cpts_net.web.paging import page_address

LARGEST_REQUEST = 8 * 1024 * 1024


def create_app(settings: Settings) -> Flask:
    """Build the application; touches no database."""
    app = Application(__name__, root_path=str(ROOT), template_folder="templates", static_folder="static")
    app.extensions["settings"] = settings
    app.extensions["tables"] = tables.MODULES
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=connections.engine_options(settings.database_url, settings.serving.threads),
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        TRUSTED_HOSTS=settings.hosts,
        SESSION_COOKIE_NAME="__Host-cpts" if settings.is_https else "cpts",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=identity.LONGEST_SESSION,
        SESSION_REFRESH_EACH_REQUEST=False,  # The session ends with its row; a new cookie would not prolong it.
        WTF_CSRF_TIME_LIMIT=None,  # As long as the session; a form left open at night still works.
        SEND_FILE_MAX_AGE_DEFAULT=3600,
    )
    clock.start_at(settings.clock_start)
    if hops := settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    _bind_extensions(app)
    row_numbers.register(app)
    files.register(app)
    requests.register(app, settings)
    lately.register(app)
    i18n.register(app, settings)
    errors.register(app)
    headers.protect(app, settings)
    access.guard(app)
    forgery.guard(app)
    wiring.wire(app)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        settings=settings,
        get_locale=get_locale,
        current_user=current_user,
        fixed_part=fixed_part,
        agreed=agreed,
        face_of=face_of,
    )
    app.jinja_env.globals.update(unseen_notices=unseen, look=look, build=build)
    app.jinja_env.globals.update(
        described_by=described_by, faults=faults, takes_focus=takes_focus, ties=ties, page_address=page_address
    )
    return app


def _bind_extensions(app: Flask) -> None:
    db.init_app(app)
    csrf.init_app(app)
    login_manager.session_protection = None  # The session's row in the database decides.
    # A page that does not ask who is signed in must not ask the database: it may be the one that is gone.
    login_manager.init_app(app, add_context_processor=False)
    with app.app_context():
        connections.prepare(app, current_settings().serving.threads)
        kept.prepare(app)
