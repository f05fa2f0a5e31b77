"""Every change of the directory."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, update

from cpts_net.audit import actions as audit
from cpts_net.directory import extract, imported_queries, queries, structure_actions, workplaces
from cpts_net.directory.judging import Judged, judge
from cpts_net.directory.models import Kind, Person, Practice, Profession, ProfileValue, Specialty
from cpts_net.directory.placing import Houses
from cpts_net.directory.practitioners import ADELI_PREFIX, Practitioner, practitioner_of
from cpts_net.directory.profile_fields import MAIL, PRIVATE_PHONE, Audience, Value
from cpts_net.directory.report import ImportReport
from cpts_net.directory.rules import sentence_case, sort_key
from cpts_net.directory.structure_actions import WHOLE_ROWS
from cpts_net.directory.territory import Territory
from cpts_net.directory.trades import Practised
from cpts_net.directory.workplace import shown
from cpts_net.storage import revisions
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction

BATCH = 100  # Others write in between: this many compute for 13 ms.


def import_extract(
    path: Path, territory: Territory | None = None, *, advance: Callable[[int], None] = lambda _bytes: None
) -> ImportReport:
    """Bring the directory to what an RPPS extract says of the people of ``territory``.

    Commits by itself, a batch of people at a time, so that a large extract
    holds nobody up; one of which nothing is new, without a write. What is not
    in the extract stays: private phones, hidden profiles and positions, what
    somebody typed, accounts, people whom it does not name. ``advance`` is told
    how many more bytes were read; each line inside the territory is read twice.

    Raises:
        extract.ExtractUnreadable: when the file is none; nothing is changed.
    """
    report, houses, had_news = ImportReport(), Houses(), False
    with extract.opened(path) as file:
        wanted = territory or Territory()
        found = extract.situations(file, wanted, report, advance)
        people = filter(None, (practitioner_of(lines, report) for lines in found))
        while named := list(islice(people, BATCH)):
            batch = _without_outlived(named, report)
            columns = _columns(batch)  # Before others have to wait.
            # Where one batch had news the next has: to judge it before would be to judge it twice.
            if had_news or any(judged.is_news for judged in judge(batch, columns, houses)):
                with transaction():
                    had_news = _save(batch, columns, houses, report)
            else:
                report.unchanged += len(batch)
    _show_whoever_is_left(houses.changed)
    report.unmatched = wanted.unmatched
    report.refusals.sort()
    report.warnings.sort()
    return report


def _without_outlived(people: Sequence[Practitioner], report: ImportReport) -> list[Practitioner]:
    """Leave out the lines of older numbers whose people are known by their RPPS number now."""
    outlived = imported_queries.outlived_numbers([person.rpps for person in people])
    report.unchanged += len(outlived)
    return [person for person in people if person.rpps not in outlived]


def _show_whoever_is_left(structure_ids: Collection[int]) -> None:
    """What the file changed of a structure is shown of those too whom it no longer names."""
    for structures in _batched(sorted(structure_ids), BATCH):
        for people in _batched(workplaces.people_at(structures), BATCH):
            if structure_actions.outdated(people):
                with transaction():
                    revisions.bump(revisions.DIRECTORY)
                    structure_actions.show_anew(people)


def _batched(ids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    """``ids`` in parts of no more than ``size``."""
    return (ids[start : start + size] for start in range(0, len(ids), size))


def save_people(people: Sequence[Practitioner], report: ImportReport) -> None:
    """Create or update these people, each of them named once; counts in ``report``."""
    _save(people, _columns(people), Houses(), report)


def _save(
    people: Sequence[Practitioner], columns: dict[str, dict[str, Any]], houses: Houses, report: ImportReport
) -> bool:
    """Write what is new of these people; return whether anything was."""
    revisions.bump(revisions.DIRECTORY)
    practices = [practice for person in people for practice in person.practices]
    _learn(Profession, {each.profession_code: each.profession for each in practices})
    _learn(Specialty, {each.specialty_code or "": each.specialty for each in practices})
    judged = judge(people, columns, houses)
    new = [each for each in judged if each.known is None]
    report.created += len(new)
    report.updated += sum(each.is_changed for each in judged) - len(new)
    report.unchanged += sum(not each.is_changed for each in judged)
    _tell_of_older_numbers(judged, report)
    houses_of_batch = list(dict.fromkeys(house for each in judged for house in each.houses))
    structure_actions.write_houses(houses_of_batch)
    houses.remember(houses_of_batch)
    _write_people(judged)
    return any(each.is_news for each in judged)


def _write_people(judged: Sequence[Judged]) -> None:
    new = [each.columns for each in judged if each.known is None]
    renamed = [
        {"id": each.known.id, **each.columns} for each in judged if each.known and each.columns != each.known.columns
    ]
    outlived = [
        {"id": each.known.id, "adeli": each.older_number} for each in judged if each.known and each.older_number
    ]
    if new:
        db.session.execute(insert(Person), new, execution_options=WHOLE_ROWS)
    if renamed:
        db.session.execute(update(Person), renamed)
    if outlived:
        db.session.execute(update(Person), outlived)
    ids = queries.person_ids([each.person.rpps for each in judged if each.is_changed])
    _write_practices({ids[each.person.rpps]: each.practised for each in judged if each.is_retrained})
    structure_actions.write_positions({ids[each.person.rpps]: each.placed for each in judged if each.placed.is_news})


def _tell_of_older_numbers(judged: Sequence[Judged], report: ImportReport) -> None:
    """Say who was known by an older number, and who may be another whom the directory knows."""
    for each in judged:
        person = each.person
        if each.older_number:
            report.warn(
                person.line, f"RPPS number {person.rpps} is the person known by ADELI number {each.older_number}"
            )
        elif each.resembled:
            adeli = each.resembled.columns["rpps"].removeprefix(ADELI_PREFIX)
            report.warn(person.line, f"RPPS number {person.rpps} may be the person known by ADELI number {adeli}")


def _columns(people: Sequence[Practitioner]) -> dict[str, dict[str, Any]]:
    """By RPPS number, what the table of people is to say of each, should all places be as the extract has them."""
    return {
        person.rpps: {
            **{name: getattr(person, name) for name in imported_queries.SAID_BY_EXTRACT},
            "sort_key": sort_key(person.family_name, person.given_name),
            **shown(person.family_name, person.given_name, person.sites)._asdict(),
        }
        for person in people
    }


def _learn(model: type[Profession | Specialty], given: dict[str, str]) -> None:
    """Keep the label of every new code; the first label of a code stays."""
    known = queries.codes(model)
    new = {code: sentence_case(label) or code for code, label in given.items() if code and code not in known}
    if new:
        db.session.execute(insert(model), [{"code": code, "label": label} for code, label in new.items()])


def set_practices(practised: Mapping[int, Sequence[Practised]]) -> None:
    """Make these what each person practises, by their id, the first one first; what stands beside their name follows.

    The professions and specialties are known; the caller bumps the directory.
    """
    _write_practices(practised)
    first = {person_id: next(iter(each), None) for person_id, each in practised.items()}
    rows = [
        {
            "id": person_id,
            "profession_code": practice and practice.profession_code,
            "specialty_code": practice and practice.specialty_code,
        }
        for person_id, practice in first.items()
    ]
    if rows:
        db.session.execute(update(Person), rows)


def _write_practices(practised: Mapping[int, Sequence[Practised]]) -> None:
    if not practised:
        return
    db.session.execute(delete(Practice).where(Practice.person_id.in_(practised)))
    rows = [
        {"person_id": person_id, "rank": rank, **practice._asdict()}
        for person_id, own in practised.items()
        for rank, practice in enumerate(dict.fromkeys(own))
    ]
    if rows:
        db.session.execute(insert(Practice), rows, execution_options=WHOLE_ROWS)


@dataclass(frozen=True)
class NewPerson:
    """Somebody who is in no extract."""

    family_name: str
    given_name: str = ""
    title: str = ""
    civility: str = ""  # As the extract writes it: "M", "MME", or nothing.
    kind: Kind = Kind.TEAM
    function: str = ""


def add_person(person: NewPerson, *, actor_id: int | None, now: datetime) -> int:
    """Make somebody known to the community; return their number."""
    revisions.bump(revisions.DIRECTORY)
    added = Person(
        **vars(person),
        sort_key=sort_key(person.family_name, person.given_name),
        **shown(person.family_name, person.given_name, ())._asdict(),
    )
    db.session.add(added)
    db.session.flush()
    audit.record("directory.person_added", actor_id=actor_id, now=now, subject=f"person:{added.id}")
    return added.id


def correct_person(person_id: int, said: Mapping[str, Any], *, actor_id: int | None, now: datetime) -> None:
    """Set what somebody typed of a person; an import leaves what differs from what stood there."""
    revisions.bump(revisions.DIRECTORY)
    person = db.session.get_one(Person, person_id)
    if not person.correct(said):
        return
    person.sort_key = sort_key(person.family_name, person.given_name)
    db.session.flush()
    structure_actions.show_anew([person_id])
    audit.record("directory.person_corrected", actor_id=actor_id, now=now, subject=f"person:{person_id}")


def change_profile(
    person_id: int,
    *,
    private_phone: str,
    is_hidden: bool,
    actor_id: int | None,
    now: datetime,
    mail: str = "",
    is_mail_shown: bool = False,
) -> None:
    """Set what somebody decides about their card; numbers as ``phones`` keeps them, what is empty is forgotten."""
    revisions.bump(revisions.DIRECTORY)
    db.session.execute(update(Person).where(Person.id == person_id).values(is_hidden=is_hidden))
    _write_value(person_id, Value(PRIVATE_PHONE, private_phone, Audience.NOBODY_ELSE))
    _write_value(person_id, Value(MAIL, mail, Audience.COMMUNITY if is_mail_shown else Audience.NOBODY_ELSE))
    audit.record("directory.profile_changed", actor_id=actor_id, now=now, subject=f"person:{person_id}")


def _write_value(person_id: int, value: Value) -> None:
    field = value.field.key
    db.session.execute(delete(ProfileValue).where(ProfileValue.person_id == person_id, ProfileValue.field == field))
    if value.text:
        row = {"person_id": person_id, "field": field, "value": value.text, "audience": value.audience}
        db.session.execute(insert(ProfileValue), row)
