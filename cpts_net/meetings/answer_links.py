"""Links in invitation mails that record an answer without signing in.

The link names the invitation and the answer under the installation's secret,
so nothing is stored; it is worth nothing once the meeting is over.
"""

import hashlib

from itsdangerous import BadData, URLSafeSerializer

from cpts_net.meetings.models import Answer
from cpts_net.settings import current_settings

PURPOSE = "meetings.answer"


def answer_token(invitation_id: int, answer: str) -> str:
    """The part of the link that says who answers what."""
    return str(_serializer().dumps([invitation_id, Answer(answer).value]))


def read_token(token: str) -> tuple[int, Answer] | None:
    """The invitation's id and the answer; None for a link that we did not make."""
    try:
        invitation_id, answer = _serializer().loads(token)
    except BadData:
        return None
    return int(invitation_id), Answer(answer)


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(
        current_settings().secret_key, salt=PURPOSE, signer_kwargs={"digest_method": hashlib.sha256}
    )
