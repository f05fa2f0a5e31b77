"""What waited as a job goes out as a delivery after the upgrade, and comes back as a job on the way down."""

from datetime import UTC, datetime

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from cpts_net.storage.connections import db

AT = datetime(2026, 8, 12, 8, tzinfo=UTC)
BEFORE, AFTER = "0010", "0014"
PEOPLE = {1: "anne", 2: "paul", 3: "zoe"}
ADD = {
    "profession": "INSERT INTO profession (code, label) VALUES ('10', 'Médecin')",
    "group": "INSERT INTO working_group (id, name, purpose, is_private, created_at) VALUES (1, 'Plaies', '', false, :at)",
    "person": "INSERT INTO person (id, title, civility, family_name, given_name, sort_key, search_text, is_hidden, private_phone,"
    " profession_code) VALUES (:id, '', '', :name, :name, :name, :name, false, '', '10')",
    "account": "INSERT INTO account (id, email, display_name, search_text, role, person_id, created_at)"
    " VALUES (:id, :email, :name, :name, 'member', :id, :at)",
    "meeting": "INSERT INTO meeting (id, group_id, title, agenda, place, video_url, starts_at, ends_at, created_at,"
    " edition) VALUES (7, 1, 'Bilan', '', '', '', :at, :at2, :at, 0)",
    "invitation": "INSERT INTO invitation (meeting_id, person_id) VALUES (7, :id)",
    "told": "INSERT INTO sent_invitation (meeting_id, person_id, sequence, title, starts_at, ends_at, place, video_url,"
    " is_cancelled, sent_at) VALUES (7, :id, 0, 'Bilan', :at, :at2, '', '', false, :at)",
    "job": "INSERT INTO job (id, kind, payload, run_at, attempts, outcomes, last_error, finished_at)"
    " VALUES (:id, :kind, :payload, :run_at, 2, 2, :error, :finished_at)",
}
JOBS = [
    (1, "mail", '{"to": "a@b.example", "template": "mails/reset", "values": {"name": "A", "address": "x"}}', True, ""),
    (2, "mail", "{}", False, ""),
    (3, "meeting-invitations", '{"meeting_ids": [7], "person_id": null}', True, ""),
    (4, "meeting-letter", '{"meeting_ids": [7], "person_id": 2, "to": "x", "subject": "y"}', False, "550 nobody"),
    (5, "whole-mail", '{"message": "QQ=="}', True, "451 later"),
    (6, "meeting-invitations", '{"meeting_ids": [99], "person_id": null}', True, ""),
]


@pytest.fixture
def waiting(empty):
    """Anne was told of the meeting and is invited, Paul is invited, Zoé was told and has left."""
    upgrade(revision=BEFORE)
    with db.engine.begin() as connection:

        def add(table, **values):
            moments = {"at": str(AT), "at2": str(AT.replace(hour=10))}
            connection.execute(text(ADD[table]), {**moments, **values})

        add("profession")
        add("group")
        for number, name in PEOPLE.items():
            add("person", id=number, name=name)
            add("account", id=number, name=name, email=f"{name}@cpts.example")
        add("meeting")
        for number in (1, 2):
            add("invitation", id=number)
        for number in (1, 3):
            add("told", id=number)
        for number, kind, payload, is_due, error in JOBS:
            times = {"run_at": str(AT) if is_due else None, "finished_at": None if is_due else str(AT)}
            add("job", id=number, kind=kind, payload=payload, error=error, **times)
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT setval('job_id_seq', 6)"))


def found(question):
    with db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(question))]


@pytest.mark.usefixtures("waiting")
def test_jobs_become_deliveries():
    upgrade(revision=AFTER)

    mails = found("SELECT id, address, kind, state, attempts, error FROM delivery WHERE notice_id IS NULL ORDER BY id")
    assert mails == [
        (1, "a@b.example", "accounts.reset", "waiting", 2, ""),
        (5, "whole", "mail", "waiting", 2, "451 later"),
    ]
    letters = found(
        "SELECT n.person_id, n.kind, n.subject, d.kind, d.state, d.error FROM notice n JOIN delivery d"
        " ON d.notice_id = n.id ORDER BY d.id"
    )
    assert letters == [
        (1, "meetings.changed", "meeting:7", "meetings.changed", "waiting", ""),
        (2, "meetings.invited", "meeting:7", "meetings.invited", "waiting", ""),
        (3, "meetings.changed", "meeting:7", "meetings.changed", "waiting", ""),
        (2, "meetings.invited", "meeting:7", "meetings.invited", "failed", "550 nobody"),
    ]
    assert len(set(found("SELECT message_id FROM delivery"))) == 6


@pytest.mark.usefixtures("waiting")
def test_deliveries_become_jobs_again_and_what_cannot_is_counted(caplog):
    upgrade(revision=AFTER)
    with db.engine.begin() as connection:
        notice = "INSERT INTO notice (id, person_id, kind, subject, occasion, before, after, at) VALUES (900, 1, 'x', 'y:1', '', '{}', '{}', :at)"
        connection.execute(text(notice), {"at": str(AT)})
        delivery = "INSERT INTO delivery (notice_id, address, kind, channel, message_id, written_at, due_at, state, attempts, outcomes, error) VALUES (900, '', 'x', 'mail', 'm', :at, :at, 'waiting', 0, 0, '')"
        connection.execute(text(delivery), {"at": str(AT)})

    downgrade(revision=BEFORE)

    jobs = found("SELECT kind, attempts, last_error FROM job ORDER BY id")
    assert jobs == [
        ("mail", 2, ""),
        ("whole-mail", 2, "451 later"),
        *[("meeting-letter", 2, "")] * 3,
        ("meeting-letter", 2, "550 nobody"),
    ]
    assert [record.getMessage() for record in caplog.records if record.name == "alembic.kept"] == [
        "1 mails that were to be drawn from notices are forgotten",
        "5 notices are forgotten",
    ]
