import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import cpts_net
from cpts_net.admin.wording import SAID, about, in_words
from cpts_net.audit.models import AuditEntry
from cpts_net.oncall.actions import TRAIL
from cpts_net.oncall.models import SeatKind

TELLERS = {"record", "_record", "tell", "_tell", "_note"}
SOURCES = Path(cpts_net.__file__).parent.rglob("*.py")


def told() -> Iterator[str]:
    """Every action that some code writes into the trail."""
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text())):
            name = getattr(getattr(node, "func", None), "id", getattr(getattr(node, "func", None), "attr", ""))
            if isinstance(node, ast.Call) and name in TELLERS:
                texts = [each.value for each in node.args if isinstance(each, ast.Constant)]
                yield from (text for text in texts if re.fullmatch(r"[a-z]+\.[a-z_]+", str(text)))


def test_everything_that_is_told_has_words(context):
    actions = set(told())

    assert "account.signed_in" in actions
    assert actions - SAID.keys() == set()


def test_every_fact_of_a_seat_has_words():
    assert {f"oncall.{TRAIL.get(kind, kind)}" for kind in SeatKind} - SAID.keys() == set()


def test_in_words_falls_back_on_the_name(context):
    assert in_words("account.suspended") == "a suspendu un compte"
    assert in_words("something.new") == "something.new"


def about_it(action, subject="", detail="", names=None):
    return about(AuditEntry(action=action, subject=subject, detail=detail), names or {})


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (("oncall.generated", "", "opened:593 removed:1"), ["593 créneaux ouverts, 1 retiré"]),
        (("account.role_changed", "account:3", "member → secretary"), ["Membre → Secrétariat"]),
        (("account.created", "account:3", "a@b.example · coordinator"), ["a@b.example · Coordination"]),
        (("feed.created", "feed:2", "mine"), ["Mon planning"]),
        (("group.joined", "group:7", "person:5"), ["Plaies", "Dr Anne Petit"]),
        (("group.left", "group:7", "person:6"), ["Plaies", "quelqu’un qui est parti"]),
        (("group.post_deleted", "group:7", "post:3"), ["Plaies"]),
        (("oncall.taken", "seat:9", "slot:8 person:5"), ["SNP, demain", "Dr Anne Petit"]),
        (("leave.declared", "absence:4", "person:5 2026-08-20 2026-08-20"), ["Dr Anne Petit", "le jeudi 20 août"]),
        (("directory.left", "person:5", "2026-08-20"), ["Dr Anne Petit", "le jeudi 20 août"]),
        (("poll.date_fixed", "poll:1", "meeting:12"), ["Bilan"]),
        (
            ("meeting.changed", "meeting:12", "2026-08-20T18:00:00+00:00 -> 2026-08-21T18:00:00+00:00"),
            ["Bilan", "jeudi 20 août à 20\u202fh → vendredi 21 août à 20\u202fh"],
        ),
        (("group.created", "group:7", "Plaies"), ["Plaies"]),
        # What somebody wrote stands as it is.
        (("oncall.closed", "slot:8", "person:5 secretary"), ["SNP, demain", "person:5 secretary"]),
        (("account.signed_in", "account:3", ""), []),
    ],
)
def test_what_it_was_about_is_told_without_codes(context, entry, words):
    names = {
        ("group", 7): "Plaies",
        ("person", 5): "Dr Anne Petit",
        ("slot", 8): "SNP, demain",
        ("feed", 2): "Mon planning",
        ("poll", 1): "Bilan",
        ("meeting", 12): "Bilan",
    }

    assert about_it(*entry, names) == words
