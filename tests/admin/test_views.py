import re

import pytest

from cpts_net import clock
from cpts_net.accounts.models import Account, AccountLink, LoginSession
from cpts_net.audit.models import AuditEntry
from cpts_net.directory.actions import correct_person
from cpts_net.notices.models import Delivery
from cpts_net.roles import Role
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.conftest import NOW
from tests.counting import counted


@pytest.fixture
def reload(app):
    """The account as it is now."""

    def read(account):
        with app.app_context():
            return db.session.get(Account, account.id)

    return read


PAGES = ["/administration/", "/administration/inviter", "/administration/journal"]
CHANGES = ["role", "invitation", "suspension", "reactivation", "deconnexion"]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.MEMBER, 404), (Role.SECRETARY, 404), (Role.COORDINATOR, 200), (Role.ADMINISTRATOR, 200)],
)
def test_the_administration_exists_for_those_who_coordinate(path, role, status, sign_in, make):
    assert sign_in(make.account(role=role)).get(path).status_code == status


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize(
    ("role", "target", "status"),
    [
        (Role.MEMBER, Role.MEMBER, 404),
        (Role.SECRETARY, Role.MEMBER, 404),
        (Role.COORDINATOR, Role.MEMBER, 303),
        (Role.COORDINATOR, Role.COORDINATOR, 303),
        (Role.COORDINATOR, Role.ADMINISTRATOR, 404),
        (Role.ADMINISTRATOR, Role.ADMINISTRATOR, 303),
    ],
)
def test_who_may_change_whose_account(change, role, target, status, sign_in, make):
    theirs = make.account(role=target)

    answer = sign_in(make.account(role=role)).post(
        f"/administration/comptes/{theirs.id}/{change}", data={"role": Role.SECRETARY}
    )

    assert answer.status_code == status


@pytest.mark.parametrize("change", CHANGES)
def test_nobody_changes_their_own_account_here(change, sign_in, administrator, rows):
    before = len(rows(AuditEntry))

    answer = sign_in(administrator).post(
        f"/administration/comptes/{administrator.id}/{change}", data={"role": Role.MEMBER}
    )

    assert answer.status_code == 404
    assert len(rows(AuditEntry)) == before


def test_the_list_finds_by_name_without_accents_and_by_address(sign_in, administrator, make):
    make.account(make.person("Marie-Françoise", "Lefèvre-Da Silva"), email="mf@cpts.example")
    make.account(make.person("Inès", "Boyer"), email="ines@cpts.example")
    browser = sign_in(administrator)

    by_name, by_address, nobody = (
        browser.get(f"/administration/?q={words}").text for words in ("lefevre fran", "INES@", "zzz")
    )

    assert ("Lefèvre-Da Silva" in by_name, "Boyer" in by_name) == (True, False)
    assert ("Lefèvre-Da Silva" in by_address, "Boyer" in by_address) == (False, True)
    assert "Aucun compte ne correspond à «\u202fzzz\u202f»." in nobody


def test_the_list_takes_a_percent_sign_for_itself(sign_in, administrator):
    assert "Aucun compte" in sign_in(administrator).get("/administration/?q=%25").text


def test_the_list_says_who_is_invited_active_or_suspended(sign_in, administrator, make):
    make.account(name="Invitée")
    make.account(name="Suspendue", suspended_at=NOW)

    page = sign_in(administrator).get("/administration/").text

    states = re.findall(r'badge badge-\w+">(\w+)<', page)
    assert sorted(states) == ["actif", "invité", "suspendu"]


def test_the_list_follows_what_is_done_to_accounts_and_names(app, sign_in, administrator, make):
    person = make.colleague("Petit")
    account = make.account(person, email="avant@cpts.example")
    browser = sign_in(administrator)
    assert "badge-gap" not in browser.get("/administration/").text

    browser.post(f"/administration/comptes/{account.id}/suspension")
    assert "badge-gap" in browser.get("/administration/").text

    with app.app_context(), transaction():
        correct_person(person.id, {"family_name": "Roy"}, actor_id=None, now=clock.now())
    assert "Roy" in browser.get("/administration/").text


def test_a_second_look_at_the_list_reads_no_account(app, sign_in, administrator):
    browser = sign_in(administrator)
    browser.get("/administration/")

    with counted(app) as asked:
        browser.get("/administration/")

    assert not [statement for statement in asked if "account.email" in statement]


def test_the_list_is_paged(sign_in, administrator, make, app):
    people = [make.colleague(f"Nom {number:03}") for number in range(60)]
    for number, person in enumerate(people):
        make.account(person, email=f"a{number:03}@cpts.example")
    browser = sign_in(administrator)

    first, second = browser.get("/administration/"), browser.get("/administration/?page=2")

    assert (first.text.count('class="account"'), second.text.count('class="account"')) == (50, 11)
    assert "Page suivante" in first.text
    assert "Page suivante" not in second.text
    assert "Page précédente" in second.text


def test_inviting_a_member_mails_a_link_and_ties_the_account_to_the_person(sign_in, administrator, make, rows, client):
    person = make.person("Anne", "Petit")
    browser = sign_in(administrator)
    searching = {"chercher": "person_id", "person_id-q": person.rpps}
    assert f'name="person_id" value="{person.id}"' in browser.post("/administration/inviter", data=searching).text
    assert "Dr Anne Petit" in browser.get(f"/administration/inviter?membre={person.id}").text

    answer = browser.post(
        "/administration/inviter",
        data={
            "email": " Anne.Petit@CPTS.example",
            "display_name": "",
            "role": "member",
            "person_id": person.id,
        },
    )

    account = rows(Account)[-1]
    mail = rows(Delivery)[-1]
    assert answer.location == "/administration/"
    assert (account.email, account.role, account.person_id) == ("anne.petit@cpts.example", "member", person.id)
    assert account.display_name == "Dr Anne Petit"
    assert account.password_hash is None
    assert mail.address == "anne.petit@cpts.example"
    path = re.search(r"http://localhost:8000(/invitation/\S+)", mail.letter["values"]["address"])[1]
    assert client.get(path).status_code == 200
    assert [(entry.action, entry.actor_id) for entry in rows(AuditEntry)] == [
        ("account.created", administrator.id),
        ("account.invited", administrator.id),
    ]
    assert path.rpartition("/")[2] not in " ".join(entry.detail for entry in rows(AuditEntry))


def test_an_address_that_no_mail_can_be_written_to_is_refused(make, sign_in):
    data = {"email": "hélène@cpts.example", "display_name": "Hélène", "role": "member"}

    response = sign_in(make.account(role=Role.COORDINATOR)).post("/administration/inviter", data=data)

    assert response.status_code == 422
    assert "sans accents" in response.text


def test_inviting_keeps_what_was_typed_and_says_what_is_wrong(sign_in, administrator, rows):
    page = sign_in(administrator).post(
        "/administration/inviter", data={"email": "anne.petit", "display_name": " ", "role": "member"}
    )

    assert page.status_code == 422
    assert "Indiquez le nom que verront les autres." in page.text
    assert "Cette adresse e-mail n’est pas complète." in page.text
    assert 'value="anne.petit"' in page.text
    assert len(rows(Account)) == 1


def test_inviting_twice_to_one_address_or_for_one_member_is_refused(sign_in, administrator, make, rows):
    person = make.person()
    make.account(person, email="anne@cpts.example")
    browser = sign_in(administrator)
    data = {"display_name": "Anne", "role": "member"}

    same_address = browser.post("/administration/inviter", data={**data, "email": "ANNE@cpts.example"})
    same_person = browser.post(
        "/administration/inviter", data={**data, "email": "autre@cpts.example", "person_id": person.id}
    )

    assert "Un compte existe déjà à cette adresse." in same_address.text
    assert "Ce professionnel a déjà un compte." in same_person.text
    assert (same_address.status_code, same_person.status_code) == (422, 422)
    assert rows(Delivery) == []


def test_searching_whom_to_invite_keeps_all_that_was_typed(sign_in, administrator, make, rows):
    person = make.person("Anne", "Petit")
    typed = {"email": "anne@cpts.example", "display_name": "Anne", "role": "secretary", "person_id-q": "petit"}

    page = sign_in(administrator).post("/administration/inviter", data={**typed, "chercher": "person_id"})

    assert page.status_code == 200
    assert 'value="anne@cpts.example"' in page.text
    assert '<option selected value="secretary">' in page.text
    assert f'name="person_id" value="{person.id}">' in page.text
    assert len(rows(Account)) == 1


def test_members_who_have_an_account_are_not_offered(sign_in, administrator, make):
    taken, free = make.person("Anne", "Petit"), make.person("Paul", "Petit")
    make.account(taken)

    found = sign_in(administrator).get("/annuaire/choisir?pour=compte&q=petit").json["people"]

    assert [(each["id"], each["hindrance"]) for each in found] == [(free.id, ""), (taken.id, "a déjà un compte")]


def test_only_an_administrator_makes_administrators(sign_in, administrator, make, rows):
    coordinator = sign_in(make.account(role=Role.COORDINATOR))
    data = {"email": "x@cpts.example", "display_name": "X", "role": "administrator"}
    person = make.account()

    assert coordinator.post("/administration/inviter", data=data).status_code == 422
    role = f"/administration/comptes/{person.id}/role"
    assert coordinator.post(role, data={"role": "administrator"}).status_code == 422
    assert {account.role for account in rows(Account)} == {"administrator", "coordinator", "member"}
    assert sign_in(administrator).post("/administration/inviter", data=data).status_code == 303


def test_another_role_signs_the_person_out(sign_in, administrator, make, reload, rows):
    person = make.account()
    theirs = sign_in(person)

    sign_in(administrator).post(f"/administration/comptes/{person.id}/role", data={"role": "secretary"})

    assert reload(person).role == "secretary"
    assert theirs.get("/plus/").status_code == 303
    assert [(entry.action, entry.detail) for entry in rows(AuditEntry)] == [
        ("account.role_changed", "member → secretary")
    ]


def test_suspending_signs_out_and_reactivating_lets_in_again(sign_in, administrator, make, reload, revision_of):
    person = make.account()
    theirs, mine = sign_in(person), sign_in(administrator)
    before = revision_of("sessions")

    mine.post(f"/administration/comptes/{person.id}/suspension")
    assert reload(person).suspended_at == NOW
    assert theirs.get("/plus/").status_code == 303
    assert revision_of("sessions") > before

    mine.post(f"/administration/comptes/{person.id}/reactivation")
    assert reload(person).suspended_at is None
    assert sign_in(person).get("/plus/").status_code == 200


def test_signing_somebody_out_everywhere(sign_in, administrator, make, rows):
    person = make.account()
    theirs = [sign_in(person), sign_in(person)]

    sign_in(administrator).post(f"/administration/comptes/{person.id}/deconnexion")

    assert [browser.get("/plus/").status_code for browser in theirs] == [303, 303]
    assert len(rows(LoginSession)) == 1


def test_inviting_again_ends_the_former_link(sign_in, administrator, make, rows):
    person = make.account()
    browser = sign_in(administrator)

    for _ in range(2):
        browser.post(f"/administration/comptes/{person.id}/invitation")

    assert [link.used_at is None for link in rows(AccountLink)] == [False, True]
    assert len(rows(Delivery)) == 2


def test_the_last_administrator_stays(sign_in, make, administrator, reload):
    # Invited, but has no password yet: could not take over.
    newcomer = make.account(role=Role.ADMINISTRATOR)
    browser = sign_in(newcomer)

    page = browser.post(f"/administration/comptes/{administrator.id}/suspension", follow_redirects=True)
    browser.post(f"/administration/comptes/{administrator.id}/role", data={"role": "member"})

    assert "C’est le dernier compte d’administration" in page.text
    assert reload(administrator).suspended_at is None
    assert reload(administrator).role == "administrator"


def test_an_unknown_account_is_404(sign_in, administrator):
    browser = sign_in(administrator)

    assert browser.get("/administration/comptes/999/").status_code == 404
    assert browser.post("/administration/comptes/999/suspension").status_code == 404
    assert browser.get("/administration/inviter?membre=999").status_code == 404


@pytest.mark.parametrize("page", ["0", "-3", "abc", "99999999999999999999"])
def test_a_strange_page_number_is_no_fault(page, sign_in, administrator):
    assert sign_in(administrator).get(f"/administration/journal?page={page}").status_code == 200


def test_lists_cost_the_same_for_one_and_for_many(app, sign_in, administrator, make):
    browser = sign_in(administrator)
    costs = []
    for number in (1, 3):
        for _ in range(number):
            make.account(make.person())
            make.save(AuditEntry(at=NOW, actor_id=administrator.id, action="account.signed_in"))
        browser.get(PAGES[0])  # Who asks is known from here on.
        costs.append([cost(app, browser, path) for path in PAGES])

    assert costs[0] == costs[1]


def cost(app, browser, path):
    """How many statements the page sends to the database."""
    with counted(app) as statements:
        browser.get(path)
    return len(statements)


def test_only_accounts_that_one_may_manage_are_links(sign_in, administrator, make):
    coordinator = make.account(role=Role.COORDINATOR)
    link = f'href="/administration/comptes/{administrator.id}/"'

    seen, own = (sign_in(who).get("/administration/").text for who in (coordinator, administrator))

    assert administrator.display_name in seen
    assert link not in seen
    assert link in own


@pytest.mark.parametrize("forged", ["administrator", "king", ""])
def test_a_role_that_is_not_theirs_to_give_gets_a_sentence(sign_in, make, rows, forged):
    browser = sign_in(make.account(role=Role.COORDINATOR))
    person = make.account(name="Inès Boyer")

    changed = browser.post(f"/administration/comptes/{person.id}/role", data={"role": forged})
    invited = browser.post(
        "/administration/inviter", data={"email": "a@cpts.example", "display_name": "A", "role": forged}
    )

    for page in (changed, invited):
        assert page.status_code == 422
        assert "Vous ne pouvez pas donner ce rôle" in page.text
    assert {account.role for account in rows(Account)} == {Role.COORDINATOR, Role.MEMBER}
