"""How long the traces of signing in are kept."""

from datetime import datetime, timedelta

from sqlalchemy import or_

from cpts_net.accounts.identity import LONGEST_IDLE
from cpts_net.accounts.models import AccountLink, Attempt, KnownBrowser, LoginSession, SentForm
from cpts_net.accounts.rules import KNOWN_FOR
from cpts_net.audit import actions as audit
from cpts_net.audit import ways_back
from cpts_net.roles import Role
from cpts_net.storage.sweeping import sweep

# Longer than a link lasts, so that its page can still say that it has expired.
LINKS_KEPT_FOR = timedelta(days=30)
ATTEMPTS_KEPT_FOR = timedelta(days=1)


def forget(now: datetime) -> None:
    """Delete sessions that nobody can use any more, old links and attempts, and the oldest part of the trail."""
    idle_since = now - LONGEST_IDLE[Role.MEMBER]
    sweep(LoginSession, or_(LoginSession.expires_at <= now, LoginSession.last_seen_at < idle_since))
    sweep(AccountLink, AccountLink.expires_at < now - LINKS_KEPT_FOR)
    sweep(KnownBrowser, KnownBrowser.signed_in_at < now - KNOWN_FOR)
    sweep(SentForm, SentForm.at < now - ATTEMPTS_KEPT_FOR)
    sweep(Attempt, Attempt.at < now - ATTEMPTS_KEPT_FOR)
    audit.forget(now)
    ways_back.forget(now)
