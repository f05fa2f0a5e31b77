"""The life of a meeting in the browser: dates proposed, answered, one fixed, called off."""

import re


def test_a_poll_becomes_a_meeting_that_is_answered_and_called_off(make, sign_in):
    anne, ines = make.person("Anne", "Petit"), make.person("Inès", "Boyer", profession="21")
    group = make.group(leads=[anne], members=[ines])
    lead, person = sign_in(make.account(anne)), sign_in(make.account(ines))
    dates = {
        "dates-0-day": "2026-08-27",
        "dates-0-at": "20:00",
        "dates-4-day": "2026-08-28",
        "dates-4-at": "12:30",
    }
    typed = {"title": "Bilan de l’été", "minutes": "120", "last_day": "2026-08-20", **dates}

    poll = lead.post(f"/groupes/{group.id}/sondages/nouveau", data=typed).location
    ids = re.findall(r'name="date-(\d+)"\s+value="yes"', person.get(poll).text)
    answered = person.post(f"{poll}/reponses", data={f"date-{ids[0]}": "yes", f"date-{ids[1]}": "if_need_be"})
    meeting = lead.post(f"{poll}/retenir", data={"date": ids[0]}).location
    coming = person.post(f"{meeting}/reponse", data={"answer": "yes"})

    assert (answered.status_code, coming.status_code) == (303, 303)
    page = lead.get(meeting).text
    assert "jeudi 27 août" in page
    assert "Bilan de l’été" in lead.get(f"/groupes/{group.id}").text
    assert "Inès Boyer" in page
    assert lead.post(f"{meeting}/annuler").location == meeting
    assert "Cette réunion est annulée." in person.get(meeting).text


def test_a_date_that_was_fixed_is_news_of_whoever_was_asked(browsers, make_poll):
    poll = make_poll()

    browsers["lead"].post(f"/reunions/sondages/{poll.id}/retenir", data={"date": poll.option_ids[0]})

    for page in ("/avis/", "/mon-planning/"):
        assert "Date fixée\u202f: Bilan de l’été" in browsers["member"].get(page).text
