"""How somebody is called."""


def display_name(title: str, given_name: str, family_name: str) -> str:
    """The name as colleagues say it: "Dr Anne Petit", "Inès Boyer"; of those with one name alone "Secrétariat"."""
    name = f"{given_name} {family_name}".strip()
    return f"Dr {name}" if title == "DR" else name


def parted(name: str) -> tuple[str, str, str]:
    """Title, given name and family name of somebody whose name was written in one; together they read as it did.

    The first word is taken for the given name, for whoever sorts people by the other.
    """
    title, rest = ("DR", name.removeprefix("Dr ")) if name.startswith("Dr ") else ("", name)
    given_name, _space, family_name = rest.partition(" ")
    return (title, given_name, family_name) if family_name else (title, "", given_name)


def initials(name: str) -> str:
    """« ML » of "Dr Marie-Françoise Lefèvre", taken from how they are called; one letter of those with one name alone."""
    words = name.removeprefix("Dr ").split()
    return "".join(word[0].upper() for word in words[:2])
