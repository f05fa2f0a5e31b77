"""Those of the demonstration who are no professionals of the national list, and where they work."""

from dataclasses import dataclass
from datetime import datetime

from cpts_net.directory import actions, structure_actions
from cpts_net.directory.actions import NewPerson
from cpts_net.directory.models import Kind, Sector, Source


@dataclass(frozen=True)
class Service:
    """A structure that no extract names, with who works there: civility, given name, family name, function."""

    name: str
    category_code: str
    sector: Sector
    tier: int
    commune: str
    postal_code: str
    phone: str
    people: tuple[tuple[str, str, str, str], ...]


SERVICES = (
    Service(
        *("Ehpad Les Tilleuls", "500", Sector.MEDICO_SOCIAL, 3, "Châteaudun", "28200", "+33261917001"),
        (("MME", "Hélène", "Vasseur", "Directrice de l’Ehpad"),),
    ),
    Service(
        *("CCAS de Châteaudun", "", Sector.SOCIAL, 1, "Châteaudun", "28200", "+33261917002"),
        (
            ("MME", "Nadia", "Benali", "Assistante de service social"),
            ("M", "Thierry", "Lecomte", "Conseiller en économie sociale et familiale"),
        ),
    ),
    Service(
        *("Dispositif d’appui à la coordination", "", Sector.MEDICO_SOCIAL, 2, "Bonneval", "28800", "+33261917003"),
        (("MME", "Claire", "Pasquier", "Coordinatrice de parcours"),),
    ),
)


def add_partners(now: datetime) -> None:
    """Make the services known, and who works there."""
    for service in SERVICES:
        said = {name: value for name, value in vars(service).items() if name != "people"}
        house = structure_actions.add_structure(said, actor_id=None, now=now)
        for civility, given_name, family_name, function in service.people:
            person = NewPerson(family_name, given_name, civility=civility, function=function, kind=Kind.PARTNER)
            number = actions.add_person(person, actor_id=None, now=now)
            structure_actions.add_position(number, house, Source.STAFF, actor_id=None, now=now)
