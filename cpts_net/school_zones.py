"""Which school holidays a territory has, by the zone of its académie."""

ZONES = ("A", "B", "C")


def school_zone(text: str) -> str:
    """The zone, « A », « B » or « C », however it is written; nothing where none is set.

    Raises:
        ValueError: for a text that names no zone.
    """
    wanted = text.strip().upper().removeprefix("ZONE").strip()
    if text and wanted not in ZONES:
        raise ValueError(
            f"is {text!r}, which is no zone of school holidays; known are A, B and C. "
            "Corsica and the territories overseas have calendars of their own: leave it out there"
        )
    return wanted
