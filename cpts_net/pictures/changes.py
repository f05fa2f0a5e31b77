"""What brings a page from one picture to another: the parts that changed, came or went."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import NotRequired, TypedDict

from cpts_net.pictures.picture import Drawn, Picture

LARGEST_SHARE = 0.5  # Of the whole: what is larger is sent as the whole, which any page can take.


class Put(TypedDict):
    """A part that is shown from now on: in place of the one with its id or, if ``inside`` names one, in a part.

    There it stands before the part whose id is ``before``, last if that is empty; wherever it stood, it goes.
    """

    id: str
    html: str
    inside: NotRequired[str]
    before: NotRequired[str]


class Changes(TypedDict):
    """First the ids of the parts that go, then, in this order, those that are put."""

    gone: list[str]
    put: list[Put]


def changes_between(old: Picture, new: Picture) -> Changes | None:
    """What a page that shows ``old`` lacks to show ``new``; None where it had better get the whole."""
    if [each.id for each in old.parts] != [each.id for each in new.parts]:
        return None
    found = found_between(old, new)
    size = sum(len(each["html"]) for each in found["put"])
    return found if size <= LARGEST_SHARE * new.size else None


def found_between(old: Picture, new: Picture) -> Changes:
    """The same of two pictures of the same sections, however much it is."""
    found = _Found()
    for was, now in zip(old.parts, new.parts, strict=True):
        found.compare(was, now)
    return {"gone": found.gone, "put": found.put}


@dataclass
class _Found:
    gone: list[str] = field(default_factory=list)
    put: list[Put] = field(default_factory=list)

    def compare(self, old: Drawn, new: Drawn) -> None:
        """Two states of the same part."""
        if old is new:
            return
        if (old.head, old.foot) != (new.head, new.foot):
            self.put.append({"id": new.id, "html": new.html})
        else:
            self._compare_inside(old, new)

    def _compare_inside(self, old: Drawn, new: Drawn) -> None:
        stood = {each.id: each for each in old.parts}
        coming = {each.id: each for each in new.parts}
        staying = _staying([*stood], [*coming])
        self.gone += [each for each in stood if each not in coming]
        following = ""
        # From the last to the first: what a part stands before is there by then.
        for each in reversed(new.parts):
            if each.id in staying:
                self.compare(stood[each.id], each)
            else:
                self.put.append({"id": each.id, "html": each.html, "inside": new.id, "before": following})
            following = each.id


def _staying(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """Those that need not be moved: they stand in both, in the same order."""
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return {each for block in blocks for each in new[block.b : block.b + block.size]}
