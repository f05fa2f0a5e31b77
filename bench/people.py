"""Who looks at what: browsers that are signed in, and the numbers that stand in addresses."""

import json
from dataclasses import dataclass

from bench.servers import House


@dataclass(frozen=True)
class Browser:
    """Somebody who is signed in; ``name`` is how the board calls them."""

    email: str
    name: str
    person_id: int | None
    cookie: str


@dataclass(frozen=True)
class Scene:
    """Browsers by what they do, and what stands in the addresses of pages."""

    viewers: list[Browser]
    declarers: list[Browser]  # Each has neither absence nor duty from today on.
    in_group: list[Browser]  # Of the group whose poll is open.
    lead: Browser  # Of the same.
    administrator: Browser
    places: dict[str, str]
    password: str  # Everybody's.


def scene(house: House, viewers: int, declarers: int) -> Scene:
    """Make it in the base of ``house``, with the product of its tree."""
    made = json.loads(house.command(str(viewers), str(declarers), module="bench.inside.people"))

    def browsers(name: str) -> list[Browser]:
        return [Browser(**each) for each in made[name]]

    return Scene(
        viewers=browsers("viewers"),
        declarers=browsers("declarers"),
        in_group=browsers("in_group"),
        lead=Browser(**made["lead"]),
        administrator=Browser(**made["administrator"]),
        places=made["places"],
        password=made["password"],
    )
