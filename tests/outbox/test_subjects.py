"""Every mail of the product goes through a real server, and its subject is read back as it was written."""

from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask_babel import force_locale

from cpts_net import clock
from cpts_net.outbox import mailer
from cpts_net.storage.transaction import transaction

TEMPLATES = Path(__file__).parent.parent.parent / "templates"
SUBJECTS = sorted(str(path.parent.relative_to(TEMPLATES)) for path in TEMPLATES.glob("**/subject.txt"))
LONG = "Élodie-Anaïs Préfontaine-d’Aubigné de l’Étoile à l’œuvre « très » éveillée, à Saint-Éloy-lès-Tuileries"


@pytest.mark.parametrize("template", [name for name in SUBJECTS if not name.startswith("calendars/")])
@pytest.mark.parametrize("name", [LONG, LONG[:-1], LONG[:61], LONG * 2, "à"])
def test_a_subject_arrives_as_it_was_written(context, work_off, posting, template, name):
    member = SimpleNamespace(display_name=name)
    # From the shortest date to the longest.
    for days in range(0, 60, 7):
        absence = SimpleNamespace(
            member=member,
            relays=[SimpleNamespace(member=member)],
            note=name,
            first_day=date(2026, 11, 28),
            last_day=date(2026, 11, 28) + timedelta(days),
        )
        values = {"absence": absence, "line": member, "account": member, "address": "https://a.example/x", "when": name}
        values["line"] = SimpleNamespace(name=name)
        with transaction(), force_locale("fr"):
            mailer.enqueue_mail("anne@cpts.example", template, clock.now(), reason=name, **values)
    written = mailer.jobs.db.session.scalars(mailer.jobs.select(mailer.jobs.Job.payload)).all()

    work_off()

    assert [mail["Subject"] for mail in posting.read()] == [payload["subject"] for payload in written]
    assert [mail.get_content().replace("\r\n", "\n") for mail in posting.read()] == [mail["body"] for mail in written]
