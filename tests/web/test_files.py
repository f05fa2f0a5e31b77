"""A page runs with the scripts that it was made for: their addresses say what they hold."""

import re

import pytest
from flask import url_for

from cpts_net.web import files

SCRIPT = re.compile(r'src="(/static/[^"]*\.js[^"]*)"')


def test_every_script_and_style_of_a_page_is_found_at_an_address_of_its_content(client):
    page = client.get("/connexion").text

    addresses = SCRIPT.findall(page) + re.findall(r'href="(/static/[^"]*\.css[^"]*)"', page)
    assert addresses
    for address in addresses:
        assert re.search(r"\?v=[0-9a-f]{8}$", address), address
        assert client.get(address).status_code == 200


@pytest.fixture
def folder(tmp_path):
    files._content.cache_clear()
    yield tmp_path
    files._content.cache_clear()


def test_another_content_is_another_address(app, folder, monkeypatch):
    def address(content):
        (folder / "live.js").write_text(content)
        files._content.cache_clear()
        return files._content(str(folder), "live.js")

    assert address("one") == address("one") != address("two")


@pytest.mark.parametrize("name", ["nothing.js", "../secret", "", "."])
def test_what_is_no_file_of_ours_has_an_address_all_the_same(app, name):
    with app.test_request_context():
        assert url_for("static", filename=name).startswith("/static/")
        assert "v=" not in url_for("static", filename=name)
