"""What is drawn once and kept for all who see the same is what each of them would be drawn."""

from datetime import UTC, date, datetime

import pytest

from cpts_net import clock
from cpts_net.continuity.drawing import drawing
from cpts_net.continuity.reading import EVERYBODY, BoardReader
from cpts_net.directory.trades import trade_of
from cpts_net.web.without_request import under_public_url


@pytest.fixture
def readers(make):
    """The holder of a duty who is away, her relay who is too, three of other professions, and an account of nobody."""
    anne, luc = make.person(), make.person("Luc", "Martin", profession="21")
    lea = make.person("Léa", "Roy", profession="21")
    zoe, ines = make.person("Zoé", "Ay"), make.person("Inès", "Boyer", profession="60")
    line = make.line()
    for day in (13, 14):  # One that is held by somebody away, one that is free.
        slot = make.slot(line, datetime(2026, 8, day, 8, tzinfo=UTC), datetime(2026, 8, day, 10, tzinfo=UTC))
        if day == 13:
            make.seat(slot, anne)
    for person, relays in ((anne, [zoe]), (zoe, [])):
        make.absence(person, date(2026, 8, 12), date(2026, 8, 16), relays=relays)
    people = [(who.id, who.profession_code) for who in (anne, zoe, luc, lea, ines)] + [(0, "")]
    return [
        BoardReader(person_id, (code,) if code else (), trade_of(code).group.key if code else "", is_staff)
        for person_id, code in people
        for is_staff in (False, True)
    ]


def test_each_reader_gets_the_page_that_they_would_be_drawn(app, readers):
    with under_public_url(app):
        drawn = drawing(clock.now())
        kept = [drawn.parts(reader, EVERYBODY) for reader in readers]
        own = [drawn._draw_parts(reader, EVERYBODY) for reader in readers]

    assert kept == own
    assert 1 < len(drawn._parts) < len(readers)
