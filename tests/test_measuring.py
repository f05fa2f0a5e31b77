"""Coverage sees nothing of what is left out, and all that comes after."""

import sys

from tests.measuring import Looks, unmeasured


def left_out():
    return 7


def looked_at():
    return 8


def seen_of(deed):
    """What a tracer hears of while ``deed`` is done: (function, event)."""
    heard = []

    def tracer(frame, event, _value):
        heard.append((frame.f_code.co_name, event))
        return tracer

    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        deed()
    finally:
        sys.settrace(before)
    return heard


def test_what_is_left_out_is_not_seen_and_its_frame_ends():
    def both():
        assert unmeasured(left_out)() == 7
        assert looked_at() == 8

    heard = seen_of(both)

    assert not [name for name, _event in heard if name == left_out.__name__]
    assert ("done", "call") in heard
    assert ("done", "return") in heard
    assert ("looked_at", "call") in heard


def test_what_goes_wrong_in_it_goes_on():
    def fails():
        raise ZeroDivisionError

    def both():
        try:
            unmeasured(fails)()
        except ZeroDivisionError:
            looked_at()

    heard = seen_of(both)

    assert ("fails", "call") not in heard
    assert ("looked_at", "call") in heard


def test_one_looks_away_but_for_what_is_measured():
    def both():
        with Looks() as looks:
            left_out()
            with looks.measured():
                looked_at()
            left_out()
        looked_at()

    heard = [name for name, event in seen_of(both) if event == "call" and name in {"left_out", "looked_at"}]

    assert heard == ["looked_at", "looked_at"]
