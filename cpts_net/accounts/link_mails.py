"""The names of the mails about an account itself, which have no notice."""

INVITATION = "accounts.invitation"
RESET = "accounts.reset"
NEW_ADDRESS = "accounts.new_address"
ADDRESS_TAKEN = "accounts.address_taken"
ADDRESS_ASKED = "accounts.address_asked"
ADDRESS_CHANGED = "accounts.address_changed"
PASSWORD_CHANGED = "accounts.password_changed"  # noqa: S105  No password.
