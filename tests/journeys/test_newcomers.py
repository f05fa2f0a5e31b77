"""Those who are in no extract: the coordinator takes part, and brings in a guest who sees their group alone."""

import re

from playwright.sync_api import expect

from cpts_net.roles import Role
from tests.journeys.conftest import DESK, PHONE, axe

SARAH = "sarah.lopez@tilleuls.example"
PASSWORD = "quatre chevaux gris sous la pluie"


def test_a_guest_added_and_invited_signs_in_and_sees_their_group_alone(window, make, product):
    helene = make.colleague("Hélène Garnier", function="Coordinatrice", civility="MME")
    group = make.group("Sortie d’hôpital", leads=[make.person("Anne", "Petit")])
    make.group("Plaies et cicatrisation")
    desk = window(make.account(helene, Role.COORDINATOR), size=DESK)
    post(desk, group.id, "Une directrice d’EHPAD nous rejoint.")

    invite(desk, group.id)
    (mail,) = product.mails(SARAH)
    phone = window(size=PHONE)
    phone.goto(re.search(r"http://\S+/invitation/\S+", mail.get_body(("plain",)).get_content())[0])
    phone.get_by_label("Nouveau mot de passe").fill(PASSWORD)
    phone.get_by_role("button", name="Enregistrer et entrer").click()

    expect(phone).to_have_url(re.compile(f"/groupes/{group.id}$"))
    expect(phone.get_by_text("Une directrice d’EHPAD nous rejoint.")).to_be_visible()
    expect(phone.get_by_role("navigation", name="Rubriques").get_by_role("link")).to_have_count(3)
    axe(phone)
    phone.goto("/groupes/")
    expect(phone.get_by_text("Sortie d’hôpital")).to_be_visible()
    expect(phone.get_by_text("Plaies et cicatrisation")).to_have_count(0)


def post(desk, group_id, words):
    """Somebody of the staff joins the group and writes in it."""
    desk.goto(f"/groupes/{group_id}")
    desk.get_by_role("button", name="Rejoindre").click()
    desk.get_by_role("textbox", name="Votre message").fill(words)
    desk.get_by_role("button", name="Publier").click()
    expect(desk.locator(".post")).to_contain_text("Hélène Garnier")


def invite(desk, group_id):
    """From the people of the group, in one form."""
    desk.goto(f"/groupes/{group_id}/membres")
    desk.get_by_role("link", name="Inviter quelqu’un de l’extérieur").click()
    axe(desk)
    desk.get_by_label("Prénom").fill("Sarah")
    desk.get_by_label("Nom", exact=True).fill("Lopez")
    desk.get_by_label("Fonction").fill("Directrice de l’EHPAD")
    desk.get_by_label("Adresse e-mail").fill(SARAH)
    desk.get_by_role("button", name="Ajouter").click()
    expect(desk).to_have_url(re.compile(f"/groupes/{group_id}/membres"))
    expect(desk.get_by_role("link", name="Sarah Lopez")).to_be_visible()
