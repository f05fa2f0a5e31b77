"""Who may look after whose account."""

from cpts_net.roles import Role

MANAGERS = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR})


def roles_to_give(actor: Role) -> tuple[Role, ...]:
    """The roles that somebody may give; only an administrator makes another one."""
    if actor is Role.ADMINISTRATOR:
        return tuple(Role)
    return tuple(role for role in Role if role is not Role.ADMINISTRATOR) if actor in MANAGERS else ()


def may_manage(actor: Role, target: Role) -> bool:
    """Whether somebody may invite again, suspend or change an account of this role."""
    return target in roles_to_give(actor)
