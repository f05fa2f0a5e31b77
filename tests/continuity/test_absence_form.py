"""The form of an absence before anything is typed."""

from tests.counting import counted


def test_the_form_asks_the_database_nothing_however_many_there_are(app, make, sign_in):
    browser = sign_in(make.account(make.person()))
    browser.get("/absences/nouvelle")  # Who asks is known from here on.
    small = browser.get("/absences/nouvelle").data
    for number in range(30):
        make.person(f"Membre {number}")

    with counted(app) as asked:
        page = browser.get("/absences/nouvelle").data

    assert asked == []
    assert len(page) == len(small) < 40 * 1024
