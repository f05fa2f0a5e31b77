"""The ``cpts-net push`` command: the keys without which no device rings."""

import click
from flask.cli import AppGroup

from cpts_net.push import actions
from cpts_net.push_keys import FILE, make_push_key
from cpts_net.settings import current_settings
from cpts_net.storage.transaction import transaction

push = AppGroup("push", help="Let devices ring.")


@push.command()
@click.option("--replace", is_flag=True, help="Make others: every device has to be turned on again.")
def keys(*, replace: bool) -> None:
    """Make the keys by which push services know this installation; devices may ring from the next start on."""
    path = current_settings().data_dir / FILE
    if path.exists() and not replace:
        raise click.ClickException(f"{path} has keys already; with others (--replace) every device falls silent")
    try:
        with transaction():
            silent = actions.remove_all()  # First: without its table there is nothing for a key to serve.
            made = make_push_key(path)
    except OSError as refused:
        raise click.ClickException(f"{path} cannot be written: {refused.strerror}") from refused
    click.echo(f"{path}: public key {made.public}")
    if silent:
        click.echo(f"{silent} devices have to be turned on again")
    click.echo("Start web and worker again, with this file in the CPTS_DATA of each.")
