import pytest

from cpts_net.accounts.passwords import hash_password
from cpts_net.roles import Role


@pytest.fixture
def administrator(make, app):
    with app.app_context():
        password_hash = hash_password("tournesol-vent-grenier")
    return make.account(role=Role.ADMINISTRATOR, name="Odile Renard", password_hash=password_hash)
