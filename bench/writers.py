"""People who write without end: leaves, messages, answers to a poll, phone numbers, each from accounts of their own."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, timedelta
from itertools import count, cycle
from threading import Event, Thread
from types import TracebackType

from bench.forms import Form, post
from bench.people import Browser, Scene
from bench.servers import Server

THREADS = 4
FIRST_LEAVE = 2  # Days from the shown day; each leave of somebody is of a day of its own.
Sent = Callable[[], bytes]


class Writers(AbstractContextManager["Writers"]):
    """Some threads that send one form after the other, so many a second in all; None: as fast as they are answered."""

    def __init__(
        self, web: Server, intentions: Iterator[Sent], per_second: float | None, most: int | None = None
    ) -> None:
        self.web, self.per_second = web, per_second
        self.lasted = 0.0
        self.answered: Counter[int] = Counter()
        self.most = most
        self._intentions = intentions
        self._stop = Event()
        self._threads = [Thread(target=self._write, args=(each,)) for each in range(THREADS)]

    def __enter__(self) -> "Writers":
        self._began = time.perf_counter()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self.wait()

    def wait(self) -> None:
        """Until the last of them has stopped."""
        for thread in self._threads:
            thread.join()
        self.lasted = time.perf_counter() - self._began

    @property
    def written(self) -> int:
        return sum(self.answered.values())

    def _write(self, place: int) -> None:
        pause = THREADS / self.per_second if self.per_second else 0
        due = time.perf_counter() + pause * place / THREADS
        while not self._stop.wait(max(0, due - time.perf_counter())):
            if self.most is not None and self.written >= self.most:
                return
            self.answered[post(self.web.port, next(self._intentions)())] += 1
            due = max(due + pause, time.perf_counter() - pause)


def intentions(port: int, scene: Scene, shown_day: date) -> Iterator[Sent]:
    """What is sent in turn, without end: each gives a form that nobody has sent yet."""
    return cycle([*_of_each(port, scene, shown_day)])


def _of_each(port: int, scene: Scene, shown_day: date) -> Iterator[Sent]:
    for declarer, person in zip(scene.declarers, scene.in_group, strict=False):
        yield _leaves(port, declarer, shown_day)
        yield _messages(port, person, scene.places["group"])
        yield _answers(port, person, scene.places)
        yield _phones(port, person)


def _leaves(port: int, declarer: Browser, shown_day: date) -> Sent:
    form = Form(port, declarer.cookie, "/absences/nouvelle", "first_day")
    numbers = count(FIRST_LEAVE)

    def sent() -> bytes:
        day = f"{shown_day + timedelta(next(numbers))}"
        return form.filled(first_day=day, last_day=day)

    return sent


def _messages(port: int, person: Browser, group: str) -> Sent:
    form = Form(port, person.cookie, f"/groupes/{group}", "body")
    numbers = count(1)
    return lambda: form.filled(body=f"Message {next(numbers)} de la mesure.")


def _answers(port: int, person: Browser, places: dict[str, str]) -> Sent:
    field = f"date-{places['option']}"
    form = Form(port, person.cookie, f"/reunions/sondages/{places['poll']}", field)
    answers, numbers = cycle(("yes", "no")), count()
    # The number makes each a sheet of its own: what is sent twice is answered and not written.
    return lambda: form.filled(**{field: next(answers)}, mesure=f"{next(numbers)}")


def _phones(port: int, owner: Browser) -> Sent:
    form = Form(port, owner.cookie, f"/annuaire/{owner.person_id}/modifier", "private_phone")
    numbers = count(612_000_000)
    return lambda: form.filled(private_phone=f"0{next(numbers)}")
