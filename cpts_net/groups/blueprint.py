"""The blueprint that the views of groups join."""

from flask import Blueprint

bp = Blueprint("groups", __name__, url_prefix="/groupes")
