import re
from datetime import date, timedelta

from tests.continuity.declared import EIGHT, TWO_HOURS, WEEK, absences, holders, mails


def test_a_leave_that_hits_a_duty_asks_what_becomes_of_it(browser, app, seat):
    response = browser.post("/absences/nouvelle", data={**WEEK, "note": "Joignable par SMS"})

    assert response.status_code == 422
    assert "Soins non programmés, vendredi 14 août de 8\u202fh à 10\u202fh" in response.text
    assert f'name="garde-{seat.id}"' in response.text
    assert "Joignable par SMS" in response.text
    assert absences(app) == []


def test_what_waits_for_an_answer_has_the_focus(browser, make, anne, seat):
    second = make.seat(make.slot(make.line("nuit"), EIGHT + TWO_HOURS, EIGHT + 2 * TWO_HOURS), anne)
    kept, nobody = {f"garde-{seat.id}": "keep"}, {f"garde-{second.id}": "hand_over"}

    unsettled = browser.post("/absences/nouvelle", data=WEEK).text
    half = browser.post("/absences/nouvelle", data={**WEEK, "toutes": "each", **kept}).text
    refused = browser.post("/absences/nouvelle", data={**WEEK, **kept, **nobody}).text

    focused = [re.findall(r'<input[^>]* id="([^"]*)"[^>]* autofocus', page) for page in (unsettled, half, refused)]
    assert focused == [["toutes-keep"], [f"garde-{second.id}-keep"], [f"garde-{second.id}-keep"]]
    assert [page.count("Dites ce qu’elle devient.") for page in (unsettled, half, refused)] == [0, 1, 0]


def _one_more(make, anne, hours=2):
    starts = EIGHT + timedelta(hours=hours)
    return make.seat(make.slot(make.line(f"ligne-{hours}"), starts, starts + TWO_HOURS), anne)


def _checked(page):
    return re.findall(r'<input[^>]* id="(toutes-[^"]*)"[^>]* checked', page)


def test_one_answer_does_for_all_duties_that_the_page_showed(browser, app, make, anne, seat):
    second, unseen = _one_more(make, anne), _one_more(make, anne, 4)
    said = {**WEEK, "toutes": "release", "parmi": [seat.id, second.id]}

    missing = browser.post("/absences/nouvelle", data=said)
    before = holders(app)
    again = browser.post("/absences/nouvelle", data={**said, "parmi": [seat.id, second.id, unseen.id]})

    assert (missing.status_code, again.status_code) == (422, 303)
    assert _checked(missing.text) == ["toutes-release"]
    assert before == {each.id: anne.id for each in (seat, second, unseen)}
    assert holders(app) == {}


def test_an_answer_for_all_counts_whatever_each_said_before(browser, app, make, anne, paul, seat):
    second = _one_more(make, anne)
    each = {f"garde-{seat.id}": "release", f"garde-{second.id}": "hand_over", f"pour-{second.id}": paul.id}

    browser.post("/absences/nouvelle", data={**WEEK, **each, "toutes": "keep", "parmi": [seat.id, second.id]})

    assert holders(app) == {seat.id: anne.id, second.id: anne.id}


def test_a_single_duty_is_not_asked_for_together_with_others(browser, make, anne, seat):
    alone = browser.post("/absences/apercu", data=WEEK).text
    _one_more(make, anne)
    together = browser.post("/absences/apercu", data=WEEK).text

    assert ['name="toutes"' in page for page in (alone, together)] == [False, True]
    assert [" required" in page for page in re.findall(r'<input[^>]*name="garde-[^>]*value="keep"[^>]*>', alone)] == [
        True
    ]
    assert not [tag for tag in re.findall(r'<input[^>]*name="garde-[^>]*>', together) if " required" in tag]


def test_who_settled_one_by_one_finds_it_so_again(browser, make, anne, seat):
    second = _one_more(make, anne)

    page = browser.post("/absences/apercu", data={**WEEK, f"garde-{second.id}": "release"}).text

    assert _checked(page) == ["toutes-each"]


def test_the_preview_lists_the_duties_too(browser, seat):
    assert f'name="garde-{seat.id}"' in browser.post("/absences/apercu", data=WEEK).text


def test_a_duty_is_kept(browser, app, anne, seat):
    response = browser.post("/absences/nouvelle", data={**WEEK, f"garde-{seat.id}": "keep"})

    assert response.status_code == 303
    assert holders(app) == {seat.id: anne.id}


def test_a_duty_is_released(browser, app, seat):
    browser.post("/absences/nouvelle", data={**WEEK, f"garde-{seat.id}": "release"})

    assert (holders(app), len(absences(app))) == ({}, 1)


def test_a_duty_is_handed_over_and_both_are_told(browser, app, make, paul, seat):
    his = make.account(paul)

    browser.post("/absences/nouvelle", data={**WEEK, f"garde-{seat.id}": "hand_over", f"pour-{seat.id}": str(paul.id)})

    assert holders(app) == {seat.id: paul.id}
    assert his.email in mails(app)
    assert len(mails(app)) == 2


def test_nothing_is_saved_when_one_duty_cannot_be_settled(browser, app, make, anne, paul, seat):
    second = make.seat(make.slot(make.line("nuit"), EIGHT + TWO_HOURS, EIGHT + 2 * TWO_HOURS), anne)
    make.absence(paul, date(2026, 8, 14), date(2026, 8, 14))

    response = browser.post(
        "/absences/nouvelle",
        data={
            **WEEK,
            f"garde-{seat.id}": "release",
            f"garde-{second.id}": "hand_over",
            f"pour-{second.id}": str(paul.id),
        },
    )

    assert response.status_code == 422
    assert "Dr Paul Roy est absent le vendredi 14 août." in response.text
    assert holders(app) == {seat.id: anne.id, second.id: anne.id}
    assert len(absences(app)) == 1


def test_handing_over_to_nobody_asks_to_whom(browser, app, seat):
    response = browser.post("/absences/nouvelle", data={**WEEK, f"garde-{seat.id}": "hand_over"})

    assert response.status_code == 422
    assert "Choisissez à qui." in response.text
    assert absences(app) == []


def test_only_free_and_eligible_people_are_offered_a_duty(browser, make, paul, seat):
    busy = make.person("Jean", "Morel")
    make.seat(make.slot(make.line("nuit"), EIGHT, EIGHT + TWO_HOURS), busy)
    nurse = make.person("Inès", "Boyer", profession="60")

    page = browser.post("/absences/apercu", data={**WEEK, f"pour-{seat.id}-q": "chateaudun"}).text
    offered = page[page.index(f'data-name="pour-{seat.id}"') :]

    def radio(person, *, is_off):
        off = ' disabled="disabled"' if is_off else ""
        return f'id="pour-{seat.id}-{person.id}" name="pour-{seat.id}" value="{person.id}"{off}>'

    assert radio(paul, is_off=False) in offered
    assert radio(busy, is_off=True) in offered
    assert radio(nurse, is_off=True) in offered


def test_a_past_duty_is_not_asked_about(browser, make, anne):
    make.seat(make.slot(make.line(), EIGHT - timedelta(days=3), EIGHT - timedelta(days=2, hours=23)), anne)

    assert browser.post("/absences/nouvelle", data=WEEK).status_code == 303


def test_a_duty_under_way_is_asked_about_and_cannot_be_given_back(browser, app, make, anne, frozen):
    under_way = make.seat(make.slot(make.line(), EIGHT, EIGHT + TWO_HOURS), anne)
    frozen.move_to(EIGHT + timedelta(hours=1))
    today = {**WEEK, "first_day": "2026-08-14"}

    asked = browser.post("/absences/nouvelle", data=today)
    refused = browser.post("/absences/nouvelle", data={**today, f"garde-{under_way.id}": "release"})

    assert (asked.status_code, refused.status_code) == (422, 422)
    assert f'id="garde-{under_way.id}-keep"' in asked.text
    assert f'id="garde-{under_way.id}-release"' not in asked.text
    assert f'id="garde-{under_way.id}-error"' in refused.text
    assert (absences(app), holders(app)) == ([], {under_way.id: anne.id})
    kept = browser.post("/absences/nouvelle", data={**today, f"garde-{under_way.id}": "keep"})
    assert kept.status_code == 303


def test_changing_does_not_ask_again_about_a_duty_that_was_kept(browser, make, anne, seat):
    absence = make.absence(anne, date(2026, 8, 10), date(2026, 8, 16))

    response = browser.post(f"/absences/{absence.id}/modifier", data={**WEEK, "note": "Changé"})

    assert response.status_code == 303


def test_changing_asks_about_a_duty_that_it_newly_hits(browser, make, anne, seat):
    absence = make.absence(anne, date(2026, 8, 10), date(2026, 8, 13))

    response = browser.post(f"/absences/{absence.id}/modifier", data=WEEK)

    assert response.status_code == 422
    assert f'name="garde-{seat.id}"' in response.text
