import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpts_net.directory.practitioners import place_name
from cpts_net.directory.rules import has_luhn_key, proper_name, search_text, sentence_case, sort_key
from cpts_net.folding import fold

RPPS = ["99728000011", "99728000029", "99728000037", "99728000045", "99728000052", "99700237045"]
names = st.text(st.sampled_from("ABCDEÉÈÇŒabcdeéèçœ-' ’"), min_size=1)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Lefèvre-Da Silva", "lefevre da silva"),
        ("  CŒUR d’Orléans ", "coeur d orleans"),
        ("Straße", "strasse"),
        ("100 % _sûr_", "100 sur"),
        ("", ""),
    ],
)
def test_fold_drops_case_accents_and_signs(text, folded):
    assert fold(text) == folded


@given(st.text())
def test_fold_is_settled_after_one_turn(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(st.characters(codec="cp1252")))
def test_fold_is_blind_to_case(text):
    assert fold(text.upper()) == fold(text.lower()) == fold(text)


@pytest.mark.parametrize("number", RPPS)
def test_has_luhn_key_accepts_real_numbers(number):
    assert has_luhn_key(number)


@given(st.sampled_from(RPPS), st.integers(0, 10), st.integers(1, 9))
def test_has_luhn_key_sees_any_wrong_digit(number, place, shift):
    wrong = str((int(number[place]) + shift) % 10)

    assert not has_luhn_key(number[:place] + wrong + number[place + 1 :])


@given(st.text(string.digits, min_size=10, max_size=10))
def test_has_luhn_key_accepts_one_key_in_ten(digits):
    assert sum(has_luhn_key(f"{digits}{key}") for key in range(10)) == 1


@pytest.mark.parametrize(
    ("given_name", "proper"),
    [
        ("LEFÈVRE-DA SILVA", "Lefèvre-Da Silva"),
        ("D'HONDT", "D’Hondt"),
        ("marie-françoise", "Marie-Françoise"),
        ("McDonald", "McDonald"),
        ("  DE   LA FONTAINE ", "De La Fontaine"),
    ],
)
def test_proper_name_is_written_as_people_write_it(given_name, proper):
    assert proper_name(given_name) == proper


@given(names)
def test_proper_name_changes_neither_letters_nor_itself(name):
    once = proper_name(name)

    assert fold(once) == fold(name)
    assert proper_name(once) == once


@pytest.mark.parametrize(
    ("label", "written"),
    [
        ("Masseur-Kinésithérapeute", "Masseur-kinésithérapeute"),
        ("Qualifié en Médecine Générale", "Qualifié en médecine générale"),
        ("IPA Pathologies chroniques stabilisées", "IPA pathologies chroniques stabilisées"),
        ("", ""),
    ],
)
def test_sentence_case_is_what_french_writes(label, written):
    assert sentence_case(label) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("MSP DU DUNOIS", "MSP du Dunois"),
        ("CABINET LANGLOIS", "Cabinet Langlois"),
        ("D'ORLÉANS", "D’Orléans"),
        ("CLOYES-LES-TROIS-RIVIÈRES", "Cloyes-les-Trois-Rivières"),
        ("LE GAULT-SAINT-DENIS", "Le Gault-Saint-Denis"),
        ("Vald'Yerre", "Vald’Yerre"),
    ],
)
def test_place_name_is_written_as_people_write_it(text, written):
    assert place_name(text) == written


def test_place_name_inside_a_line_may_begin_small():
    assert place_name("rue DE LA RÉPUBLIQUE", is_start=False) == "rue de la République"


def test_search_text_holds_what_colleagues_type():
    key = sort_key("Petit", "Anne")

    text = search_text(key, ("10", "SM54"), ("Médecin", "Médecine générale", "Brou", "Brou"))

    assert text == "petit anne medecin medecine generale brou docteur generaliste"
