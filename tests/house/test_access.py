"""Every address says who may call it."""

from cpts_net.web.access import PUBLIC, STAMP
from tests.conftest import HouseClient

# Flask's own, which hands out the files of static/ and nothing else.
UNSTAMPED = {"static"}


def stamps(app):
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()} - UNSTAMPED
    return {endpoint: getattr(app.view_functions[endpoint], STAMP, None) for endpoint in endpoints}


def test_every_endpoint_says_who_may_call_it(app):
    unstamped = [endpoint for endpoint, stamp in stamps(app).items() if stamp is None]

    assert unstamped == []


def test_a_stranger_is_sent_to_sign_in_wherever_it_is_not_public(app, client: HouseClient):
    known = stamps(app)
    private = [
        rule.build(dict.fromkeys(rule.arguments, 1), append_unknown=False)
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in UNSTAMPED and known[rule.endpoint] is not PUBLIC and "GET" in (rule.methods or ())
    ]
    assert len(private) >= 5

    for _domain, path in filter(None, private):
        response = client.get(path)

        assert response.status_code == 303, path
        assert response.location.startswith("/connexion"), path


def test_a_fragment_asked_for_after_the_session_ended_leads_the_whole_page_to_sign_in(client: HouseClient):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://localhost/annuaire/?q=petit"}

    response = client.get("/annuaire/?q=peti", headers=headers)

    assert response.status_code == 401
    assert response.headers["HX-Redirect"] == "/connexion?next=/annuaire/"


def test_no_address_changes_anything_when_it_is_merely_opened(app):
    both = [rule for rule in app.url_map.iter_rules() if {"GET", "POST"} <= (rule.methods or set())]
    only_post = [rule for rule in app.url_map.iter_rules() if "GET" not in (rule.methods or set())]

    # A form is shown by GET and sent by POST; an action without a form has no GET at all.
    assert all(rule.methods <= {"GET", "HEAD", "OPTIONS", "POST"} for rule in both)
    assert all(rule.methods <= {"POST", "OPTIONS"} for rule in only_post)
