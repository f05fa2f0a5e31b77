"""How mails that were given up are named to who looks after accounts: to whom and of what sort, never what they said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _

from cpts_net.directory import queries as directory
from cpts_net.notices.addresses import Recipient, addresses
from cpts_net.notices.kinds import catalogue
from cpts_net.notices.models import Delivery


@dataclass(frozen=True)
class Failure:
    """One mail that did not get through, and what the server said; ``may_go_again`` where something is left of it."""

    id: int
    name: str
    address: str
    label: Any
    at: datetime | None
    error: str
    attempts: int
    may_go_again: bool


def failures(deliveries: Sequence[Delivery]) -> list[Failure]:
    """The deliveries, their notices loaded, in the same order."""
    person_ids = {delivery.notice.person_id for delivery in deliveries if delivery.notice}
    names, accounts = directory.names(person_ids), addresses().recipients(person_ids)
    return [_failure(delivery, names, accounts) for delivery in deliveries]


def _failure(delivery: Delivery, names: Mapping[int, str], accounts: Mapping[int, Recipient]) -> Failure:
    person_id = delivery.notice.person_id if delivery.notice else 0
    link_mails = catalogue().link_mails
    return Failure(
        id=delivery.id,
        name=names.get(person_id, ""),
        address=accounts[person_id].address if person_id in accounts else delivery.address,
        label=_label(delivery),
        at=delivery.finished_at,
        error=delivery.error,
        attempts=delivery.attempts,
        may_go_again=bool(delivery.notice_id or delivery.letter is not None or delivery.kind in link_mails),
    )


def _label(delivery: Delivery) -> Any:
    known = catalogue()
    declared = known.kinds.get(delivery.kind) or known.link_mails.get(delivery.kind)
    return declared.label if declared else _("Message")
