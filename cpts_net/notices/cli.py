"""The ``cpts-net mail`` commands: what is on its way, what was given up, and another try."""

from datetime import datetime

import click
from flask.cli import AppGroup
from flask_babel import force_locale
from jinja2 import TemplateError

from cpts_net import clock
from cpts_net.notices import actions, queries, queue, sending
from cpts_net.notices.addresses import addresses
from cpts_net.notices.models import Delivery, State
from cpts_net.storage.transaction import transaction

mail = AppGroup("mail", help="Look after mails that do not get through.")


@mail.command("list")
def list_() -> None:
    """List what waits and what was given up, each with the words of its last refusal."""
    unsent = queries.unsent()
    for delivery in unsent:
        click.echo(_line(delivery))
    waiting = sum(delivery.state == State.WAITING for delivery in unsent)
    click.echo(f"{waiting} waiting, {len(unsent) - waiting} failed")


@mail.command()
@click.argument("numbers", nargs=-1, type=int, metavar="[NUMBER]...")
@click.option("--all", "everything", is_flag=True, help="Everything that waits or was given up.")
def retry(numbers: tuple[int, ...], everything: bool) -> None:
    """Have mails tried again now, by their numbers in the list, or all of them.

    A link that was forgotten as its mail was given up is made anew, and goes out in another mail.
    """
    if everything == bool(numbers):
        raise click.UsageError("name the mails by their numbers, or say --all")
    now = clock.now()
    with transaction():
        known = [delivery for delivery in queries.unsent() if everything or delivery.id in numbers]
        numbered = {delivery.id for delivery in known}
        lost = [delivery.id for delivery in known if not _sent_again(delivery, now)]
    unknown = sorted(set(numbers) - numbered)
    said = [f"{len(numbered) - len(lost)} on their way again"]
    said += [f"no such mail: {', '.join(map(str, unknown))}"] if unknown else []
    said += [f"nothing is left of: {', '.join(map(str, lost))}"] if lost else []
    if unknown or lost:
        raise click.ClickException("; ".join(said))
    click.echo(said[0])


def _sent_again(delivery: Delivery, now: datetime) -> bool:
    if delivery.state == State.WAITING:
        queue.retry([delivery.id], now)
        return True
    return actions.send_again(delivery, now=now)


def _line(delivery: Delivery) -> str:
    at = delivery.due_at if delivery.state == State.WAITING else delivery.finished_at
    when = f"{'again' if delivery.state == State.WAITING else 'failed'} at {at:%Y-%m-%d %H:%M} UTC"
    words = " ".join(delivery.error.split()) or "not tried yet"
    return f"{delivery.id}\t{when}\t{delivery.attempts} tries\t{_to(delivery)} {_subject(delivery)}\t{words}"


def _to(delivery: Delivery) -> str:
    if delivery.notice is None:
        return delivery.address
    person_id = delivery.notice.person_id
    found = addresses().recipients([person_id]).get(person_id)
    return found.address if found else f"person {person_id}"


def _subject(delivery: Delivery) -> str:
    """What a mail is about: its subject where its text is kept, its kind where it is drawn as it is sent."""
    if not delivery.letter or "message" in delivery.letter:
        return delivery.kind
    try:
        with force_locale("fr"):
            return sending.drawn_letter(delivery.letter)["subject"]
    except TemplateError:
        return delivery.kind
