"""What is said to screens: Socket.IO events, written as whole websocket frames.

``42`` is an Engine.IO message with a Socket.IO event in it (protocols 4 and 5).
"""

import json

from cpts_net.live.frames import text_frame
from cpts_net.pictures.news import News


def picture_frame(news: News) -> bytes:
    """Bring a screen to another version of what it shows."""
    return _event_frame("picture", news)


def beat_frame(scope: str, version: str, at: float, *, pause: float, question: int = 0) -> bytes:
    """Prove that ``version`` was what the database held at the instant ``at``.

    ``at`` is in seconds of this process's monotonic clock: how old a proof is
    that was held up on its way, a screen knows from the answer to a question
    of its own. ``question`` is the number of the question that this answers;
    ``pause`` says after how many seconds, about, to try again should the
    connection be lost.
    """
    return _event_frame(
        "beat", {"scope": scope, "revision": version, "at": round(at, 3), "pause": pause, "question": question}
    )


def unread_frame(number: int) -> bytes:
    """Tell a screen how many notices its reader has not read."""
    return _event_frame("unread", {"unread": number})


def _event_frame(name: str, what: object) -> bytes:
    return text_frame("42" + json.dumps([name, what], ensure_ascii=False, separators=(",", ":")))
