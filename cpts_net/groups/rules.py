"""What holds for every group."""


class LastLeadLeaves(ValueError):
    """A group would be left without anybody to lead it."""


class NameTaken(ValueError):
    """Another group has this name."""


class PersonUnknown(ValueError):
    """Nobody of the community, or nobody of the group, has this number."""


def check_leads_remain(lead_ids: set[int], leaving: int) -> None:
    """Refuse to lose the last lead.

    Raises:
        LastLeadLeaves: when ``leaving`` is the only lead.
    """
    if lead_ids == {leaving}:
        raise LastLeadLeaves
