"""The monogram beside a name."""

from types import SimpleNamespace

import pytest

from cpts_net.directory.faces import Face, face_of
from cpts_net.directory.trade_list import FAMILIES
from cpts_net.directory.trades import EVERY_TRADE, SPECIALIST, UNKNOWN, trade_of
from cpts_net.paths import ROOT


def somebody(name, trade=None):
    return SimpleNamespace(name=name, trade=trade)


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Dr Anne Petit", "AP"),
        ("Marie-Françoise Lefèvre-Da Silva", "ML"),
        ("Élodie Da Costa", "ÉD"),
        ("Secrétariat", "S"),
    ],
)
def test_a_face_shows_the_initials_of_given_and_family_name(name, letters):
    assert face_of(somebody(name)) == Face(letters, "")


def test_a_face_has_the_family_of_the_trade():
    assert face_of(somebody("Inès Boyer", trade_of("60"))) == Face("IB", "care")
    assert face_of(somebody("Dr Anne Petit", trade_of("10", "SM04"))) == Face("AP", "medicine")
    assert face_of(somebody("Inès Boyer", trade_of("60", "SI01"))) == Face("IB", "care")


def test_a_structure_and_a_line_have_no_face():
    assert face_of(SimpleNamespace(name="Maison de santé de Brou")) is None


def test_every_trade_but_those_that_no_list_holds_has_a_family_with_a_colour():
    tokens = (ROOT / "static/css/tokens.css").read_text()
    sheet = (ROOT / "static/css/people.css").read_text()

    assert {trade.key for trade in EVERY_TRADE if not trade.family} == {UNKNOWN.key}
    assert SPECIALIST.family == "medicine"
    for family in FAMILIES:
        assert f"--{family}: light-dark(" in tokens
        assert f".face-{family} {{" in sheet
