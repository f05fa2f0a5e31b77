from datetime import UTC, date, datetime

import pytest

from cpts_net.leave.rules import Declaration
from cpts_net.oncall import rules
from cpts_net.oncall.wording import refusal, when
from cpts_net.spans import Span

DUTY = Span(datetime(2026, 8, 14, 18, tzinfo=UTC), datetime(2026, 8, 15, 6, tzinfo=UTC))
AWAY = rules.HolderIsAway(Declaration(date(2026, 8, 14), date(2026, 8, 20)))


def test_a_duty_across_midnight_names_both_days(context):
    assert when(DUTY.start, DUTY.end) == "du vendredi 14 août 20\u202fh au samedi 15 août 8\u202fh"


@pytest.mark.parametrize(
    ("error", "name", "sentence"),
    [
        (AWAY, "", "Vous avez une absence du vendredi 14 au jeudi 20 août\u202f: modifiez-la d’abord."),
        (AWAY, "Dr Roy", "Dr Roy est absent du vendredi 14 au jeudi 20 août."),
        (rules.NotEligible(), "", "Cette ligne est tenue par d’autres professions que la vôtre."),
        (rules.NotEligible(), "Dr Roy", "La profession de Dr Roy ne tient pas cette ligne."),
        (rules.SlotFull(), "", "Quelqu’un vient de prendre la dernière place."),
        (rules.SlotGone(), "", "Ce créneau n’existe plus."),
        (rules.SlotClosed(), "", "Ce créneau est fermé\u202f: personne ne l’assure."),
        (
            rules.DutiesOverlap("Nuit", DUTY),
            "Dr Roy",
            "Dr Roy est déjà d’astreinte (Nuit), du vendredi 14 août 20\u202fh au samedi 15 août 8\u202fh.",
        ),
    ],
)
def test_refusals_are_sentences(context, error, name, sentence):
    assert refusal(error, name) == sentence
