"""The trail: what was done, in words, as far as its reader may know of it."""

import re
from datetime import timedelta

from cpts_net.audit.models import AuditEntry
from cpts_net.meetings.models import Meeting
from tests.conftest import NOW
from tests.factories import held_by


def test_the_trail_tells_what_was_done_in_words(sign_in, administrator, make):
    person = make.account(name="Inès Boyer")
    browser = sign_in(administrator)
    browser.post(f"/administration/comptes/{person.id}/suspension")

    page = browser.get("/administration/journal").text

    assert "Odile Renard" in page
    assert "a suspendu un compte" in page
    assert person.email in page


def test_the_trail_names_what_it_refers_to(sign_in, administrator, make):
    anne = make.person("Anne", "Petit")
    group, line = make.group("Plaies"), make.line()
    slot = make.slot(line, NOW + timedelta(days=1), NOW + timedelta(days=1, hours=2))
    for action, subject, detail in (
        ("group.joined", f"group:{group.id}", f"person:{anne.id}"),
        ("oncall.taken", "seat:1", f"slot:{slot.id} person:{anne.id}"),
        ("oncall.generated", "", "opened:593 removed:0"),
    ):
        make.save(AuditEntry(at=NOW, actor_id=None, action=action, subject=subject, detail=detail))

    page = sign_in(administrator).get("/administration/journal").text

    assert "Plaies · Dr Anne Petit" in page
    assert f"{line.name}, jeudi 13 août de 10" in page
    assert "Le réseau</strong>" in page
    assert not re.search(r"(group|member|seat|slot|opened|removed):\d", page)


def test_the_trail_tells_nobody_of_a_private_group_by_name(sign_in, administrator, make):
    group = make.group("Comité discret", is_private=True)
    span = {"starts_at": NOW, "ends_at": NOW + timedelta(hours=1), "created_at": NOW}
    meeting = make.save(Meeting(meeting_groups=held_by(group.id), title="Conflit au cabinet", **span))
    for action, subject, detail in (
        ("group.created", f"group:{group.id}", "Comité discret"),
        ("meeting.planned", f"meeting:{meeting.id}", "Conflit au cabinet"),
    ):
        make.save(AuditEntry(at=NOW, actor_id=administrator.id, action=action, subject=subject, detail=detail))

    page = sign_in(administrator).get("/administration/journal").text

    assert page.count("groupe privé") == 1
    assert "Comité" not in page
    assert "Conflit au cabinet" in page  # The staff sees every meeting, and not whose it is.
