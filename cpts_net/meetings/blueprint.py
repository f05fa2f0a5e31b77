"""The blueprint that the views of meetings join; some of their pages lie under a group's."""

from flask import Blueprint

bp = Blueprint("meetings", __name__)
