"""Links in invitation mails that record an answer without signing in.

The link names the invitation and the answer under the installation's secret,
so nothing is stored; it is worth nothing once the meeting is over.
"""

from cpts_net.meetings.models import Answer
from cpts_net.web import signed_links

PURPOSE = "meetings.answer"


def answer_token(invitation_id: int, answer: str) -> str:
    """The part of the link that says who answers what."""
    return signed_links.sign(PURPOSE, [invitation_id, Answer(answer).value])


def read_token(token: str) -> tuple[int, Answer] | None:
    """The invitation's id and the answer; None for a link that we did not make."""
    content = signed_links.read(PURPOSE, token)
    return (int(content[0]), Answer(content[1])) if content else None
