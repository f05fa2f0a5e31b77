"""What a browser says of itself, in the words of the person who looks for a stolen phone."""

# The first that is found counts: nearly all claim to be Safari, many to be Chrome.
BROWSERS = (
    ("Firefox", ("Firefox/", "FxiOS/")),
    ("Edge", ("Edg/", "EdgA/", "EdgiOS/")),
    ("Opera", ("OPR/",)),
    ("Samsung Internet", ("SamsungBrowser/",)),
    ("Chrome", ("Chrome/", "CriOS/", "Chromium/")),
    ("Safari", ("Safari/",)),
)
DEVICES = (
    ("iPhone", ("iPhone",)),
    ("iPad", ("iPad",)),
    ("Android", ("Android",)),
    ("Windows", ("Windows",)),
    ("Mac", ("Macintosh",)),
    ("Linux", ("Linux", "X11")),
)


def named(user_agent: str) -> tuple[str, str]:
    """The browser and the device, such as ("Safari", "iPhone"); an empty text for what is not known."""
    return _first(BROWSERS, user_agent), _first(DEVICES, user_agent)


def _first(names: tuple[tuple[str, tuple[str, ...]], ...], user_agent: str) -> str:
    return next((name for name, signs in names if any(sign in user_agent for sign in signs)), "")
