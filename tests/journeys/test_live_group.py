"""What one writes in a group, the others read at once, each with what they may do there."""

import re

from playwright.sync_api import expect

from tests.journeys.conftest import PHONE, axe


def freshness(page):
    return page.locator("[data-freshness]")


def write(page, words):
    page.get_by_role("textbox", name="Votre message").fill(words)
    page.get_by_role("button", name="Publier").click()


def test_a_message_appears_in_open_windows_with_what_each_may_do_and_goes_again(window, make):
    lead, nurse, other = make.person("Anne", "Petit"), make.person("Inès", "Boyer", profession="60"), make.person("Luc")
    group = make.group(leads=[lead], members=[nurse, other])
    desk, phone = window(make.account(lead)), window(make.account(nurse), size=PHONE)
    onlooker = window(make.account(other))
    for each in (desk, phone, onlooker):
        each.goto(f"/groupes/{group.id}")
        expect(freshness(each)).to_have_text("en direct")
    expect(onlooker.get_by_text("Aucun message pour le moment.")).to_be_visible()

    write(phone, "Qui vient en voiture ?")

    for each in (desk, onlooker):
        expect(each.locator(".post")).to_contain_text("Inès Boyer")
        expect(each.locator(".post")).to_contain_text("Qui vient en voiture ?")
        expect(freshness(each)).to_have_text("en direct")
    expect(onlooker.get_by_text("Aucun message pour le moment.")).to_be_hidden()
    expect(onlooker.get_by_text("Supprimer")).to_have_count(0)
    expect(phone.get_by_role("status").filter(has_text="Message publié.")).to_be_visible()
    axe(desk)

    desk.locator(".post summary").click()
    desk.get_by_role("button", name=re.compile("Oui, le supprimer")).click()

    for each in (phone, onlooker):
        expect(each.locator(".post")).to_have_count(0)


def test_a_draft_stays_while_others_write(window, make):
    lead, nurse = make.person("Anne", "Petit"), make.person("Inès", "Boyer", profession="60")
    group = make.group(leads=[lead], members=[nurse])
    desk, phone = window(make.account(lead)), window(make.account(nurse), size=PHONE)
    for each in (desk, phone):
        each.goto(f"/groupes/{group.id}")
        expect(freshness(each)).to_have_text("en direct")
    field = desk.locator("textarea")
    field.fill("Je réfléchis encore")

    write(phone, "Qui vient en voiture ?")

    expect(desk.locator(".post")).to_contain_text("Qui vient en voiture ?")
    expect(field).to_have_value("Je réfléchis encore")


def test_a_private_group_is_watched_by_nobody_who_has_left_it(windows, window, make):
    windows.tolerate(r"socket\.io|status of 404")
    lead, nurse = make.person("Anne", "Petit"), make.person("Inès", "Boyer", profession="60")
    group = make.group(leads=[lead], members=[nurse], is_private=True)
    desk, phone = window(make.account(lead)), window(make.account(nurse), size=PHONE)
    for each in (desk, phone):
        each.goto(f"/groupes/{group.id}")
        expect(freshness(each)).to_have_text("en direct")

    desk.goto(f"/groupes/{group.id}/membres")
    desk.locator("li", has_text="Inès Boyer").get_by_text("Retirer").first.click()
    desk.get_by_role("button", name=re.compile("Oui")).first.click()

    expect(freshness(phone)).to_have_text("vous n’avez plus accès à cette page")
