"""Leaving out of what is measured what tests do for themselves: it is not what they test, and takes twice as long."""

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import wraps
from types import TracebackType
from typing import Any, ParamSpec, TypeVar

Given = ParamSpec("Given")
Gives = TypeVar("Gives")


class Looks:
    """When coverage looks on: while modules are read, and while a test does what it tests."""

    def __init__(self) -> None:
        self._tracer = sys.gettrace()

    def __enter__(self) -> "Looks":
        """Look away from here on, but for what is ``measured``."""
        self._tracer = sys.gettrace()
        sys.settrace(None)
        return self

    def __exit__(self, *_raised: type[BaseException] | BaseException | TracebackType | None) -> None:
        sys.settrace(self._tracer)

    @contextmanager
    def measured(self) -> Generator[None, Any, None]:
        """Look on for a while, in this thread."""
        sys.settrace(self._tracer)
        try:
            yield
        finally:
            sys.settrace(None)


def unmeasured(deed: Callable[Given, Gives]) -> Callable[Given, Gives]:
    """Do ``deed`` without coverage looking on, in this thread; as it is where nothing is measured."""

    @wraps(deed)
    def done(*given: Given.args, **named: Given.kwargs) -> Gives:
        tracer = sys.gettrace()
        sys.settrace(None)
        try:
            return deed(*given, **named)
        finally:
            sys.settrace(tracer)

    return done
