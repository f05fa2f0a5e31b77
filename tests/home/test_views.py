def test_start_leads_to_the_board(client):
    response = client.get("/")

    assert (response.status_code, response.location) == (303, "/continuite/")


def test_a_stranger_is_sent_to_sign_in(client):
    response = client.get("/plus/")

    assert (response.status_code, response.location) == (303, "/connexion?next=/plus/")


def test_a_member_sees_the_five_places(sign_in, make):
    page = sign_in(make.account()).get("/plus/")

    assert page.status_code == 200
    assert page.text.count("<li>") == 5


def test_health_answers_while_the_database_does(client):
    response = client.get("/sante")

    assert (response.status_code, response.json) == (200, {"process": "web", "database": "ok"})


def test_an_unknown_page_is_404(client):
    assert client.get("/nulle-part").status_code == 404
