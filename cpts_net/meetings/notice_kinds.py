"""What people are told of meetings and polls; the mails about meetings are written where calendars are."""

INVITED = "meetings.invited"
WELCOME = "meetings.welcome"  # All meetings ahead of a group that somebody comes into.
CHANGED = "meetings.changed"
CANCELLED = "meetings.cancelled"
WITHDRAWN = "meetings.withdrawn"  # The meeting takes place, without them.
