"""``cpts-net accounts``: what the operator does without a browser. Asks no question."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from email_validator import EmailNotValidError, validate_email
from flask.cli import AppGroup

from cpts_net import clock
from cpts_net.accounts import passwords, queries
from cpts_net.accounts.forms import about
from cpts_net.accounts.rules import LONGEST_PASSWORD, SHORTEST_PASSWORD, Flaw, password_flaw
from cpts_net.admin import actions
from cpts_net.admin.actions import NewAccount
from cpts_net.admin.queries import person_by_rpps
from cpts_net.legible import legible
from cpts_net.roles import Role
from cpts_net.storage.transaction import transaction

accounts = AppGroup("accounts", help="Open accounts and invite people.")

REASONS = {
    Flaw.SHORT: f"it has fewer than {SHORTEST_PASSWORD} characters",
    Flaw.LONG: f"it has more than {LONGEST_PASSWORD} characters",
    Flaw.PERSONAL: "it is made of the person's name, the trade or the community's name",
    Flaw.GUESSABLE: "it is too easy to guess",
}

role_option = click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
rpps_option = click.option("--rpps", help="RPPS number of the member for whom the account speaks.")
name_option = click.option("--name", default="", help="Name that others see; the member's own by default.")


@accounts.command()
@click.argument("email")
@role_option
@rpps_option
@name_option
@click.option("--password-stdin", is_flag=True, required=True, help="Read the password from standard input.")
def create(email: str, role: str, rpps: str | None, name: str, password_stdin: bool) -> None:
    """Open an account with a password, read from standard input."""
    person = _person(email, role, rpps, name)
    password = sys.stdin.readline().rstrip("\r\n")
    if flaw := password_flaw(password, about([person.display_name, person.email])):
        raise click.ClickException(f"this password is refused: {REASONS[flaw]}")
    password_hash = passwords.hash_password(password)
    with _explained(person), transaction():
        actions.create_account(person, actor_id=None, now=clock.now(), password_hash=password_hash)
    click.echo(f"{person.email}: account opened, {person.role}")


@accounts.command()
@click.argument("email")
@role_option
@rpps_option
@name_option
def invite(email: str, role: str, rpps: str | None, name: str) -> None:
    """Mail an invitation; an account that exists already gets the role and another link."""
    person = _person(email, role, rpps, name)
    with _explained(person), transaction():
        account = queries.account_by_email(person.email)
        if account is None:
            account = actions.create_account(person, actor_id=None, now=clock.now())
        elif account.suspended_at:
            raise click.ClickException(f"{person.email} is suspended")
        actions.change_role(account, person.role, actor_id=None, now=clock.now())
        actions.invite(account, actor_id=None, now=clock.now())
    click.echo(f"{person.email}: invitation on its way, {person.role}")


def _person(email: str, role: str, rpps: str | None, name: str) -> NewAccount:
    try:
        # Few mail servers take an accent before the @; the form says so too.
        found = validate_email(email, check_deliverability=False, allow_smtputf8=False)
        address = (found.ascii_email or found.normalized).lower()
    except EmailNotValidError as wrong:
        raise click.BadParameter(str(wrong), param_hint="EMAIL") from wrong
    person = person_by_rpps(rpps) if rpps else None
    if rpps and person is None:
        raise click.ClickException(f"no member has the RPPS number {rpps}; import the directory first")
    shown = legible(name) or (person.display_name if person else address.partition("@")[0])
    return NewAccount(address, shown[:120], Role(role), person.id if person else None)


@contextmanager
def _explained(person: NewAccount) -> Iterator[None]:
    """Turn what an action refuses into a line on standard error."""
    try:
        yield
    except actions.EmailTaken as taken:
        raise click.ClickException(f"{person.email} has an account already") from taken
    except actions.PersonHasAccount as taken:
        raise click.ClickException("this member has an account already") from taken
    except actions.LastAdministrator as last:
        raise click.ClickException(f"{person.email} is the last administrator") from last
