"""Making, changing and ending feeds."""

from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, text, update

from cpts_net.audit.actions import record
from cpts_net.calendars.models import Feed, FeedKind, SentInvitation
from cpts_net.calendars.rules import LONGEST_NAME, free_name
from cpts_net.calendars.telling import Due
from cpts_net.settings import current_settings
from cpts_net.storage import revisions
from cpts_net.storage.connections import db

MOST_FEEDS = 20
READ_NOTED_EVERY = timedelta(hours=1)
A_SECOND = timedelta(seconds=1)


class TooManyFeeds(Exception):
    """An account has as many feeds as it may have."""


def create_feed(account_id: int, kind: FeedKind, name: str, *, line_id: int | None = None, now: datetime) -> Feed:
    """Give the account a feed; its name gets a number when it has one of that name.

    Raises:
        TooManyFeeds: with twenty that work already.
    """
    # Two taps at once must neither pass the limit nor get one name: the second waits here for the first.
    revisions.bump(revisions.FEEDS)
    names = set(db.session.scalars(select(Feed.name).where(Feed.account_id == account_id, Feed.revoked_at.is_(None))))
    count = db.session.scalar(
        select(func.count(Feed.id)).where(Feed.account_id == account_id, Feed.revoked_at.is_(None))
    )
    if (count or 0) >= MOST_FEEDS:
        raise TooManyFeeds
    feed = Feed(account_id=account_id, kind=kind, line_id=line_id, name=free_name(name, names), created_at=now)
    db.session.add(feed)
    db.session.flush()
    record("feed.created", actor_id=account_id, now=now, subject=f"feed:{feed.id}", detail=kind)
    return feed


def change_feed(feed: Feed, *, name: str, is_busy: bool, now: datetime) -> None:
    """Name the feed anew; say whether duties in it paint the calendar busy."""
    revisions.bump(revisions.FEEDS)
    feed.name = name[:LONGEST_NAME]
    if feed.is_busy != is_busy:
        feed.is_busy, feed.switches, feed.switched_at = is_busy, feed.switches + 1, now


def renew_feed(feed: Feed, *, now: datetime) -> None:
    """End every address of the feed given out so far; it has a new one from now on."""
    revisions.bump(revisions.FEEDS)
    feed.generation += 1
    feed.last_read_at, feed.last_reader = None, ""
    record("feed.renewed", actor_id=feed.account_id, now=now, subject=f"feed:{feed.id}")


def revoke_feed(feed: Feed, *, now: datetime) -> None:
    """End the feed and every address of it."""
    revisions.bump(revisions.FEEDS)
    feed.generation += 1
    feed.revoked_at = now
    record("feed.revoked", actor_id=feed.account_id, now=now, subject=f"feed:{feed.id}")


def note_read(feed_id: int, reader: str, *, now: datetime) -> None:
    """Remember that somebody read the feed, and with what; once an hour."""
    revisions.bump(revisions.FEEDS)
    db.session.execute(
        update(Feed)
        .where(Feed.id == feed_id, or_(Feed.last_read_at.is_(None), Feed.last_read_at <= now - READ_NOTED_EVERY))
        .values(last_read_at=now, last_reader=reader)
    )


def note_content(feed_id: int, content_hash: str, *, now: datetime) -> datetime:
    """Remember what the feed serves; return since when."""
    of_feed = Feed.id == feed_id
    columns = select(Feed.content_hash, Feed.changed_at).where(of_feed).with_for_update()
    served, since = db.session.execute(columns).one()
    if served == content_hash and since is not None:
        return since
    changed_at = max(now, since + A_SECOND) if since else now
    db.session.execute(update(Feed).where(of_feed).values(content_hash=content_hash, changed_at=changed_at))
    return changed_at


def note_told(news: Due, sequence: int, *, now: datetime) -> None:
    """Remember what the last mail about a meeting told somebody."""
    facts = asdict(news.facts) | {"is_off": news.news.is_off}
    db.session.merge(
        SentInvitation(
            meeting_id=news.meeting_id,
            person_id=news.recipient.person_id,
            sequence=sequence,
            is_cancelled=facts.pop("is_off"),
            sent_at=now,
            **facts,
        )
    )


def freeze_uid_host(*, now: datetime) -> None:
    """Keep the host of the public address in UIDs for ever; the first to ask decides."""
    freeze = text("INSERT INTO uid_host (id, host) VALUES (1, :host) ON CONFLICT (id) DO NOTHING")
    db.session.execute(freeze, {"host": current_settings().host})
