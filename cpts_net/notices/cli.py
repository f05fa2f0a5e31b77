"""The ``cpts-net mail`` commands: what is on its way, what was given up, and another try."""

import click
from flask.cli import AppGroup
from flask_babel import force_locale
from jinja2 import TemplateError

from cpts_net import clock
from cpts_net.notices import actions, queries, sending
from cpts_net.notices.addresses import addresses
from cpts_net.notices.models import Channel, Delivery, State
from cpts_net.notices.survivors import survivors
from cpts_net.storage.transaction import transaction

mail = AppGroup("mail", help="Look after mails that do not get through.")


@mail.command("list")
def list_() -> None:
    """List what waits and what was given up, each mail once, with the words of its last refusal."""
    unsent = queries.unsent()
    sizes = queries.together(unsent)
    for delivery in unsent:
        click.echo(_line(delivery, sizes[delivery.message_id]))
    waiting = sum(delivery.state == State.WAITING for delivery in unsent)
    click.echo(f"{waiting} waiting, {len(unsent) - waiting} failed")


@mail.command()
@click.argument("numbers", nargs=-1, type=int, metavar="[NUMBER]...")
@click.option(
    "--all", "everything", is_flag=True, help="Everything that was given up, or waits since a try went wrong."
)
def retry(numbers: tuple[int, ...], everything: bool) -> None:
    """Have mails tried again now, by their numbers in the list, or all that went wrong.

    A link that was forgotten as its mail was given up is made anew, and goes out in another mail.
    """
    if everything == bool(numbers):
        raise click.UsageError("name the mails by their numbers, or say --all")
    now = clock.now()
    with transaction():
        known = queries.unsent_among(queries.troubled_ids() if everything else numbers)
        numbered = {delivery.id for delivery in known}
        lost = [delivery.id for delivery in known if not actions.send_again(delivery, now=now)]
    unknown = sorted(set(numbers) - numbered)
    said = [f"{len(numbered) - len(lost)} on their way again"]
    said += [f"no such mail: {', '.join(map(str, unknown))}"] if unknown else []
    said += [f"nothing is left of: {', '.join(map(str, lost))}"] if lost else []
    if unknown or lost:
        raise click.ClickException("; ".join(said))
    click.echo(said[0])


def _line(delivery: Delivery, size: int) -> str:
    at = delivery.due_at if delivery.state == State.WAITING else delivery.finished_at
    when = f"{'again' if delivery.state == State.WAITING else 'failed'} at {at:%Y-%m-%d %H:%M} UTC"
    words = " ".join(delivery.error.split()) or "not tried yet"
    others = f" and {size - 1} more" if size > 1 else ""
    return f"{delivery.id}\t{when}\t{delivery.attempts} tries\t{_to(delivery)} {_subject(delivery)}{others}\t{words}"


def _to(delivery: Delivery) -> str:
    if delivery.notice is None:
        return delivery.address
    (person_id,) = survivors([delivery.notice.person_id]).values()
    if delivery.channel == Channel.PUSH:
        return f"devices of person {person_id}"
    found = addresses().recipients([person_id]).get(person_id)
    return found.address if found else f"person {person_id}"


def _subject(delivery: Delivery) -> str:
    """What a mail is about: its subject where its text is kept, its kind where it is drawn as it is sent."""
    if not delivery.letter or "message" in delivery.letter:
        return delivery.kind
    try:
        with force_locale("fr"):
            return sending.drawn_letter(delivery.letter).subject
    except TemplateError:
        return delivery.kind
