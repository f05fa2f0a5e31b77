"""The blueprint that the views of meetings join; some of their pages lie under a group's."""

from flask import Blueprint

from cpts_net.groups import agenda
from cpts_net.meetings.group_agenda import MeetingsAgenda

bp = Blueprint("meetings", __name__)
bp.record_once(lambda state: agenda.hand_in(state.app, MeetingsAgenda()))
