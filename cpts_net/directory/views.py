"""Pages of ``directory``."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from cpts_net.access import members_only
from cpts_net.directory import cli

bp = Blueprint("directory", __name__, url_prefix="/annuaire")
bp.cli.help = "Look after the directory."
bp.cli.add_command(cli.import_file)


@bp.get("/")
@members_only
def search() -> ResponseReturnValue:
    return render_template("soon.html", title="Annuaire")
