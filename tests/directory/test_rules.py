import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpts_net.directory.practitioners import place_name
from cpts_net.directory.rules import proper_name, search_text, sentence_case
from cpts_net.folding import fold, spellings
from tests.directory.extracts import site_of

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


def test_search_text_holds_what_is_public_and_people_type():
    places = [
        site_of("MSP du Dunois", commune="Saint-Denis", phone="+33261910001"),
        site_of("", postal_code="", phone="3237"),
    ]

    text = search_text("Le Goff", "Anne", places)

    names = "le goff legoff anne saint denis saintdenis st stdenis"
    assert text == f"{names} msp du dunois 28200 0261910001 3237"


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("N'DIAYE", "ndiaye"),
        ("O’Brien", "obrien"),
        ("Le Goff", "legoff"),
        ("Saint-Jean", "st jean"),
        ("St Jean", "saint jean"),
        ("Sainte-Marie", "ste marie"),
        ("Van der Meer", "vandermeer"),
    ],
)
def test_a_name_is_found_however_its_gaps_and_saints_are_typed(name, typed):
    words = spellings(name).split()

    assert all(word in words for word in typed.split())


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("PRUD'HOMME", "Prud’homme"),
        ("D'ALMEIDA", "D’Almeida"),
        ("L'HOSTIS", "L’Hostis"),
        ("O'BRIEN", "O’Brien"),
        ("N’DIAYE", "N’Diaye"),
        ("M'BAREK", "M’Barek"),
        ("DE LA TOUR D'AUVERGNE", "De La Tour D’Auvergne"),
        ("GAE\u0308LLE LEFE\u0300VRE", "Gaëlle Lefèvre"),
        ("LE\u202eBRUN", "Lebrun"),
    ],
)
def test_a_capital_stands_behind_an_apostrophe_only_where_a_word_begins(given, written):
    assert proper_name(given) == written
