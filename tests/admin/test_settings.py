"""The settings in force, for administrators: each of the documented ones, and never a secret."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

import cpts_net
from cpts_net.admin.settings_in_force import SECTIONS, in_force
from cpts_net.mail_settings import mail_server
from cpts_net.roles import Role

DOCUMENTED = re.compile(r"^\| `([A-Z_0-9]+)` \|", re.MULTILINE)
PASSWORD = "tournesol%2Fvent"


def test_every_documented_setting_is_shown_in_its_order():
    text = (Path(cpts_net.__file__).parents[1] / "docs/configuration.md").read_text()

    assert [each.variable for section in SECTIONS.values() for each in section] == DOCUMENTED.findall(text)


@pytest.mark.parametrize(
    "database", ["postgresql://cpts:tournesol@base.example/reseau", "postgresql://cpts:tournesol@/reseau?host=/run"]
)
def test_no_secret_is_shown(settings, context, database):
    carrier = mail_server(f"smtp://reseau:{PASSWORD}@courriel.example:587")
    shown = str(in_force(replace(settings, database_url=database, mail_server=carrier)))

    assert "réglé" in shown
    assert "courriel.example:587" in shown
    assert "PostgreSQL, reseau" in shown
    for secret in (settings.secret_key, "tournesol", carrier.password):
        assert secret not in shown


def test_an_administrator_reads_them_and_nobody_else(sign_in, make):
    page = sign_in(make.account(role=Role.ADMINISTRATOR)).get("/administration/reglages").text

    assert "Europe/Paris" in page
    assert "CPTS_HOLIDAY_AREA" in page
    assert sign_in(make.account(role=Role.COORDINATOR)).get("/administration/reglages").status_code == 404
