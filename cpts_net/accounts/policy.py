"""Who may look after whose account."""

from cpts_net.roles import EVERYBODYS_OWN, GUESTS_TOO, Permission, Role

PERMISSIONS = (
    Permission(
        "Sign in, ask for a link by mail, choose a password behind it",
        (
            "accounts.sign_in",
            "passwords.forgotten",
            "passwords.sent",
            "passwords.advise",
            "passwords.reset",
            "passwords.invitation",
            "passwords.demonstration",
        ),
        GUESTS_TOO,
        is_public=True,
    ),
    Permission("Sign out, see one’s account", ("accounts.sign_out", "own.account"), GUESTS_TOO),
    Permission(
        "Change one’s password, end one’s other sessions", ("own.change_password", "own.end_other_sessions"), GUESTS_TOO
    ),
    Permission("Ask for another address to sign in with", ("address.ask",), GUESTS_TOO),
    Permission("Confirm it", ("address.confirm",), EVERYBODYS_OWN),
    Permission(
        "Confirm an address that the staff asked for, or object to one, by a link",
        ("address.confirm_by_link", "address.keep"),
        GUESTS_TOO,
        is_public=True,
    ),
    Permission("End a session", ("own.end_session",), EVERYBODYS_OWN),
)

MANAGERS = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR})


HIGHEST_LAST = (Role.SECRETARY, Role.COORDINATOR, Role.ADMINISTRATOR)


def is_no_lower(actor: Role, target: Role) -> bool:
    """Whether somebody may decide over what identifies an account of this role: nobody does over a higher one."""
    return _height(actor) >= _height(target)


def _height(role: Role) -> int:
    return HIGHEST_LAST.index(role) + 1 if role in HIGHEST_LAST else 0


def roles_to_give(actor: Role) -> tuple[Role, ...]:
    """The roles that somebody may give; only an administrator makes another one."""
    if actor is Role.ADMINISTRATOR:
        return tuple(Role)
    return tuple(role for role in Role if role is not Role.ADMINISTRATOR) if actor in MANAGERS else ()


def may_manage(actor: Role, target: Role) -> bool:
    """Whether somebody may invite again, suspend or change an account of this role."""
    return target in roles_to_give(actor)
