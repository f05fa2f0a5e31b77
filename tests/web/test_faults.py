"""A form in error says what is wrong above it, leads there, and puts the focus on the first fault."""

import re

from cpts_net.roles import Role


def focused(page):
    return [re.search(r' id="([^"]*)"', tag)[1] for tag in re.findall(r"<[^>]* autofocus[^>]*>", page)]


def listed(page):
    """Each fault of the summary: where it leads, and what it says."""
    summary = re.search(r'<section class="[^"]*faults".*?</section>', page, re.DOTALL)
    rows = re.findall(r'<a href="#([^"]*)">([^<]*)</a>\s*–\s*([^<]*)</li>', summary[0] if summary else "")
    return [(target, label, sentence.strip()) for target, label, sentence in rows]


def test_a_form_without_fault_has_no_summary(make, sign_in):
    page = sign_in(make.account(make.person())).get("/absences/nouvelle").text

    assert (listed(page), focused(page)) == ([], [])


def test_the_first_fault_has_the_focus_and_all_are_listed(make, sign_in):
    coordinator = sign_in(make.account(role=Role.COORDINATOR))

    page = coordinator.post(
        "/astreintes/lignes/nouvelle", data={"patterns-0-seats_min": "deux", "patterns-0-seats_max": "1"}
    ).text

    assert focused(page) == ["name"]
    assert listed(page) == [
        ("name", "Nom", "Donnez un nom à la ligne."),
        ("eligible-0", "Qui peut la tenir", "Choisissez au moins une profession."),
        ("patterns-0-seats_min", "Personnes nécessaires", "Écrivez un nombre en chiffres, par exemple 1."),
    ]
    assert "3 points sont à revoir" in page
    assert all(re.search(rf'<(input|select)[^>]*id="{target}"', page) or "-0" in target for target, *_ in listed(page))


def test_faults_in_rows_lead_to_the_row(make, sign_in):
    anne = make.person()
    group = make.group(leads=[anne])
    dates = {"dates-0-day": "2026-08-27", "dates-0-at": "20:00", "dates-1-day": "2026-08-28", "dates-1-at": "25:00"}

    page = (
        sign_in(make.account(anne))
        .post(
            f"/groupes/{group.id}/sondages/nouveau",
            data={"title": "Bilan", "minutes": "120", "last_day": "2026-08-20", **dates},
        )
        .text
    )

    assert focused(page) == ["dates-1-at"]
    assert [target for target, *_ in listed(page)] == ["dates-1-at"]


def test_a_choice_that_does_not_exist_is_said_in_french(make, sign_in):
    anne = make.person()
    group = make.group(leads=[anne])

    page = sign_in(make.account(anne)).post(f"/groupes/{group.id}/reunions/nouvelle", data={"minutes": "dix"}).text

    assert ("minutes", "Durée", "Choisissez dans la liste.") in listed(page)
