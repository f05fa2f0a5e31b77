"""Every plain mail of the product goes through a real server, and is read back as its template says."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from cpts_net.outbox import mailer, plain_values

TEMPLATES = Path(__file__).parent.parent.parent / "templates"
SUBJECTS = sorted(str(path.parent.relative_to(TEMPLATES)) for path in TEMPLATES.glob("**/subject.txt"))
LONG = "Élodie-Anaïs Préfontaine-d’Aubigné de l’Étoile à l’œuvre « très » éveillée, à Saint-Éloy-lès-Tuileries"
WORDS = ("name", "group", "relay", "note", "line", "when")


@pytest.mark.parametrize("template", [name for name in SUBJECTS if not name.startswith(("calendars/", "meetings/"))])
@pytest.mark.parametrize("name", [LONG, LONG[:-1], LONG[:61], LONG * 2, "à"])
def test_a_mail_arrives_as_its_template_says(context, write_down, work_off, posting, template, name):
    expected = []
    # From the shortest date to the longest.
    for days in range(0, 60, 7):
        first = date(2026, 11, 28)
        values = dict.fromkeys(WORDS, name) | {"first_day": first, "last_day": first + timedelta(days)}
        values["address"] = "https://a.example/x"
        expected.append(mailer.render_mail(template, **values))
        write_down(letter={"template": template, "values": plain_values.written(values)})

    work_off()

    arrived = posting.read()
    assert [mail["Subject"] for mail in arrived] == [each["subject"] for each in expected]
    assert [mail.get_content().replace("\r\n", "\n") for mail in arrived] == [each["body"] for each in expected]
