"""The planning of weeks in a real browser: by keyboard, without scripts, and as it changes under those who look."""

import re
import signal
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from cpts_net.meetings.models import Invitation, Meeting
from tests.conftest import NOW
from tests.factories import held_by
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.test_every_page import findings

PAGE = "/continuite/semaines/"
WEDNESDAY = date(2026, 8, 12)


@pytest.fixture
def anne(make):
    """Somebody who is asked to a meeting of a private group."""
    anne = make.person("Anne", "Petit", civility="MME")
    group = make.group("Comité discret", leads=[anne], is_private=True)
    hours = {"starts_at": NOW + timedelta(days=2), "ends_at": NOW + timedelta(days=2, hours=2)}
    asked = [Invitation(person_id=anne.id)]
    make.save(
        Meeting(meeting_groups=held_by(group.id), title="Budget secret", created_at=NOW, invitations=asked, **hours)
    )
    return anne


def test_a_leave_appears_on_every_open_planning_and_a_meeting_on_that_of_who_is_asked(window, make, anne):
    paul = make.person("Paul", "Girard")
    mine, other = window(make.account(anne)), window(make.account(paul), size=PHONE)
    for page in (mine, other):
        page.goto(PAGE)
        expect(page.locator("[data-freshness]")).to_have_text("en direct")
    expect(mine.locator("#weeks-own")).to_contain_text("réunion : Budget secret")

    make.absence(paul, WEDNESDAY, WEDNESDAY + timedelta(days=2))
    make.absence(anne, WEDNESDAY + timedelta(days=5), WEDNESDAY + timedelta(days=5), relays=[paul])
    make.announce("continuity")

    for page in (mine, other):
        expect(page.locator(f"#weeks-{paul.id}")).to_contain_text("absent du mercredi 12 au vendredi 14 août")
        expect(page.locator(f"#weeks-{anne.id}")).to_contain_text("absente le lundi 17 août, relais Dr Paul Girard")
        expect(page.locator("#weeks-sum")).to_have_text("2 personnes absentes ou d’astreinte")
    expect(mine.locator(f"#weeks-{anne.id}")).to_contain_text("réunion : Budget secret")
    expect(mine.locator("#weeks-own")).to_be_hidden()
    assert "Budget secret" not in other.content()


def test_only_what_changed_comes_unless_it_is_ones_own(window, make, anne):
    paul = make.person("Paul", "Girard")
    page = window(make.account(anne))
    page.goto(PAGE)
    expect(page.locator("[data-freshness]")).to_have_text("en direct")
    fetched = []
    page.on("request", lambda request: PAGE in request.url and fetched.append(request.url))

    make.absence(paul, WEDNESDAY, WEDNESDAY)
    make.announce("continuity")
    expect(page.locator(f"#weeks-{paul.id}")).to_contain_text("absent le mercredi 12 août")
    assert fetched == []

    make.absence(anne, WEDNESDAY, WEDNESDAY)
    make.announce("continuity")
    expect(page.locator(f"#weeks-{anne.id}")).to_contain_text("réunion : Budget secret")
    assert len(fetched) == 1


def test_the_planning_heals_when_the_server_was_killed(windows, make, product, anne):
    windows.tolerate(r"ERR_|WebSocket|socket\.io")
    page = windows.open(make.account(anne))
    page.goto(PAGE)
    freshness = page.locator("[data-freshness]")
    expect(freshness).to_have_text("en direct")

    for name in ("live", "web"):
        product.stop(name, with_signal=signal.SIGKILL)
    expect(freshness).to_contain_text("données de")
    make.absence(make.person("Paul", "Girard"), WEDNESDAY, WEDNESDAY)
    make.announce("continuity")
    product.start("web", "live")

    expect(freshness).to_have_text("en direct")
    expect(page.get_by_role("rowheader", name=re.compile("Paul Girard"))).to_be_visible()
    expect(page.locator("#weeks-own")).to_contain_text("réunion : Budget secret")


def test_arrows_walk_through_the_weeks_on_a_phone_and_from_four_to_four_on_a_desk(window, make):
    anne = make.person("Anne", "Petit")
    for week in range(8):
        make.absence(anne, WEDNESDAY + timedelta(weeks=week), WEDNESDAY + timedelta(weeks=week))
    account = make.account(anne)
    phone, desk = window(account, size=PHONE, reduced_motion="reduce"), window(account, size=DESK)
    scrolled = "document.querySelector('[data-weeks]').scrollLeft"
    phone.goto(PAGE)

    for week in range(1, 4):
        phone.keyboard.press("ArrowRight")
        phone.wait_for_function(f"{scrolled} >= {week} * 200")
    expect(phone.get_by_role("columnheader", name="lundi 31 août")).to_be_in_viewport()
    phone.keyboard.press("ArrowRight")
    expect(phone).to_have_url(re.compile("du=2026-09-07"))

    desk.goto(PAGE)
    desk.keyboard.press("ArrowRight")
    expect(desk).to_have_url(re.compile("du=2026-09-07"))
    desk.wait_for_load_state()  # Before it, nobody listens to keys.
    desk.keyboard.press("ArrowLeft")
    expect(desk).to_have_url(re.compile("du=2026-08-10"))


def test_without_scripts_one_filters_and_goes_on(window, make):
    anne = make.person("Anne", "Petit")
    for person in (anne, make.person("Zoé", "Noir", profession="60")):
        make.absence(person, WEDNESDAY, WEDNESDAY)
    page = window(make.account(anne), java_script_enabled=False)
    page.goto("/continuite/")

    page.get_by_role("link", name="Les semaines").click()
    page.get_by_label("Nom").fill("noir")
    page.get_by_role("button", name="Montrer").click()
    expect(page.get_by_role("rowheader", name=re.compile("Zoé Noir"))).to_be_visible()
    expect(page.get_by_role("rowheader", name=re.compile("Anne Petit"))).to_have_count(0)
    page.get_by_role("link", name="Quatre semaines après").click()

    expect(page.get_by_role("heading", level=2)).to_have_text(re.compile("septembre"))
    expect(page.locator("#weeks-sum")).to_have_text(
        "Personne n’est noté absent ni d’astreinte dans ces quatre semaines."
    )


def test_the_planning_keeps_nobody_out(window, make, anne):
    line = make.line(name="Médecin de nuit")
    make.seat(make.slot(line, NOW + timedelta(hours=10), NOW + timedelta(hours=22)), anne)
    make.absence(anne, WEDNESDAY, WEDNESDAY + timedelta(days=2))

    assert findings(window(make.account(anne)), PAGE, set()) == []


def test_a_screen_reader_reads_who_has_what_on_which_day(window, make, anne):
    make.absence(anne, WEDNESDAY, WEDNESDAY + timedelta(days=2))
    page = window(make.account(anne))
    page.goto(PAGE)

    read = page.get_by_role("table").aria_snapshot()

    assert 'table "Absences et astreintes, une ligne par personne, une colonne par jour' in read
    assert '- columnheader "mercredi 12 août"' in read
    assert 'columnheader "samedi 15 août, férié' in read
    assert '- rowheader "Médecins généralistes 1"' in read
    assert '- cell "absente du mercredi 12 au vendredi 14 août, sans relais' in read
    assert "→" not in read


BOARD = """\
- heading "Maintenant" [level=2]
- link "Toutes les astreintes":
  - /url: /astreintes/
- list:
  - listitem:
    - heading "Soins non programmés" [level=3]:
      - link "Soins non programmés":
        - /url: /astreintes/snp/
    - paragraph:
      - strong:
        - link "Dr Anne Petit":
          - /url: /annuaire/1
    - paragraph: d’astreinte jusqu’à 12 h
    - link "02 61 91 99 00":
      - /url: tel:+33261919900
- list "Fermées en ce moment":
  - listitem:
    - heading "Médecin de nuit" [level=3]:
      - link "Médecin de nuit":
        - /url: /astreintes/nuit/
    - paragraph: fermée, sans créneau dans les quatre semaines
    - paragraph: "En attendant : Le médecin traitant.\""""


def test_a_screen_reader_reads_the_board_from_who_answers_to_who_is_away(window, make):
    anne, paul = make.person("Anne", "Petit"), make.person("Paul", "Girard")
    make.seat(make.slot(make.line(name="Soins non programmés"), NOW, NOW + timedelta(hours=2)), anne)
    make.line("nuit", name="Médecin de nuit", out_of_hours="Le médecin traitant.", position=1)
    make.absence(paul, WEDNESDAY, WEDNESDAY, relays=[anne])
    page = window(make.account(anne))
    page.goto("/continuite/")

    read = page.locator("#on-call").aria_snapshot().replace("\u202f", " ").replace("\u00a0", " ")
    headings = page.get_by_role("heading").all_inner_texts()

    board = BOARD.replace("/annuaire/1\n", f"/annuaire/{anne.id}\n")
    assert board in "\n".join(line.removeprefix("  ") for line in read.splitlines()) or read == board, read
    assert headings[:5] == ["Continuité des soins", "Maintenant", "Soins non programmés", "Médecin de nuit", "À régler"]
    assert "Absents aujourd’hui" in headings
