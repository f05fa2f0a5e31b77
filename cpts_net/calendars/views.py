"""Pages of ``calendars``."""

from flask import Blueprint

bp = Blueprint("calendars", __name__)
