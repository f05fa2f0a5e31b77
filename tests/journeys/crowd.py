"""Many pages at once, without browsers: each holds a real socket and comes back as ``live.js`` does."""

import asyncio
import json
import random
import re
import ssl
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bench.screens import masked
from tests.journeys.product import ROOT

SCRIPT = (ROOT / "static" / "live" / "live.js").read_text()


def _seconds(name: str) -> float:
    """A time that the page's own script names, so that both are the same."""
    found = re.search(rf"(?:const|let) {name} = ([0-9_]+);", SCRIPT)
    assert found, name
    return int(found[1]) / 1000


SURE_FOR, PATIENCE, PAUSE = _seconds("SURE_FOR"), _seconds("PATIENCE"), _seconds("pause")
READY_TIMEOUT = 5.0


@dataclass
class Page:
    """One page: what it shows, and since when it can call itself live."""

    cookie: str
    revision: str = ""
    proven_at: float = float("-inf")
    live_since: float = float("inf")  # The first proof after the last time without one.
    pause: float = PAUSE
    sockets: int = 0
    asked_at: float = 0.0

    def is_live(self, now: float) -> bool:
        return now - self.proven_at < SURE_FOR

    def prove(self, at: float) -> None:
        if self.live_since == float("inf"):
            self.live_since = time.monotonic()
        self.proven_at = max(at, self.proven_at)

    def lose(self) -> None:
        self.proven_at, self.live_since = float("-inf"), float("inf")


class Crowd:
    """Pages that watch a scope of the push process at ``url``, on a loop and thread of their own.

    ``name`` is the cookie's; ``host`` the address to connect to if the name of
    ``url`` leads elsewhere. Certificates are not checked: they are a journey's own.
    """

    def __init__(
        self, url: str, cookies: Sequence[str], *, name: str = "cpts", origin: str = "", host: str = "", scope: str
    ) -> None:
        parts = urlsplit(url)
        self.origin, self.scope, self.name, self.authority = origin or url, scope, name, parts.netloc
        self.host, self.port = host or parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)
        self.tls = ssl._create_unverified_context() if parts.scheme == "https" else None
        self.pages = [Page(cookie) for cookie in cookies]
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Crowd":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.loop.call_soon_threadsafe(self._everything.cancel)
        self._thread.join()

    def _run(self) -> None:
        async def everything() -> None:
            await asyncio.gather(*(self._live(page) for page in self.pages))

        self._everything = self.loop.create_task(everything())
        try:
            self.loop.run_until_complete(self._everything)
        except asyncio.CancelledError:
            pass
        finally:
            self.loop.run_until_complete(asyncio.sleep(0.1))  # What was aborted still has to be closed.
            self.loop.close()

    @property
    def thread_id(self) -> int:
        """The system's number of the thread that plays all pages."""
        assert self._thread.native_id is not None
        return self._thread.native_id

    def count_live(self) -> int:
        now = time.monotonic()
        return sum(page.is_live(now) for page in self.pages)

    def await_live(self, patience: float) -> bool:
        """Wait until every page is live."""
        return self._await(lambda: self.count_live() == len(self.pages), patience)

    def await_stale(self, patience: float) -> bool:
        """Wait until no page calls itself live."""
        return self._await(lambda: self.count_live() == 0, patience)

    def live_since(self) -> list[float]:
        """When each page became live, in seconds of the monotonic clock, the first first."""
        return sorted(page.live_since for page in self.pages)

    def _await(self, is_so: Any, patience: float) -> bool:
        pause, end = threading.Event(), time.monotonic() + patience
        while time.monotonic() < end:
            if is_so():
                return True
            pause.wait(0.02)
        return bool(is_so())

    # --- One page

    async def _live(self, page: Page) -> None:
        while True:
            try:
                await self._hold(page)
            except (OSError, EOFError, TimeoutError, asyncio.IncompleteReadError):
                page.lose()
            await asyncio.sleep(page.pause * random.uniform(0.5, 1.5))
            while not await self._is_there():
                await asyncio.sleep(page.pause * random.uniform(0.5, 1.5))

    async def _is_there(self) -> bool:
        try:
            async with asyncio.timeout(READY_TIMEOUT):
                reader, writer = await self._connection()
                try:
                    writer.write(self._request("/socket.io/ready", "Connection: close"))
                    status = await reader.readline()
                finally:
                    writer.transport.abort()
        except (OSError, TimeoutError):
            return False
        return b" 204 " in status

    async def _connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection(self.host, self.port, ssl=self.tls, limit=1 << 22)

    def _request(self, path: str, *headers: str) -> bytes:
        head = [f"GET {path} HTTP/1.1", f"Host: {self.authority}", f"Origin: {self.origin}", *headers]
        return ("\r\n".join(head) + "\r\n\r\n").encode()

    async def _hold(self, page: Page) -> None:
        """Open a socket and hear proofs until it ends or is mute for longer than a page believes it."""
        page.sockets += 1
        async with asyncio.timeout(READY_TIMEOUT):
            reader, writer = await self._connection()
        try:
            writer.write(
                self._request(
                    "/socket.io/?EIO=4&transport=websocket",
                    f"Cookie: {self.name}={page.cookie}",
                    *("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"),
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                )
            )
            async with asyncio.timeout(READY_TIMEOUT):
                if b" 101 " not in await reader.readuntil(b"\r\n\r\n"):
                    raise ConnectionError("refused")
            while True:
                async with asyncio.timeout(SURE_FOR):
                    text = await self._text(reader)
                self._take(page, text, writer)
        finally:
            writer.transport.abort()

    def _take(self, page: Page, text: str, writer: asyncio.StreamWriter) -> None:
        """Read one frame as a page's Socket.IO client does."""
        if text == "2":
            writer.write(masked("3"))
        elif text.startswith("0"):
            writer.write(masked("40"))
        elif text.startswith("40"):
            page.asked_at = time.monotonic()
            what = {"scope": self.scope, "revision": page.revision, "question": page.sockets}
            writer.write(masked("42" + json.dumps(["watch", what])))
        elif text.startswith("42"):
            name, what = json.loads(text[2:])
            if name == "picture":
                page.revision = what["revision"]
            elif name == "beat" and what["revision"] == page.revision:
                page.pause = what["pause"]
                page.prove(page.asked_at if what["question"] else time.monotonic())

    async def _text(self, reader: asyncio.StreamReader) -> str:
        """The next text; other frames of a server are only its goodbye."""
        first, size = await reader.readexactly(2)
        if size == 126:
            size = int.from_bytes(await reader.readexactly(2), "big")
        elif size == 127:
            size = int.from_bytes(await reader.readexactly(8), "big")
        payload = await reader.readexactly(size)
        if first & 15 != 1:
            raise EOFError
        return payload.decode()
