"""Links in invitation mails that record an answer without signing in.

The link names the invitation, the answer, and what the meeting was when the
mail was written, under the installation's secret, so nothing is stored; it is
worth nothing once the meeting is over.
"""

from typing import NamedTuple

from cpts_net.meetings.models import Answer
from cpts_net.web import signed_links

PURPOSE = "meetings.answer"


class AnswerLink(NamedTuple):
    """What a link says; ``seen`` is empty in those of the first version."""

    invitation_id: int
    answer: Answer
    seen: str


def answer_token(invitation_id: int, answer: str, seen: str) -> str:
    """The part of the link that says who answers what, having ``seen`` what."""
    return signed_links.sign(PURPOSE, [invitation_id, Answer(answer).value, seen])


def read_token(token: str) -> AnswerLink | None:
    """What the link says; None for one that we did not make."""
    content = signed_links.read(PURPOSE, token)
    if not content:
        return None
    invitation_id, answer, *seen = content
    return AnswerLink(int(invitation_id), Answer(answer), *(seen or [""]))
