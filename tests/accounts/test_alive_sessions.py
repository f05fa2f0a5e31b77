from datetime import timedelta

import pytest

from cpts_net import clock
from cpts_net.accounts.identity import alive_sessions, identify, start_session
from cpts_net.roles import Role
from cpts_net.storage.transaction import transaction


@pytest.mark.parametrize(
    ("role", "later", "is_alive"),
    [
        (Role.MEMBER, timedelta(days=13), True),
        (Role.MEMBER, timedelta(days=15), False),
        (Role.COORDINATOR, timedelta(hours=11), True),
        (Role.COORDINATOR, timedelta(hours=13), False),
        (Role.MEMBER, timedelta(days=31), False),
    ],
)
def test_a_screen_stays_open_as_long_as_its_session(context, make, role, later, is_alive):
    account = make.account(role=role)
    with transaction():
        token = start_session(account.id, user_agent="", address="", now=clock.now())
    known = identify(token, clock.now())

    then = clock.now() + later

    assert alive_sessions([known.session_id], then) == ({known.session_id} if is_alive else set())
    assert (identify(token, then) is not None) == is_alive
