"""Links in invitation mails that record an answer without signing in.

The link names the invitation, the answer, and what the meeting was when the
mail was written, under the installation's secret, so nothing is stored; it is
worth nothing once the meeting is over. Some leave the answer to the page.
"""

from typing import NamedTuple

from cpts_net.meetings.models import Answer
from cpts_net.web import signed_links

PURPOSE = "meetings.answer"


class AnswerLink(NamedTuple):
    """What a link says, without an answer where it asks for one; what those of older versions do not say is empty."""

    invitation_id: int
    answer: Answer | None
    seen: str = ""
    meeting_id: int = 0
    person_id: int = 0


def answer_token(invitation_id: int, answer: str, seen: str, *, meeting_id: int = 0, person_id: int = 0) -> str:
    """The part of the link that says who answers what, having ``seen`` what.

    Two invitations of whoever turned out to be one person become one: the
    meeting and the person lead to that.
    """
    return signed_links.sign(PURPOSE, [invitation_id, Answer(answer).value, seen, meeting_id, person_id])


def question_token(invitation_id: int, seen: str, *, meeting_id: int, person_id: int) -> str:
    """The same of a link that leads to all that may be answered."""
    return signed_links.sign(PURPOSE, [invitation_id, "", seen, meeting_id, person_id])


def read_token(token: str) -> AnswerLink | None:
    """What the link says; None for one that we did not make."""
    content = signed_links.read(PURPOSE, token)
    if not content:
        return None
    invitation_id, answer, *more = content
    return AnswerLink(int(invitation_id), Answer(answer) if answer else None, *more)
