"""The settings in force, each with what it means: read only, and never a secret.

The variables are those of ``docs/configuration.md``, in its order; a test of the house compares the two.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from sqlalchemy import make_url

from cpts_net.mail_settings import MailServer, Security
from cpts_net.settings import Settings


@dataclass(frozen=True)
class Setting:
    """A variable of the environment, what it decides, and how its value is said."""

    variable: str
    meaning: Any
    value: Callable[[Settings], Any]


SECURITY = {
    Security.NONE: _("sans chiffrement"),
    Security.STARTTLS: _("chiffré (STARTTLS)"),
    Security.TLS: _("chiffré (TLS)"),
}


def _database(settings: Settings) -> str:
    """Which one and where, without user and password."""
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite":
        return f"SQLite, {url.database}"
    return f"PostgreSQL, {url.database}, {url.host or url.query.get('host', 'localhost')}"


def _secret(secret: str) -> str:
    return str(gettext("réglé") if secret else gettext("absent"))


def _carrier(settings: Settings) -> str:
    """The server, how it is spoken to, and whether a password is set."""
    if settings.mail_server is None:
        return str(gettext("aucun\u202f: les messages restent dans le dossier «\u202fmail\u202f»"))
    server: MailServer = settings.mail_server
    password = gettext("mot de passe\u202f: %(state)s", state=_secret(server.password))
    return f"{server.host}:{server.port}, {SECURITY[server.security]}, {password}"


def _seconds(settings: Settings) -> str:
    return str(ngettext("%(num)s seconde", "%(num)s secondes", settings.serving.graceful_seconds))


def _yes(*, said: bool) -> str:
    return str(gettext("oui") if said else gettext("non"))


SECTIONS: dict[Any, tuple[Setting, ...]] = {
    _("La communauté"): (
        Setting("CPTS_NAME", _("Son nom, sur chaque page et dans chaque message"), lambda s: s.community),
        Setting("CPTS_TIMEZONE", _("Le fuseau dans lequel gardes et absences sont écrites"), lambda s: s.timezone),
        Setting("CPTS_SOURCE_URL", _("Où lire le code source de cette installation"), lambda s: s.source_url),
        Setting("CPTS_HOLIDAY_AREA", _("Le territoire dont les jours fériés s’ajoutent"), lambda s: s.holiday_area),
        Setting("CPTS_SCHOOL_ZONE", _("La zone dont les vacances scolaires sont dessinées"), lambda s: s.school_zone),
    ),
    _("Adresses et ports"): (
        Setting("PUBLIC_URL", _("L’adresse que l’on tape"), lambda s: s.public_url),
        Setting("LIVE_URL", _("L’adresse d’où vient le direct"), lambda s: s.live_url),
        Setting("PORT", _("Le port des pages"), lambda s: s.serving.port),
        Setting("LIVE_PORT", _("Le port du direct"), lambda s: s.serving.live_port),
        Setting("HOST", _("L’adresse sur laquelle les deux écoutent"), lambda s: s.serving.host),
        Setting("TRUSTED_PROXIES", _("Combien de relais web précèdent celui-ci"), lambda s: s.trusted_proxies),
    ),
    _("Données"): (
        Setting("CPTS_DATA", _("Le dossier à sauvegarder en entier"), lambda s: s.data_dir),
        Setting("DATABASE_URL", _("La base de données"), _database),
        Setting("SECRET_KEY", _("Ce qui signe les sessions et les agendas"), lambda s: _secret(s.secret_key)),
    ),
    _("Courriels"): (
        Setting("SMTP_URL", _("Le serveur qui les porte"), _carrier),
        Setting(
            "SMTP_CA_FILE",
            _("Le certificat d’un serveur à soi"),
            lambda s: s.mail_server.ca_file if s.mail_server else "",
        ),
        Setting("MAIL_FROM", _("Leur expéditeur"), lambda s: s.mail_from),
        Setting("CPTS_CONTACT", _("L’adresse où l’on lit les réponses"), lambda s: s.contact),
    ),
    _("Poids"): (
        Setting("WORKERS", _("Processus qui servent les pages"), lambda s: s.serving.workers),
        Setting("THREADS", _("Fils de chacun"), lambda s: s.serving.threads),
        Setting("GRACEFUL_SECONDS", _("Ce qui reste aux pages en cours quand on arrête"), _seconds),
        Setting("ACCESS_LOG", _("Le fichier où chaque page demandée est notée"), lambda s: s.serving.access_log),
        Setting("ARGON2_MEMORY_KIB", _("Mémoire que prend un mot de passe, en Kio"), lambda s: s.argon2.memory_kib),
        Setting("ARGON2_PASSES", _("Passages sur cette mémoire"), lambda s: s.argon2.passes),
    ),
    _("Démonstration"): (
        Setting("CPTS_DEMO", _("Si ses liens d’entrée fonctionnent"), lambda s: _yes(said=s.demonstration)),
        Setting("CPTS_CLOCK_START", _("L’instant où son horloge a commencé"), lambda s: s.clock_start),
    ),
}


def in_force(settings: Settings) -> dict[Any, list[tuple[Setting, str]]]:
    """By section, every setting with its value in words; empty where nothing is set."""
    return {
        title: [(setting, str(setting.value(settings))) for setting in section] for title, section in SECTIONS.items()
    }
