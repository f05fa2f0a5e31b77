"""Every blueprint of the application: its table of contents."""

from flask import Blueprint

from cpts_net.accounts.own_views import bp as own_account
from cpts_net.accounts.password_views import bp as passwords
from cpts_net.accounts.views import bp as accounts
from cpts_net.admin.views import bp as admin
from cpts_net.calendars.feed_views import bp as feeds
from cpts_net.calendars.planning_views import bp as planning
from cpts_net.calendars.views import bp as calendars
from cpts_net.continuity.absence_views import bp as absences
from cpts_net.continuity.views import bp as continuity
from cpts_net.directory.views import bp as directory
from cpts_net.groups.views import bp as groups
from cpts_net.home.views import bp as home
from cpts_net.meetings.views import bp as meetings
from cpts_net.oncall.line_views import bp as duty_lines
from cpts_net.oncall.views import bp as oncall

BLUEPRINTS: tuple[Blueprint, ...] = (
    home,
    accounts,
    passwords,
    own_account,
    continuity,
    absences,
    oncall,
    duty_lines,
    directory,
    groups,
    meetings,
    planning,
    calendars,
    feeds,
    admin,
)
