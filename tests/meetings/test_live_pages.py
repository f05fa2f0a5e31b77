from datetime import timedelta

import pytest

from cpts_net import clock
from cpts_net.meetings.live_pages import POLL, PollUnknown
from cpts_net.pictures.changes import changes_between
from cpts_net.storage.transaction import snapshot
from tests.meetings.conftest import THURSDAY


@pytest.fixture
def draw(app):
    """The picture of a poll as the push process draws it."""

    def picture(poll):
        with app.test_request_context(), snapshot():
            return POLL.picture(poll.id, clock.now())

    return picture


def row_of(html, poll, place):
    """The row of the date that stands at a place of the poll."""
    return html.split(f'id="poll-{poll.id}-answers-{poll.option_ids[place]}"')[1].split("</tr>")[0]


def test_the_picture_holds_the_answers_and_why_a_date_is_the_best(draw, make_poll, anne, ines):
    poll = make_poll(answers=[(anne, ("yes", "if_need_be")), (ines, ("no", "yes"))])

    picture = draw(poll)

    _outcome, _head, answers = picture.sections.values()
    assert [*picture.sections] == [f"poll-{poll.id}-{part}" for part in ("outcome", "head", "answers")]
    for name, html in picture.sections.items():
        assert f'id="{name}"' in html
    assert answers.index("jeudi 27") < answers.index("vendredi 28")
    assert "1 oui, 1 si besoin, il manque un médecin" in row_of(answers, poll, 1)
    assert ["la meilleure" in row_of(answers, poll, place) for place in (0, 1)] == [False, True]
    assert f'data-of="{ines.id}"' in answers
    assert (
        f'<b class="face face-care face-small" data-i="IB"></b><a class="named" href="/annuaire/{ines.id}">' in answers
    )


def test_who_lacks_on_every_date_is_said_once_above_them(draw, make_poll, anne, ines):
    poll = make_poll(answers=[(anne, ("yes", "yes"))])

    _outcome, head, answers = draw(poll).sections.values()

    assert "Quelle que soit la date, il manque un infirmier." in head
    assert "il manque" not in answers


def test_an_answer_changes_the_row_of_its_date(draw, browsers, make_poll, anne, ines):
    starts = [THURSDAY + timedelta(days) for days in range(7)]
    said = ["no", *["yes"] * 6]
    poll = make_poll(starts=starts, answers=[(anne, ["yes"] * 7), (ines, said)])
    before = draw(poll)

    answers = {f"date-{option}": word for option, word in zip(poll.option_ids, ["if_need_be", *said[1:]], strict=True)}
    browsers["member"].post(f"/reunions/sondages/{poll.id}/reponses", data=answers)
    after = draw(poll)

    changes = changes_between(before, after)
    assert [put["id"] for put in changes["put"]] == [f"poll-{poll.id}-answers-{poll.option_ids[0]}"]
    assert changes["gone"] == []


def test_the_picture_is_valid_until_the_deadline(draw, make_poll, frozen):
    poll = make_poll()

    assert draw(poll).valid_until == poll.deadline
    frozen.move_to(poll.deadline)
    late = draw(poll)
    assert late.valid_until is None
    assert "Les réponses sont closes" in late.sections[f"poll-{poll.id}-outcome"]


def test_the_grid_marks_the_date_that_was_kept_and_no_better_one(draw, browsers, make_poll, anne, ines):
    poll = make_poll(answers=[(anne, ("no", "yes")), (ines, ("no", "yes"))])
    browsers["lead"].post(f"/reunions/sondages/{poll.id}/retenir", data={"date": poll.option_ids[0]})

    answers = draw(poll).sections[f"poll-{poll.id}-answers"]

    assert "la meilleure" not in answers
    assert ["retenue" in row_of(answers, poll, place) for place in (0, 1)] == [True, False]


def test_a_fixed_date_leads_every_open_window_to_the_meeting(draw, browsers, make_poll):
    poll = make_poll()
    meeting = browsers["lead"].post(f"/reunions/sondages/{poll.id}/retenir", data={"date": poll.option_ids[0]}).location

    picture = draw(poll)

    assert f'href="{meeting}"' in picture.sections[f"poll-{poll.id}-outcome"]


def test_somebody_who_comes_or_goes_changes_the_picture(draw, browsers, make_poll, group, luc):
    poll = make_poll()
    before = draw(poll).version

    browsers["stranger"].post(f"/groupes/{group.id}/rejoindre")
    inside = draw(poll)
    browsers["stranger"].post(f"/groupes/{group.id}/quitter")
    outside = draw(poll)

    answers = f"poll-{poll.id}-answers"
    assert ("Luc Martin" in inside.sections[answers], "Luc Martin" in outside.sections[answers]) == (True, False)
    assert (inside.version != before, outside.version == before) == (True, True)


def test_a_poll_that_does_not_exist_has_no_picture(app):
    with app.test_request_context(), pytest.raises(PollUnknown):
        POLL.picture(12345, clock.now())


def test_only_those_who_may_see_the_group_may_watch(context, make_poll, hidden, ines, luc):
    opened, closed = make_poll(), make_poll(hidden)
    everybody = {ines.id, luc.id, None}

    assert POLL.may_watch(str(opened.id), everybody) == everybody
    assert POLL.may_watch(str(closed.id), everybody) == {ines.id}
    assert not POLL.may_watch("12345", everybody)


def test_the_fallback_gives_what_is_pushed(draw, browsers, make_poll):
    poll = make_poll()

    news = browsers["member"].get(f"/reunions/sondages/{poll.id}/sections").json
    page = browsers["stranger"].get(f"/reunions/sondages/{poll.id}").text

    assert news["scope"] == f"poll:{poll.id}"
    assert news["sections"] == dict(draw(poll).sections)
    assert all(html in page for html in news["sections"].values())
    assert f'data-live="poll:{poll.id}"' in page


def test_what_is_pushed_has_a_place_for_my_answers_and_nothing_of_them(draw, browsers, make_poll, ines):
    poll = make_poll(answers=[(ines, ("yes", "no"))])
    place = f'<td role="cell" class="mine" id="poll-{poll.id}-mine-{poll.option_ids[0]}">'

    pushed = draw(poll).sections[f"poll-{poll.id}-answers"]
    page = browsers["member"].get(f"/reunions/sondages/{poll.id}").text

    assert (place in pushed, "<input" in pushed) == (True, False)
    assert place not in page


def test_my_own_column_is_shown_once(browsers, make_poll, anne, ines):
    poll = make_poll()

    page = browsers["member"].get(f"/reunions/sondages/{poll.id}").text

    heads_and_cells = 1 + len(poll.option_ids)
    assert page.count(f'data-of="{ines.id}" hidden') == page.count(f'data-of="{ines.id}"') == heads_and_cells
    assert f'data-of="{anne.id}" hidden' not in page
