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


def test_the_picture_holds_the_ranking_and_the_answers(draw, make_poll, anne, ines):
    poll = make_poll(answers=[(anne, ("yes", "if_need_be")), (ines, ("no", "yes"))])

    picture = draw(poll)

    ranking, answers = picture.sections.values()
    assert [*picture.sections] == [f"poll-{poll.id}-ranking", f"poll-{poll.id}-answers"]
    for name, html in picture.sections.items():
        assert f'id="{name}"' in html
    assert ranking.index("vendredi 28") < ranking.index("jeudi 27")
    assert "1 oui, 1 si besoin, il manque un médecin" in ranking
    assert "la meilleure" in ranking
    assert 'data-name="Inès Boyer"' in answers


def test_an_answer_changes_the_rows_of_its_date(draw, browsers, make_poll, anne):
    starts = [THURSDAY + timedelta(days) for days in range(7)]
    poll = make_poll(starts=starts, answers=[(anne, ["yes"] * 7)])
    before = draw(poll)

    browsers["member"].post(f"/reunions/sondages/{poll.id}/reponses", data={f"date-{poll.option_ids[0]}": "yes"})
    after = draw(poll)

    changes = changes_between(before, after)
    rows = {f"poll-{poll.id}-{name}-{poll.option_ids[0]}" for name in ("ranked", "answers")}
    assert ({put["id"] for put in changes["put"]}, changes["gone"]) == (rows, [])


def test_the_picture_is_valid_until_the_deadline(draw, make_poll, frozen):
    poll = make_poll()

    assert draw(poll).valid_until == poll.deadline
    frozen.move_to(poll.deadline)
    late = draw(poll)
    assert late.valid_until is None
    assert "Les réponses sont closes" in late.sections[f"poll-{poll.id}-ranking"]


def test_the_ranking_marks_the_date_that_was_kept_and_no_better_one(draw, browsers, make_poll, anne, ines):
    poll = make_poll(answers=[(anne, ("no", "yes")), (ines, ("no", "yes"))])
    browsers["lead"].post(f"/reunions/sondages/{poll.id}/retenir", data={"date": poll.option_ids[0]})

    ranking = draw(poll).sections[f"poll-{poll.id}-ranking"]

    assert "la meilleure" not in ranking
    assert ranking.count("retenue") == 1
    assert ranking.index("jeudi 27", ranking.index('class="ranking"')) < ranking.index("retenue")


def test_a_fixed_date_leads_every_open_window_to_the_meeting(draw, browsers, make_poll):
    poll = make_poll()
    meeting = browsers["lead"].post(f"/reunions/sondages/{poll.id}/retenir", data={"date": poll.option_ids[0]}).location

    picture = draw(poll)

    assert f'href="{meeting}"' in picture.sections[f"poll-{poll.id}-ranking"]


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
    page = browsers["member"].get(f"/reunions/sondages/{poll.id}").text

    assert news["scope"] == f"poll:{poll.id}"
    assert news["sections"] == dict(draw(poll).sections)
    assert all(html in page for html in news["sections"].values())
    assert f'data-live="poll:{poll.id}"' in page
