"""Pages of absences: declaring one shows the duties that it hits."""

from flask import Blueprint

bp = Blueprint("absences", __name__, url_prefix="/absences")
