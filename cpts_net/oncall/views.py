"""Pages of ``oncall``."""

from flask import Blueprint

bp = Blueprint("oncall", __name__, url_prefix="/astreintes")
