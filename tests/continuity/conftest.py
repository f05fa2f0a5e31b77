"""People of the tests in this room."""

import pytest

from cpts_net.roles import Role
from tests.continuity.declared import EIGHT, TWO_HOURS


@pytest.fixture
def anne(make):
    return make.person()


@pytest.fixture
def paul(make):
    return make.person("Paul", "Roy")


@pytest.fixture
def browser(make, sign_in, anne):
    """A browser in which Anne is signed in."""
    return sign_in(make.account(anne))


@pytest.fixture
def desk(make, sign_in):
    """A browser of the secretary."""
    return sign_in(make.account(role=Role.SECRETARY))


@pytest.fixture
def seat(make, anne):
    """A duty of Anne's, on Friday from 8 to 10."""
    return make.seat(make.slot(make.line(name="Soins non programmés"), EIGHT, EIGHT + TWO_HOURS), anne)
