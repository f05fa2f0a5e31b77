import pytest
from sqlalchemy import select

from cpts_net.audit.models import AuditEntry
from cpts_net.directory import badges, queries
from cpts_net.directory.badges import Badge
from cpts_net.directory.models import Person
from cpts_net.roles import Role
from cpts_net.storage.connections import db
from tests.counting import counted
from tests.factories import working_at

PRIVATE = "+33639980042"
AS_DIALLED = "06\u00a039\u00a098\u00a000\u00a042"
STAFF = [Role.SECRETARY, Role.COORDINATOR, Role.ADMINISTRATOR]


def text_of(page):
    return " ".join(page.text.split())


def stored(app, person):
    with app.app_context():
        hidden = db.session.scalar(select(Person.is_hidden).where(Person.id == person.id))
        values = {value.field.key: value.text for value in queries.values(person.id)}
        return values.get("private_phone", ""), hidden


def test_profile_shows_sites_with_their_numbers(make, sign_in):
    sites = [
        working_at(
            "MSP du Dunois",
            street="1 rue du Mail",
            postal_code="28200",
            commune="Châteaudun",
            phone="+33261910001",
        ),
        working_at("Cabinet", postal_code="28160", commune="Brou", phone="+33261910002"),
    ]
    anne = make.person("Anne", "Petit", specialty="SM54", positions=sites)

    page = sign_in(make.account()).get(f"/annuaire/{anne.id}")

    text = text_of(page)
    assert "Dr Anne Petit</h1>" in text
    assert "Médecin généraliste</p>" in text
    assert "Lieux d’exercice" in text
    assert (
        text.index("MSP du Dunois")
        < text.index("1 rue du Mail")
        < text.index("28200 Châteaudun")
        < text.index("28160 Brou")
    )
    assert 'href="tel:+33261910001"' in text
    assert 'href="tel:+33261910002"' in text


def test_profile_shows_the_live_badge(make, sign_in, monkeypatch, app):
    anne = make.person()
    monkeypatch.setitem(
        app.extensions, badges.KEY, lambda ids, _now: {ids[0]: Badge("duty", "D’astreinte jusqu’à 20 h")}
    )

    assert "D’astreinte jusqu’à 20 h" in sign_in(make.account()).get(f"/annuaire/{anne.id}").text


def test_profile_of_nobody_is_not_found(make, sign_in):
    browser = sign_in(make.account())

    for number in ("0", str(make.person().id + 1), "2147483647", "99999999999999999999999"):
        assert browser.get(f"/annuaire/{number}").status_code == 404


def test_private_phone_is_in_no_page_of_another_member(make, sign_in):
    anne = make.person(private_phone=PRIVATE)
    browser = sign_in(make.account(make.person("Inès", "Boyer")))

    for address in ("/annuaire/", "/annuaire/?q=petit", f"/annuaire/?q={PRIVATE[1:]}", f"/annuaire/{anne.id}"):
        text = browser.get(address).text
        assert "Anne Petit" in text or "Personne ne correspond" in text
        assert PRIVATE not in text
        assert AS_DIALLED not in text
        assert "Téléphone privé" not in text


@pytest.mark.parametrize("role", STAFF)
def test_private_phone_is_shown_to_the_staff(make, sign_in, role):
    anne = make.person(private_phone=PRIVATE)

    assert AS_DIALLED in sign_in(make.account(role=role)).get(f"/annuaire/{anne.id}").text


def test_private_phone_is_shown_to_oneself_on_the_profile_only(make, sign_in):
    anne = make.person(private_phone=PRIVATE)
    browser = sign_in(make.account(anne))

    assert AS_DIALLED in browser.get(f"/annuaire/{anne.id}").text
    assert AS_DIALLED not in browser.get("/annuaire/").text


def test_hidden_profile_does_not_exist_for_other_members(make, sign_in):
    hidden = make.person(is_hidden=True)
    browser = sign_in(make.account(make.person("Inès", "Boyer")))

    for address in (f"/annuaire/{hidden.id}", f"/annuaire/{hidden.id}/modifier"):
        assert browser.get(address).status_code == 404


def test_hidden_profile_exists_for_oneself_and_the_staff(make, sign_in):
    hidden = make.person(is_hidden=True)

    for account in (make.account(hidden), *(make.account(role=role) for role in STAFF)):
        page = sign_in(account).get(f"/annuaire/{hidden.id}")
        assert page.status_code == 200
        assert "ne figure pas dans l’annuaire" in page.text


def test_edit_is_not_for_others(app, make, sign_in):
    anne = make.person()
    browser = sign_in(make.account(make.person("Inès", "Boyer")))

    assert browser.get(f"/annuaire/{anne.id}/modifier").status_code == 404
    assert browser.post(f"/annuaire/{anne.id}/modifier", data={"private_phone": "0639980042"}).status_code == 404
    assert stored(app, anne) == ("", False)
    assert "/modifier" not in browser.get(f"/annuaire/{anne.id}").text


def test_edit_saves_what_the_member_decides(app, make, sign_in):
    anne = make.person()
    account = make.account(anne)
    browser = sign_in(account)

    response = browser.post(f"/annuaire/{anne.id}/modifier", data={"private_phone": "06 39 98 00 42", "is_hidden": "y"})

    assert (response.status_code, response.location) == (303, f"/annuaire/{anne.id}")
    assert stored(app, anne) == (PRIVATE, True)
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.subject, entry.actor_id) == (
        "directory.profile_changed",
        f"person:{anne.id}",
        account.id,
    )
    assert "La fiche est à jour." in browser.get(response.location).text


def test_edit_may_take_everything_back(app, make, sign_in):
    anne = make.person(private_phone=PRIVATE, is_hidden=True)
    browser = sign_in(make.account(role=Role.SECRETARY))

    browser.post(f"/annuaire/{anne.id}/modifier", data={"private_phone": ""})

    assert stored(app, anne) == ("", False)


def test_edit_refuses_a_number_that_is_none_and_keeps_it_in_the_form(app, make, sign_in):
    anne = make.person(private_phone=PRIVATE)
    browser = sign_in(make.account(anne))

    response = browser.post(f"/annuaire/{anne.id}/modifier", data={"private_phone": "au cabinet", "is_hidden": "y"})

    assert response.status_code == 422
    assert "Ce numéro ne se compose pas" in response.text
    assert 'value="au cabinet"' in response.text
    assert stored(app, anne) == (PRIVATE, False)


def test_edit_shows_the_number_as_it_is_dialled(make, sign_in):
    anne = make.person(private_phone=PRIVATE)

    page = sign_in(make.account(anne)).get(f"/annuaire/{anne.id}/modifier")

    assert 'value="06 39 98 00 42"' in page.text


@pytest.mark.parametrize(
    ("referrer", "back"),
    [
        ("http://localhost/annuaire/?q=petit&commune=Brou", "/annuaire/?q=petit&amp;commune=Brou"),
        ("http://localhost/annuaire/", "/annuaire/"),
        ("http://localhost/continuite/", "/annuaire/"),
        ("https://elsewhere.example/annuaire/?q=petit", "/annuaire/"),
        (None, "/annuaire/"),
    ],
)
def test_profile_leads_back_to_the_search_from_which_one_came(make, sign_in, referrer, back):
    anne = make.person()

    page = sign_in(make.account()).get(f"/annuaire/{anne.id}", headers={"Referer": referrer} if referrer else {})

    assert f'<p class="back"><a href="{back}">Annuaire</a></p>' in text_of(page).replace("> <", "><")


def test_a_profile_that_was_seen_follows_every_change(make, sign_in):
    anne = make.person(private_phone=PRIVATE)
    browser, own = sign_in(make.account(make.person("Inès", "Boyer"))), sign_in(make.account(anne))
    for each in (browser, own):
        assert each.get(f"/annuaire/{anne.id}").status_code == 200

    own.post(f"/annuaire/{anne.id}/modifier", data={"private_phone": "06 39 98 00 43", "is_hidden": "y"})

    assert browser.get(f"/annuaire/{anne.id}").status_code == 404
    assert "00\u00a043" in own.get(f"/annuaire/{anne.id}").text


def test_a_profile_seen_by_its_owner_shows_nothing_private_to_the_next(make, sign_in):
    anne = make.person(private_phone=PRIVATE)
    assert AS_DIALLED in sign_in(make.account(anne)).get(f"/annuaire/{anne.id}").text

    page = sign_in(make.account(make.person("Inès", "Boyer"))).get(f"/annuaire/{anne.id}").text

    assert AS_DIALLED not in page
    assert "/modifier" not in page


def test_a_profile_that_was_seen_is_asked_for_no_more(app, make, sign_in):
    sites = [working_at(postal_code="28200", commune="Châteaudun") for position in range(4)]
    anne = make.person(private_phone=PRIVATE, positions=sites)
    browser, desk = sign_in(make.account(make.person("Inès", "Boyer"))), sign_in(make.account(role=Role.SECRETARY))
    for each in (browser, desk):
        each.get(f"/annuaire/{anne.id}")

    with counted(app) as asked:
        browser.get(f"/annuaire/{anne.id}")
    with counted(app) as asked_by_staff:
        desk.get(f"/annuaire/{anne.id}")

    assert asked == []
    assert asked_by_staff == []


def test_a_mail_address_is_for_oneself_and_the_staff_until_it_is_shown(make, sign_in):
    anne = make.person()
    own, other = sign_in(make.account(anne)), sign_in(make.account(make.person("Inès", "Boyer")))
    page, form = f"/annuaire/{anne.id}", {"private_phone": "", "mail": "anne@cabinet.example"}

    own.post(f"{page}/modifier", data=form)
    assert "anne@cabinet.example" in own.get(page).text
    assert "anne@cabinet.example" not in other.get(page).text

    own.post(f"{page}/modifier", data=form | {"is_mail_shown": "y"})
    assert 'href="mailto:anne@cabinet.example"' in other.get(page).text


def test_a_mail_address_that_is_none_is_refused(make, sign_in):
    anne = make.person()

    answer = sign_in(make.account(anne)).post(f"/annuaire/{anne.id}/modifier", data={"mail": "anne@"})

    assert answer.status_code == 422
    assert "Cette adresse e-mail n’est pas complète." in answer.text
