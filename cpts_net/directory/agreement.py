"""French words that agree with whom they are said of, by the civility that the national directory gives. Pure."""

WOMEN = frozenset({"MME", "MLLE"})  # Civilities of the extract (TRE_R81); of "M" and of nothing, the masculine is said.


def agreed(civility: str, masculine: str, feminine: str) -> str:
    """« absente » of "MME", « absent » of "M" and of whoever the list says nothing of."""
    return feminine if civility in WOMEN else masculine
