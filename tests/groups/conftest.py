"""A group with a lead and a member, and a browser for everybody who may meet it."""

import pytest

from cpts_net.roles import Role


@pytest.fixture
def anne(make):
    return make.person()


@pytest.fixture
def ines(make):
    return make.person("Inès", "Boyer", profession="60")


@pytest.fixture
def luc(make):
    """Somebody of the community who is in no group."""
    return make.person("Luc", "Martin", profession="21")


@pytest.fixture
def group(make, anne, ines):
    return make.group(leads=[anne], members=[ines])


@pytest.fixture
def hidden(make, anne, ines):
    """A private group with the same people."""
    return make.group("Comité discret", leads=[anne], members=[ines], is_private=True)


@pytest.fixture
def browsers(make, sign_in, anne, ines, luc):
    """A browser of the lead, of a member, of a stranger, and of the staff."""
    return {
        "lead": sign_in(make.account(anne)),
        "member": sign_in(make.account(ines)),
        "stranger": sign_in(make.account(luc)),
        "staff": sign_in(make.account(role=Role.SECRETARY)),
    }
