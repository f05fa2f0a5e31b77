"""The ``cpts-net mail`` commands: what is on its way, what was given up, and another try."""

import click
from flask.cli import AppGroup
from jinja2 import TemplateError

from cpts_net import clock
from cpts_net.outbox import jobs, mailer, queries
from cpts_net.outbox.jobs import Job
from cpts_net.storage.transaction import transaction

mail = AppGroup("mail", help="Look after mails that do not get through.")


@mail.command("list")
def list_() -> None:
    """List what waits and what was given up, each with the words of its last refusal."""
    unsent = queries.unsent()
    for job in unsent:
        click.echo(_line(job))
    click.echo(
        f"{sum(job.run_at is not None for job in unsent)} waiting, {sum(not job.run_at for job in unsent)} failed"
    )


@mail.command()
@click.argument("numbers", nargs=-1, type=int, metavar="[NUMBER]...")
@click.option("--all", "everything", is_flag=True, help="Everything that waits or was given up.")
def retry(numbers: tuple[int, ...], everything: bool) -> None:
    """Have mails tried again now, by their numbers in the list, or all of them."""
    if everything == bool(numbers):
        raise click.UsageError("name the mails by their numbers, or say --all")
    with transaction():
        known = [job.id for job in queries.unsent() if everything or job.id in numbers]
        jobs.retry(known, clock.now())
    if unknown := sorted(set(numbers) - set(known)):
        raise click.ClickException(f"{len(known)} on their way again; no such mail: {', '.join(map(str, unknown))}")
    click.echo(f"{len(known)} on their way again")


def _line(job: Job) -> str:
    when = (
        f"again at {job.run_at:%Y-%m-%d %H:%M} UTC" if job.run_at else f"failed at {job.finished_at:%Y-%m-%d %H:%M} UTC"
    )
    words = " ".join(job.last_error.split()) or "not tried yet"
    what = " ".join(filter(None, (job.payload.get("to"), _subject(job)))) or job.kind
    return f"{job.id}\t{when}\t{job.attempts} tries\t{what}\t{words}"


def _subject(job: Job) -> str | None:
    """What a mail is about; the name of its template, should that be what fails."""
    template: str | None = job.payload.get("template")
    try:
        return mailer.drawn(job.payload)["subject"] if template else job.payload.get("subject")
    except TemplateError:
        return template
