"""How deliveries are named to whoever looks after accounts: to whom and of what sort, never what they said."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _

from cpts_net.directory import queries as directory
from cpts_net.notices import queries
from cpts_net.notices.addresses import Recipient, addresses
from cpts_net.notices.kinds import catalogue
from cpts_net.notices.models import Channel, Delivery, State
from cpts_net.notices.survivors import as_theirs


@dataclass(frozen=True)
class Shown:
    """One mail that waits or was given up, and what the server said.

    ``may_go_again`` where it went wrong and something is left of it: what was never tried goes when its reader wants it.

    ``at`` is when it is tried next, or was given up. ``others`` is how much other news is in the same message.
    """

    id: int
    person_id: int  # 0 where it went to an address alone.
    name: str
    address: str
    label: Any
    others: int
    at: datetime
    error: str
    attempts: int
    may_go_again: bool
    is_waiting: bool
    is_refused: bool  # The server knows nobody at the address.
    rings: bool  # On their devices; it goes to no address.


def shown(deliveries: Sequence[Delivery]) -> list[Shown]:
    """The messages of some deliveries, one of each, their notices loaded, in the same order."""
    as_theirs([delivery.notice for delivery in deliveries if delivery.notice])
    person_ids = {delivery.notice.person_id for delivery in deliveries if delivery.notice}
    names, accounts = directory.names(person_ids), addresses().recipients(person_ids)
    refused = {*accounts} - {*addresses().reached(person_ids)}
    sizes = queries.together(deliveries)
    return [_shown(each, sizes[each.message_id] - 1, names, accounts, refused) for each in deliveries]


def _shown(
    delivery: Delivery,
    others: int,
    names: Mapping[int, str],
    accounts: Mapping[int, Recipient],
    refused: Collection[int],
) -> Shown:
    person_id = delivery.notice.person_id if delivery.notice else 0
    rings = delivery.channel == Channel.PUSH
    is_waiting = delivery.state == State.WAITING
    is_left = bool(delivery.notice_id or delivery.letter is not None or delivery.kind in catalogue().link_mails)
    return Shown(
        id=delivery.id,
        person_id=person_id,
        name=names.get(person_id, ""),
        address=accounts[person_id].address if person_id in accounts and not rings else delivery.address,
        label=_label(delivery),
        others=others,
        at=delivery.finished_at or delivery.due_at,
        error=delivery.error,
        attempts=delivery.attempts,
        may_go_again=(not is_waiting or bool(delivery.error)) and is_left,
        is_waiting=is_waiting,
        is_refused=person_id in refused and not rings,
        rings=rings,
    )


def _label(delivery: Delivery) -> Any:
    known = catalogue()
    declared = known.kinds.get(delivery.kind) or known.link_mails.get(delivery.kind)
    return declared.label if declared else _("Message")
