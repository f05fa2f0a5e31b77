"""How long what failed waits."""

from datetime import timedelta

from cpts_net.outbox import pauses


def test_pauses_grow_and_last_for_three_days():
    assert list(pauses.PAUSES) == sorted(pauses.PAUSES)
    assert pauses.PAUSES[0] == timedelta(seconds=30)
    assert timedelta(days=3) <= sum(pauses.PAUSES, timedelta()) < timedelta(days=3) + pauses.LONGEST_PAUSE


def test_after_the_last_attempt_there_is_none():
    assert pauses.after(pauses.LAST_ATTEMPT - 1) == pauses.LONGEST_PAUSE
    assert pauses.after(pauses.LAST_ATTEMPT) is None
    assert pauses.after(pauses.LAST_ATTEMPT + 1) is None
