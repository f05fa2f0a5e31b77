"""Trades: one for every profession and specialty, in the words that people use."""

import pytest
from flask_babel import force_locale
from hypothesis import given
from hypothesis import strategies as st

from cpts_net import texts
from cpts_net.directory.trades import EVERY_TRADE, UNKNOWN, phrases, several, trade_of
from cpts_net.folding import fold
from scripts import i18n

CODES = st.one_of(st.text(max_size=10), st.from_regex(r"(SM|SI|SCD)\d\d", fullmatch=True), st.none())
# TRE_G15, TRE_R95 and TRE_R94, those that may still be given.
NATIONAL_LIST = (
    *[
        "10",
        "21",
        "26",
        "28",
        "31",
        "32",
        "35",
        "36",
        "37",
        "38",
        "39",
        "40",
        "50",
        "60",
        "69",
        "70",
        "80",
        "81",
        "82",
        "83",
        "84",
        "85",
        "86",
        "91",
        "92",
        "93",
        "94",
        "95",
        "96",
        "98",
    ],
    *["71", "72", "73", "93", "97"],
    *["41", "42", "43", "44", "45", "46", "47", "48", "49", "51", "52", "53"],
)


@pytest.mark.parametrize(
    ("profession", "specialty", "man", "woman", "people"),
    [
        ("10", None, "médecin généraliste", "médecin généraliste", "médecins généralistes"),
        ("10", "SM26", "médecin généraliste", "médecin généraliste", "médecins généralistes"),
        ("10", "SM53", "médecin généraliste", "médecin généraliste", "médecins généralistes"),
        ("10", "SM54", "médecin généraliste", "médecin généraliste", "médecins généralistes"),
        ("10", "SM04", "cardiologue", "cardiologue", "cardiologues"),
        ("10", "SM18", "gériatre", "gériatre", "gériatres"),
        ("10", "SM25", "médecin du travail", "médecin du travail", "médecins du travail"),
        ("10", "SM34", "ORL", "ORL", "ORL"),
        ("10", "SM77", "chirurgien maxillo-facial", "chirurgienne maxillo-faciale", "chirurgiens maxillo-faciaux"),
        ("10", "SM999", "autre médecin spécialiste", "autre médecin spécialiste", "autres médecins spécialistes"),
        ("21", None, "pharmacien", "pharmacienne", "pharmaciens"),
        ("35", None, "aide-soignant", "aide-soignante", "aides-soignants"),
        ("40", None, "chirurgien-dentiste", "chirurgienne-dentiste", "chirurgiens-dentistes"),
        ("40", "SCD01", "orthodontiste", "orthodontiste", "orthodontistes"),
        ("50", None, "sage-femme", "sage-femme", "sages-femmes"),
        ("60", None, "infirmier", "infirmière", "infirmiers"),
        ("60", "SI01", "infirmier en pratique avancée", "infirmière en pratique avancée", "infirmiers en pratique avancée"),
        ("60", "SI06", "infirmier en pratique avancée", "infirmière en pratique avancée", "infirmiers en pratique avancée"),
        ("60", "SM54", "infirmier", "infirmière", "infirmiers"),
        ("86", "", "technicien de laboratoire médical", "technicienne de laboratoire médical", "techniciens de laboratoire médical"),
        ("95", None, "diététicien", "diététicienne", "diététiciens"),
    ],
)  # fmt: skip
def test_a_trade_is_said_of_a_man_of_a_woman_and_of_several(profession, specialty, man, woman, people):
    trade = trade_of(profession, specialty)

    assert (trade.said_of("M"), trade.said_of("MME"), trade.said_of("")) == (man, woman, man)
    assert trade.plural == people


def test_the_article_follows_whom_it_is_said_of():
    assert trade_of("21").one() == "un pharmacien"
    assert trade_of("60").one("MME") == "une infirmière"
    assert trade_of("50").one() == "une sage-femme"
    assert trade_of("60").label("MME") == "Infirmière"
    assert trade_of("91").plural_label == "Orthophonistes"


@pytest.mark.parametrize("code", NATIONAL_LIST)
def test_every_profession_of_the_national_lists_has_a_trade(code):
    assert trade_of(code) is not UNKNOWN


@pytest.mark.parametrize("number", range(1, 96))
def test_every_medical_specialty_of_the_national_list_has_one(number):
    assert trade_of("10", f"SM{number:02}").key != "autre-medecin-specialiste"


@given(st.text(max_size=5), CODES)
def test_whatever_the_codes_there_is_one_trade(profession, specialty):
    trade = trade_of(profession, specialty)

    assert trade in EVERY_TRADE
    assert trade == trade_of(profession, specialty)
    assert all((trade.said_of("M"), trade.said_of("MME"), trade.plural, trade.sort_key))


def test_keys_tell_trades_apart_and_stand_in_addresses():
    keys = [trade.key for trade in EVERY_TRADE]

    assert len(set(keys)) == len(keys)
    assert all(fold(key).replace(" ", "-") == key for key in keys)


def test_specialists_are_counted_together_and_everybody_else_with_their_like():
    assert trade_of("10", "SM04").group == trade_of("10", "SM18").group == trade_of("10", "SM999")
    assert trade_of("10", "SM54").group == trade_of("10")
    assert trade_of("60", "SI01").group != trade_of("60").group


@pytest.mark.parametrize(
    ("profession", "specialty", "called"),
    [
        ("10", "SM54", "MG"),
        ("10", None, "généraliste"),
        ("70", None, "kiné"),
        ("91", None, "ortho"),
        ("60", None, "idel"),
        ("60", "SI03", "IPA"),
        ("60", "SI03", "infirmière"),
        ("10", "SM04", "cardiologue"),
        ("10", "SM04", "médecin"),
        ("10", "SM18", "gériatre"),
        ("10", "SM42", "psychiatre"),
        ("10", "SM40", "pediatre"),
        ("95", None, "diététicienne"),
        ("50", None, "sage-femme"),
        ("50", None, "sages-femmes"),
        ("40", None, "dentiste"),
    ],
)
def test_usual_words_lead_to_a_trade(profession, specialty, called):
    words = trade_of(profession, specialty).words

    assert all(f" {part}" in words for part in fold(called).split())


@given(st.sampled_from(EVERY_TRADE))
def test_several_of_several_are_still_several(trade):
    assert several(trade.plural) == trade.plural


def test_a_catalogue_reaches_all_that_is_said_of_a_trade(app, monkeypatch):
    english = {"Infirmière": "Nurse", "un infirmier": "a nurse", "aucun infirmier": "no nurse", "Infirmiers": "Nurses"}

    class English:
        ugettext = staticmethod(lambda text: english.get(text, text))
        ungettext = staticmethod(lambda one, many, number: "%(num)s nurse" if number == 1 else "%(num)s nurses")

    nurse = trade_of("60")
    with app.test_request_context(), force_locale("en"):
        monkeypatch.setattr(texts, "get_translations", English)
        for keep in (texts._translated, texts._counted):
            keep.cache_clear()
        said = (nurse.label("MME"), nurse.one(), nurse.none(), nurse.plural_label, nurse.count(2))
        for keep in (texts._translated, texts._counted):
            keep.cache_clear()

    assert said == ("Nurse", "a nurse", "no nurse", "Nurses", "2 nurses")
    assert {"Infirmière", "aucun infirmier", "une sage-femme", ("%(num)s infirmier", "%(num)s infirmiers")} <= set(
        phrases()
    )


def test_every_phrase_of_a_trade_is_in_the_source_of_catalogues():
    known = {message.id for message in i18n.texts()}

    assert set(phrases()) <= known
