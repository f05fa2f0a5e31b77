"""Having the devices of somebody ring: all of them, and those alone that still want it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cpts_net import clock
from cpts_net.notices.devices import Call
from cpts_net.outbox.mailer import RefusedForGood
from cpts_net.push import actions, queries
from cpts_net.push.endpoints import ServiceOutOfReach, ServiceUnknown
from cpts_net.push.messages import DeviceGone, PushFailed, PushRefused, Subscription, send
from cpts_net.push.models import PushDevice
from cpts_net.push_keys import PushKey
from cpts_net.settings import current_settings
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import snapshot


@dataclass
class Rung:
    """What became of a call, by the numbers of devices, and in which words it failed."""

    reached: list[int] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    @property
    def is_heard(self) -> bool:
        """Whether one device rings at least."""
        return bool(self.reached)

    def note(self, now: datetime) -> None:
        """Record which devices were reached and which are gone; in a transaction."""
        actions.note_reached(self.reached, now=now)
        actions.remove(self.gone)


class DevicesOfSessions:
    """What the room of notices is handed."""

    @property
    def may_ring(self) -> bool:
        """Whether the operator has made keys."""
        return current_settings().push_key is not None

    def reached(self, person_ids: Collection[int]) -> Collection[int]:
        """Those of the people who have a device that rings; asks nothing where none may."""
        return queries.people_who_ring(person_ids, clock.now()) if self.may_ring and person_ids else ()

    def ring(self, person_id: int, call: Call, now: datetime) -> Rung:
        """Have all devices of somebody ring.

        Raises:
            RefusedForGood: when none takes it, whenever it is tried.
            PushFailed: when none could be reached for now.
        """
        with snapshot():
            found = queries.ringing(person_id, now)
            db.session.expunge_all()
        rung = ring(found, call, now)
        if rung.failed and not rung.reached:
            raise PushFailed("; ".join(rung.failed))
        if rung.refused and not rung.reached:
            raise RefusedForGood("; ".join(rung.refused))
        return rung


def ring(found: Sequence[PushDevice], call: Call, now: datetime) -> Rung:
    """Have some devices ring, one after the other; not within a transaction."""
    rung = Rung()
    if key := current_settings().push_key:
        for device in found:
            _ring(rung, device, call, key, now)
    return rung


def _ring(rung: Rung, device: PushDevice, call: Call, key: PushKey, now: datetime) -> None:
    try:
        send(Subscription(device.endpoint, device.p256dh, device.auth), call, key, shows_all=device.shows_all, now=now)
    except DeviceGone:
        rung.gone.append(device.id)
    except (PushRefused, ServiceUnknown) as refused:
        rung.refused.append(_words(refused))
    except (PushFailed, ServiceOutOfReach) as failed:
        rung.failed.append(str(failed))
    else:
        rung.reached.append(device.id)


def _words(refused: Exception) -> str:
    """Never the endpoint, which is a secret of the device."""
    return "no push service that is known" if isinstance(refused, ServiceUnknown) else str(refused)
