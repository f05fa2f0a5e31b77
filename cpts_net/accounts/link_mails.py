"""The names of the mails about an account itself, which have no notice."""

INVITATION = "accounts.invitation"
RESET = "accounts.reset"
PASSWORD_CHANGED = "accounts.password_changed"  # noqa: S105  No password.
