import re
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from cpts_net.oncall import queries
from cpts_net.oncall.line_actions import LONGEST_SLUG, slug_of
from cpts_net.oncall.line_forms import MOST_PATTERNS
from cpts_net.oncall.models import DutyLine, DutySlot
from cpts_net.roles import Role
from cpts_net.storage.connections import db
from tests.conftest import NOW

FORM = {
    "name": "Week-end infirmier",
    "purpose": "Soins qui ne peuvent attendre",
    "phone": "02 37 00 00 00",
    "out_of_hours": "En semaine, le 116117",
    "patterns-0-seats_min": "1",
    "patterns-0-seats_max": "2",
    "eligible": ["60"],
    "patterns-0-weekdays": ["5", "6"],
    "patterns-0-opens_at": "08:00",
    "patterns-0-closes_at": "20:00",
    "patterns-0-slot_minutes": "720",
    "patterns-0-holidays": "also",
    "patterns-0-valid_from": "2026-08-12",
}


@pytest.fixture
def coordinator(make, sign_in):
    make.person(profession="60")
    return sign_in(make.account(role=Role.COORDINATOR))


def line(app, slug):
    with app.app_context():
        return queries.line_by_slug(slug)


def slots(app):
    with app.app_context():
        return db.session.scalars(select(DutySlot).order_by(DutySlot.starts_at)).all()


def test_a_coordinator_opens_a_line_and_its_slots_are_there_at_once(coordinator, app):
    response = coordinator.post("/astreintes/lignes/nouvelle", data=FORM)

    assert response.status_code == 303
    made = line(app, "week-end-infirmier")
    assert (made.phone, made.out_of_hours) == ("+33237000000", "En semaine, le 116117")
    assert [each.profession_code for each in made.eligibilities] == ["60"]
    (pattern,) = made.patterns
    assert (pattern.seats_min, pattern.seats_max, pattern.weight) == (1, 2, 100)
    assert (pattern.weekdays, pattern.opens_at, pattern.closes_at, pattern.slot_minutes) == (
        "56",
        time(8),
        time(20),
        720,
    )
    assert len(slots(app)) >= 24


def seen(page):
    return re.search(r'name="seen" value="(\w+)"', page.text)[1]


def change(coordinator, made, wanted):
    """Send a change of hours, and confirm what is shown."""
    shown = coordinator.post(f"/astreintes/lignes/{made.id}", data=wanted)
    assert shown.status_code == 200
    return coordinator.post(f"/astreintes/lignes/{made.id}", data={**wanted, "seen": seen(shown)})


def test_changing_the_hours_changes_the_empty_slots(coordinator, app):
    coordinator.post("/astreintes/lignes/nouvelle", data=FORM)
    made = line(app, "week-end-infirmier")
    before = len(slots(app))

    page = coordinator.get(f"/astreintes/lignes/{made.id}").text
    assert 'value="2026-08-12"' in page
    wanted = {**FORM, "name": "Infirmiers", "patterns-0-slot_minutes": "360"}
    response = change(coordinator, made, wanted)

    assert response.status_code == 303
    after = line(app, "week-end-infirmier")
    assert (after.name, len(slots(app))) == ("Infirmiers", 2 * before)


def test_a_row_without_days_removes_the_hours(coordinator, app):
    coordinator.post("/astreintes/lignes/nouvelle", data=FORM)
    made = line(app, "week-end-infirmier")
    without = {**FORM, "patterns-0-weekdays": [], "patterns-0-holidays": "closed"}

    change(coordinator, made, without)

    assert (line(app, "week-end-infirmier").patterns, slots(app)) == ([], [])


def test_a_change_of_hours_is_shown_before_it_is_done(coordinator, app):
    coordinator.post("/astreintes/lignes/nouvelle", data=FORM)
    made, before = line(app, "week-end-infirmier"), [slot.id for slot in slots(app)]
    wanted = {**FORM, "patterns-0-slot_minutes": "360"}

    shown = coordinator.post(f"/astreintes/lignes/{made.id}", data=wanted)

    assert (shown.status_code, [slot.id for slot in slots(app)]) == (200, before)
    assert f"{2 * len(before)} créneaux s’ouvrent" in shown.text
    assert 'name="patterns-0-slot_minutes" value="360"' in shown.text
    again = coordinator.post(f"/astreintes/lignes/{made.id}", data={**wanted, "encore": "1", "seen": seen(shown)})
    assert (again.status_code, [slot.id for slot in slots(app)]) == (200, before)
    assert "Plage 1" in again.text


def test_what_is_done_is_what_was_shown(coordinator, app, make):
    coordinator.post("/astreintes/lignes/nouvelle", data=FORM)
    made = line(app, "week-end-infirmier")
    wanted = {**FORM, "patterns-0-slot_minutes": "360"}
    shown = coordinator.post(f"/astreintes/lignes/{made.id}", data=wanted)
    make.seat(slots(app)[0], make.person(profession="60"))
    make.announce("continuity")

    refused = coordinator.post(f"/astreintes/lignes/{made.id}", data={**wanted, "seen": seen(shown)})

    assert refused.status_code == 409
    assert "Entre-temps" in refused.text
    assert coordinator.post(f"/astreintes/lignes/{made.id}", data={**wanted, "seen": seen(refused)}).status_code == 303


def test_a_closing_half_an_hour_later_makes_no_stumps(coordinator, app, make):
    """L5: the last slot grows; where somebody holds it the day is named, and keeps its hours."""
    coordinator.post("/astreintes/lignes/nouvelle", data={**FORM, "patterns-0-slot_minutes": "240"})
    made = line(app, "week-end-infirmier")
    last = [slot for slot in slots(app) if slot.ends_at.hour == 18]
    make.seat(last[0], make.person(profession="60"))
    make.announce("continuity")
    wanted = {**FORM, "patterns-0-slot_minutes": "240", "patterns-0-closes_at": "20:30"}

    shown = coordinator.post(f"/astreintes/lignes/{made.id}", data=wanted)
    change(coordinator, made, wanted)

    assert "Le nouvel horaire commence après" in shown.text
    assert "samedi 15 août de 20\u202fh à 20\u202fh\u202f30" in shown.text
    lengths = {(slot.ends_at - slot.starts_at).total_seconds() / 3600 for slot in slots(app)}
    assert lengths == {4, 4.5}
    assert [slot.id for slot in slots(app) if slot.id == last[0].id and slot.ends_at == last[0].ends_at] == [last[0].id]


def test_a_change_ends_one_version_and_begins_the_next(coordinator, app, make, sign_in, frozen):
    coordinator.post("/astreintes/lignes/nouvelle", data=FORM)
    made = line(app, "week-end-infirmier")
    number = made.patterns[0].id
    frozen.move_to(NOW + timedelta(days=10))
    coordinator = sign_in(make.account(role=Role.COORDINATOR))

    change(coordinator, made, {**FORM, "patterns-0-id": number, "patterns-0-closes_at": "18:00"})

    first, second = line(app, "week-end-infirmier").patterns
    assert (first.id, first.valid_until, first.closes_at) == (number, date(2026, 8, 21), time(20))
    assert (second.valid_from, second.valid_until, second.closes_at) == (date(2026, 8, 22), None, time(18))
    assert "Plage 2" not in coordinator.get(f"/astreintes/lignes/{made.id}").text.replace("Plage 2</legend>", "", 1)


def test_the_minimum_of_what_is_past_stays(coordinator, app, make, sign_in, frozen):
    coordinator.post("/astreintes/lignes/nouvelle", data=FORM)
    made = line(app, "week-end-infirmier")
    frozen.move_to(NOW + timedelta(days=10))
    coordinator = sign_in(make.account(role=Role.COORDINATOR))

    change(coordinator, made, {**FORM, "patterns-0-seats_min": "2"})

    fewest = {slot.starts_at < NOW + timedelta(days=10): slot.seats_min for slot in slots(app)}
    assert fewest == {True: 1, False: 2}


def test_two_plages_at_once_are_refused_beside_the_second(coordinator, app):
    twice = {name.replace("-0-", "-1-"): value for name, value in FORM.items() if "-0-" in name}

    answer = coordinator.post("/astreintes/lignes/nouvelle", data={**FORM, **twice, "patterns-1-opens_at": "19:59"})

    assert answer.status_code == 422
    assert "Ouvre en même temps que la plage 1" in answer.text
    assert line(app, "week-end-infirmier") is None


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "Donnez un nom"),
        ({"phone": "quatre"}, "ne se compose pas"),
        ({"patterns-0-seats_min": "3"}, "Au moins autant"),
        ({"patterns-0-seats_max": "0"}, "De 1 à 20."),
        ({"eligible": []}, "au moins une profession"),
        ({"patterns-0-opens_at": ""}, "les deux heures"),
        ({"patterns-0-valid_until": "2026-08-01"}, "avant le premier"),
        ({"patterns-0-valid_from": "0001-01-01"}, "hors de portée"),
        ({"patterns-0-valid_until": "9999-12-31"}, "hors de portée"),
        ({"patterns-0-slot_minutes": "1"}, "slot_minutes-error"),
        ({"patterns-0-slot_minutes": str(2**31)}, "slot_minutes-error"),
    ],
)
def test_what_makes_no_line_is_said_beside_the_field(coordinator, app, wrong, sentence):
    response = coordinator.post("/astreintes/lignes/nouvelle", data={**FORM, **wrong})

    assert response.status_code == 422
    assert sentence in response.text
    assert line(app, "week-end-infirmier") is None


def test_two_lines_do_not_have_one_name(coordinator):
    coordinator.post("/astreintes/lignes/nouvelle", data=FORM)

    response = coordinator.post("/astreintes/lignes/nouvelle", data={**FORM, "name": "WEEK-END INFIRMIER"})

    assert response.status_code == 422
    assert "Une ligne porte déjà ce nom." in response.text


@pytest.mark.parametrize(
    ("typed", "kept", "shown"),
    [
        ("32 37", "3237", "3237"),
        ("116 117", "116117", "116117"),
        ("15", "15", "15"),
        ("0692123456", "+262692123456", "0692 12 34 56"),
    ],
)
def test_a_line_has_any_number_that_france_dials(coordinator, app, typed, kept, shown):
    coordinator.post("/astreintes/lignes/nouvelle", data={**FORM, "phone": typed})

    made = line(app, "week-end-infirmier")
    assert made.phone == kept
    page = coordinator.get("/astreintes/week-end-infirmier/").text
    assert f'href="tel:{kept}"' in page
    assert shown.replace(" ", "\u00a0") in page
    assert f'value="{shown}"' in coordinator.get(f"/astreintes/lignes/{made.id}").text


def test_a_number_that_is_refused_stays_as_it_was_typed(coordinator):
    page = coordinator.post("/astreintes/lignes/nouvelle", data={**FORM, "phone": "02 37 00"}).text

    assert "ne se compose pas" in page
    assert 'value="02 37 00"' in page


def test_specialties_are_offered_under_their_profession(coordinator, app, make):
    make.person(specialty="SM54")
    form = {**FORM, "eligible": ["10/SM54"]}

    assert "Médecin – Médecine générale" in coordinator.get("/astreintes/lignes/nouvelle").text
    coordinator.post("/astreintes/lignes/nouvelle", data=form)

    (permission,) = line(app, "week-end-infirmier").eligibilities
    assert (permission.profession_code, permission.specialty_code) == ("10", "SM54")


def test_lines_are_listed_with_their_hours(coordinator):
    coordinator.post("/astreintes/lignes/nouvelle", data=FORM)

    page = coordinator.get("/astreintes/lignes/").text

    assert "Week-end infirmier" in page
    assert "créneaux de 12\u202fh" in page


@pytest.mark.parametrize("role", [Role.MEMBER, Role.SECRETARY])
def test_only_coordinators_set_lines_up(make, sign_in, role):
    browser = sign_in(make.account(make.person(), role=role))
    line = make.line()

    for address in ("/astreintes/lignes/", "/astreintes/lignes/nouvelle", f"/astreintes/lignes/{line.id}"):
        assert browser.get(address).status_code == 404


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Garde (nuit) d’été", "garde-nuit-d-ete"),
        ("Créneaux", "ligne-creneaux"),
        ("!!!", "ligne"),
        ("a" * 60, "a" * 40),
        ("Lignes", "ligne-lignes"),
    ],
)
def test_names_become_addresses(name, slug):
    assert slug_of(name) == slug


@given(names=st.lists(st.text("abc -!", max_size=60), max_size=15))
def test_no_two_lines_get_one_address(names):
    taken = set()
    for name in names:
        slug = slug_of(name, taken)
        assert slug not in taken
        assert 0 < len(slug) <= LONGEST_SLUG
        taken.add(slug)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            "Soins non programmés, médecine générale, secteur nord",
            "Soins non programmés, médecine générale, secteur sud",
        ),
        ("🚑", "🦷"),
        ("Garde", "Garde 2"),
    ],
)
def test_names_that_begin_alike_are_two_lines(coordinator, rows, first, second):
    for name in (first, second):
        assert coordinator.post("/astreintes/lignes/nouvelle", data={**FORM, "name": name}).status_code == 303

    assert [line.name for line in rows(DutyLine)] == [first, second]
    assert len({line.slug for line in rows(DutyLine)}) == 2


@pytest.mark.parametrize("name", ["Garde de nuit", "GARDE — DE NUIT", "  garde  de nuit "])
def test_a_line_is_not_renamed_to_the_name_of_another(coordinator, rows, name):
    coordinator.post("/astreintes/lignes/nouvelle", data={**FORM, "name": "Garde de nuit"})
    coordinator.post("/astreintes/lignes/nouvelle", data=FORM)
    night, weekend = rows(DutyLine)

    refused = coordinator.post(f"/astreintes/lignes/{weekend.id}", data={**FORM, "name": name})
    kept = coordinator.post(f"/astreintes/lignes/{night.id}", data={**FORM, "name": name})

    assert (refused.status_code, kept.status_code) == (422, 303)
    assert "Une autre ligne porte déjà ce nom." in refused.text
    assert [line.name for line in rows(DutyLine)] == [" ".join(name.split()), FORM["name"]]


def test_what_was_sent_twice_counts_once(coordinator, app):
    coordinator.post(
        "/astreintes/lignes/nouvelle", data={**FORM, "eligible": ["60", "60"], "patterns-0-weekdays": ["5"] * 9}
    )

    made = line(app, "week-end-infirmier")
    assert ([each.profession_code for each in made.eligibilities], made.patterns[0].weekdays) == (["60"], "5")


def test_rows_of_hours_are_bounded(coordinator):
    rows = {f"patterns-{number}-holidays": "also" for number in range(500)}

    answer = coordinator.post("/astreintes/lignes/nouvelle", data={**FORM, **rows, "patterns-²-holidays": "also"})

    assert answer.status_code == 422
    assert answer.text.count("<legend>Plage ") == MOST_PATTERNS


def test_a_group_of_boxes_is_required_as_a_group(coordinator):
    page = coordinator.get("/astreintes/lignes/nouvelle").text
    refused = coordinator.post("/astreintes/lignes/nouvelle", data={**FORM, "eligible": []}).text

    assert not re.search(r'<input[^>]*type="checkbox"[^>]*required', page)
    assert '<fieldset class="boxes" aria-describedby="eligible-hint eligible-error">' in refused
    assert re.search(r'<input autofocus id="eligible-0"', refused)
    assert '<a href="#eligible-0">Qui peut la tenir</a> – Choisissez au moins une profession.' in " ".join(
        refused.split()
    )


def test_first_day_defaults_to_today(coordinator, app):
    coordinator.post("/astreintes/lignes/nouvelle", data={**FORM, "patterns-0-valid_from": ""})

    assert line(app, "week-end-infirmier").patterns[0].valid_from == date(2026, 8, 12)
