"""Every mail of the product goes through a real server, and is read back as its template says."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from cpts_net.notices.sending import drawn_letter
from cpts_net.outbox import plain_values

TEMPLATES = Path(__file__).parent.parent.parent / "templates"
MAILS = sorted(str(path.parent.relative_to(TEMPLATES)) for path in TEMPLATES.glob("**/mail.jinja"))
LONG = "Élodie-Anaïs Préfontaine-d’Aubigné de l’Étoile à l’œuvre « très » éveillée, à Saint-Éloy-lès-Tuileries"
WORDS = ("name", "reader", "group", "relay", "note", "line", "when", "author", "text", "excerpt")


@pytest.mark.parametrize("template", [name for name in MAILS if not name.startswith(("calendars/", "meetings/"))])
@pytest.mark.parametrize("name", [LONG, LONG[:-1], LONG[:61], LONG * 2, "à"])
def test_a_mail_arrives_as_its_template_says(context, write_down, work_off, posting, template, name):
    expected = []
    # From the shortest date to the longest.
    for days in range(0, 60, 7):
        first = date(2026, 11, 28)
        values = dict.fromkeys(WORDS, name) | {"first_day": first, "last_day": first + timedelta(days)}
        values["address"] = "https://a.example/x"
        letter = {"template": template, "values": plain_values.written(values)}
        expected.append(drawn_letter(letter))
        write_down(letter=letter)

    work_off()

    arrived = posting.read()
    assert [mail["Subject"] for mail in arrived] == [each.subject for each in expected]
    assert [read(mail, "plain") for mail in arrived] == [each.text for each in expected]
    assert [read(mail, "html") for mail in arrived] == [each.page for each in expected]


def read(mail, form):
    return mail.get_body((form,)).get_content().replace("\r\n", "\n").removesuffix("\n" if form == "html" else "")
