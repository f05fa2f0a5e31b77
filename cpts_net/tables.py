"""Every module with tables, so that importing this one makes the schema whole."""

from cpts_net.accounts import models as accounts
from cpts_net.audit import models as audit
from cpts_net.calendars import models as calendars
from cpts_net.directory import models as directory
from cpts_net.groups import models as groups
from cpts_net.leave import models as leave
from cpts_net.meetings import models as meetings
from cpts_net.notices import models as notices
from cpts_net.oncall import models as oncall
from cpts_net.push import models as push
from cpts_net.storage import revisions

MODULES = (accounts, audit, calendars, directory, groups, leave, meetings, notices, oncall, push, revisions)
