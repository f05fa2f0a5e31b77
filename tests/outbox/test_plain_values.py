"""What is written down is read back as it was, and what would change meanwhile is refused."""

import json
from datetime import datetime
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from cpts_net.outbox import plain_values

PLAIN = some.one_of(some.text(), some.integers(), some.booleans(), some.none(), some.dates())


@given(some.dictionaries(some.text(), PLAIN))
def test_values_come_back_as_they_were(values):
    kept = json.dumps(plain_values.written(values))

    assert plain_values.read(json.loads(kept)) == values


@pytest.mark.parametrize("value", [SimpleNamespace(name="Anne"), ["a"], {"day": "2026-08-03"}, datetime(2026, 8, 3)])
def test_what_is_not_plain_is_refused_by_its_name(value):
    with pytest.raises(TypeError, match="absence is no plain value"):
        plain_values.written({"absence": value})
