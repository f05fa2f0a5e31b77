"""Where the rooms are put together: every blueprint, and what a higher room hands in to a lower one."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Flask

from cpts_net.accounts import notice_kinds as account_notices
from cpts_net.accounts import own_kinds, retention
from cpts_net.accounts.address_views import bp as sign_in_address
from cpts_net.accounts.mail_addresses import AccountAddresses
from cpts_net.accounts.own_views import bp as own_account
from cpts_net.accounts.password_views import bp as passwords
from cpts_net.accounts.views import bp as accounts
from cpts_net.admin.address_views import bp as addresses_of_others
from cpts_net.admin.delivery_views import bp as deliveries
from cpts_net.admin.people_views import bp as people
from cpts_net.admin.selections import without_account
from cpts_net.admin.views import bp as admin
from cpts_net.calendars import notice_kinds as calendar_notices
from cpts_net.calendars.actions import freeze_uid_host
from cpts_net.calendars.feed_views import bp as feeds
from cpts_net.calendars.floors import forget_what_is_over
from cpts_net.calendars.planning_views import bp as planning
from cpts_net.calendars.views import bp as calendars
from cpts_net.continuity import notice_kinds as continuity_notices
from cpts_net.continuity import own_meetings
from cpts_net.continuity.absence_views import bp as absences
from cpts_net.continuity.badges import badges
from cpts_net.continuity.closing_views import bp as closings
from cpts_net.continuity.days_off_views import bp as days_off
from cpts_net.continuity.drawing import drawing
from cpts_net.continuity.relay_views import bp as relays
from cpts_net.continuity.reminders import tell_of_relays_tomorrow
from cpts_net.continuity.seeking import tell_of_sought
from cpts_net.continuity.selections import absent_person, relay
from cpts_net.continuity.views import bp as continuity
from cpts_net.continuity.weeks_views import bp as weeks
from cpts_net.departures.actions import close_departed
from cpts_net.departures.selections import same_person
from cpts_net.departures.views import bp as departures
from cpts_net.directory import acquaintances, card_sections, choosing, presence, trades
from cpts_net.directory import authors as directory_authors
from cpts_net.directory import badges as directory_badges
from cpts_net.directory.choosing_views import bp as people_chosen
from cpts_net.directory.commune_views import bp as territory
from cpts_net.directory.queries import names_in_order
from cpts_net.directory.shown_mails import shown_mail
from cpts_net.directory.structure_views import bp as structures
from cpts_net.directory.views import bp as directory
from cpts_net.groups import dates
from cpts_net.groups import notice_kinds as group_notices
from cpts_net.groups.on_cards import groups_on_card
from cpts_net.groups.queries import are_acquainted
from cpts_net.groups.selections import newcomers
from cpts_net.groups.views import bp as groups
from cpts_net.home.views import bp as home
from cpts_net.leave import notice_kinds as leave_notices
from cpts_net.meetings import notice_kinds as meeting_notices
from cpts_net.meetings.group_dates import GroupDates
from cpts_net.meetings.on_cards import meetings_on_card
from cpts_net.meetings.queries import meeting_times
from cpts_net.meetings.reminders import tell_of_last_days
from cpts_net.meetings.views import bp as meetings
from cpts_net.notices import actions as notices
from cpts_net.notices import addresses, authors, devices, kinds, reply_addresses, untold
from cpts_net.notices import survivors as survivors_of_notices
from cpts_net.notices.choice_views import bp as choices
from cpts_net.notices.kinds import Kind, LinkMail
from cpts_net.notices.survivors import Merges
from cpts_net.notices.views import bp as own_notices
from cpts_net.offline.views import bp as offline
from cpts_net.oncall import gap_kinds as gap_notices
from cpts_net.oncall import notice_kinds as oncall_notices
from cpts_net.oncall.exception_views import bp as line_days
from cpts_net.oncall.gap_reminders import tell_of_gaps_ahead
from cpts_net.oncall.house_keeping import count_impossible, empty_words
from cpts_net.oncall.line_views import bp as duty_lines
from cpts_net.oncall.on_cards import duties_on_card
from cpts_net.oncall.reminders import remind_of_duties
from cpts_net.oncall.seat_views import bp as seats
from cpts_net.oncall.selections import another, seat
from cpts_net.oncall.slot_actions import open_coming_slots
from cpts_net.oncall.take_link_views import bp as offers
from cpts_net.oncall.views import bp as oncall
from cpts_net.push import endpoints
from cpts_net.push.ringing import DevicesOfSessions
from cpts_net.push.views import bp as push
from cpts_net.search.views import bp as search
from cpts_net.texts import in_words, number_in_words

BLUEPRINTS: tuple[Blueprint, ...] = (
    home,
    accounts,
    passwords,
    own_account,
    sign_in_address,
    continuity,
    weeks,
    absences,
    days_off,
    closings,
    relays,
    oncall,
    duty_lines,
    line_days,
    seats,
    offers,
    directory,
    structures,
    territory,
    people_chosen,
    departures,
    groups,
    meetings,
    planning,
    search,
    calendars,
    feeds,
    own_notices,
    offline,
    choices,
    push,
    admin,
    people,
    addresses_of_others,
    deliveries,
)

# What people may be told, and the mails that hold a link known to nobody else.
NOTICE_KINDS: tuple[Kind, ...] = (
    *own_kinds.KINDS,
    *oncall_notices.KINDS,
    *gap_notices.KINDS,
    *leave_notices.KINDS,
    *continuity_notices.KINDS,
    *group_notices.KINDS,
    *meeting_notices.KINDS,
    *calendar_notices.KINDS,
)
LINK_MAILS: tuple[LinkMail, ...] = account_notices.LINK_MAILS

# What the worker does once an hour, each with ``now`` and in a transaction of its own, whatever becomes of the others.
Chore = Callable[..., object]
CHORES: tuple[Chore, ...] = (
    freeze_uid_host,
    retention.forget,
    notices.forget,
    forget_what_is_over,
    empty_words,
    close_departed,
)
# And what commits by itself, a part at a time, for it takes longer than others should wait.
LONG_CHORES: tuple[Chore, ...] = (
    open_coming_slots,
    tell_of_last_days,
    tell_of_gaps_ahead,
    tell_of_sought,
    tell_of_relays_tomorrow,
    count_impossible,
)

# What cannot wait for the hour: the same once a minute; so each asks the base little where there is nothing to do.
PROMPT_CHORES: tuple[Chore, ...] = (remind_of_duties,)

# What the web process draws anew after a change, before anybody asks.
DRAWN_AHEAD: tuple[Callable[[datetime], object], ...] = (drawing,)

# What somebody is chosen for, as addresses say it.
SELECTIONS: dict[str, choosing.Reading] = {
    "absence": absent_person,
    "relais": relay,
    "creneau": seat,
    "siege": another,
    "groupe": newcomers,
    "compte": without_account,
    "fusion": same_person,
}


def wire(app: Flask) -> None:
    """Give ``app`` its pages, and the lower rooms what they ask the higher ones for."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    trades.speak_with(in_words, number_in_words)
    directory_badges.hand_in(app, badges)
    acquaintances.hand_in(app, are_acquainted)
    card_sections.hand_in(app, (duties_on_card, meetings_on_card, groups_on_card))
    choosing.hand_in(app, SELECTIONS)
    dates.hand_in(app, GroupDates())
    own_meetings.hand_in(app, meeting_times)
    addresses.hand_in(app, AccountAddresses())
    devices.hand_in(app, DevicesOfSessions())
    endpoints.hand_in(app, endpoints.Reach())
    reply_addresses.hand_in(app, shown_mail)
    authors.hand_in(app, directory_authors.known_to)
    survivors_of_notices.hand_in(app, Merges(presence.survivors, presence.absorbed_by))
    kinds.hand_in(app, NOTICE_KINDS, LINK_MAILS)
    untold.hand_in(app, names_in_order)
    untold.register(app)
