import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from wtforms import Form, StringField

from cpts_net.web.patient_numbers import contains_nir, refuse_nir


class NoteForm(Form):
    note = StringField(validators=[refuse_nir])


@pytest.mark.parametrize(
    "text",
    [
        "1 85 05 78 006 084 91",
        "Patiente 285057800608441, à rappeler",
        "1.85.05.78.006.084.91",
        "1-85-05-78-006-084-91.",
        "1\u202f85\u00a005 78 006 084 91",
        "sans clé\u202f: 1850578006084",
        "Corse\u202f: 1 85 05 2A 006 084 35",
        "Corse\u202f: 1 85 05 2b 006 084 62",
    ],
)
def test_contains_nir_finds_it_however_it_is_written(text):
    assert contains_nir(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1 85 05 78 006 084 92",
        "02 61 91 23 64",
        "+33 2 61 91 23 64",
        "RPPS 99728000011",
        "SIRET 732 829 320 00074",
        "FR76 3000 6000 0112 3456 7890 189",
        "Réunion le 12 08 2026 à 20 h, salle 3",
        "A1850578006084",
        "18505780060849100",
    ],
)
def test_contains_nir_leaves_other_numbers_alone(text):
    assert not contains_nir(text)


@given(
    st.integers(1, 2),
    st.integers(0, 99),
    st.integers(1, 12),
    st.integers(1, 95),
    st.integers(1, 999),
    st.integers(1, 999),
)
def test_contains_nir_knows_every_number_by_its_key(sex, year, month, department, commune, order):
    number = f"{sex}{year:02}{month:02}{department:02}{commune:03}{order:03}"
    key = 97 - int(number) % 97

    assert contains_nir(f"vu {number}{key:02} hier")
    assert not contains_nir(f"vu {number}{key % 97 + 1:02} hier")


def test_refuse_nir_answers_beside_the_field(app: Flask):
    with app.test_request_context():
        form = NoteForm(data={"note": "Voir 1 85 05 78 006 084 91"})

        assert not form.validate()
        assert form.note.errors == [
            "Ce texte contient un numéro de sécurité sociale\u202f: retirez tout ce qui identifie un patient."
        ]


def test_refuse_nir_lets_an_ordinary_note_pass(app: Flask):
    with app.test_request_context():
        assert NoteForm(data={"note": "De retour lundi 24, 02 61 91 23 64"}).validate()
        assert NoteForm(data={"note": ""}).validate()
