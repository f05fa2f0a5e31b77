"""Filling in a form as a browser does: what stands in it, changed where told."""

import http.client
from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit


class _Forms(HTMLParser):
    """The forms of a page: their addresses, what stands in them, and the names of their fields."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str], set[str]]] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((given.get("action", ""), {}, set()))
        elif not self.forms:
            return
        elif tag in {"input", "textarea"} and "name" in given:
            self.forms[-1][2].add(given["name"])
            if given.get("type") not in {"checkbox", "radio"} or "checked" in given:
                self.forms[-1][1][given["name"]] = given.get("value", "")
        elif tag == "select":
            self._select = given.get("name", "")
            self.forms[-1][2].add(self._select)
        elif tag == "option" and self._select and ("selected" in given or self._select not in self.forms[-1][1]):
            self.forms[-1][1][self._select] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""


class Form:
    """The form of a page that has a certain field, with what the page put into it.

    Raises:
        RuntimeError: when there is no such page or form.
    """

    def __init__(self, port: int, cookie: str, path: str, field: str) -> None:
        connection = http.client.HTTPConnection("localhost", port)
        connection.request("GET", path, headers={"Cookie": cookie})
        response = connection.getresponse()
        page = response.read().decode()
        connection.close()
        self.port, self.path = port, path
        self.cookie = _latest(cookie, response.headers.get_all("Set-Cookie") or [])
        reader = _Forms()
        reader.feed(page)
        found = [(action, standing) for action, standing, names in reader.forms if field in names]
        if not found:
            raise RuntimeError(f"{path} answered {response.status} and has no form with {field!r}")
        self.target, self.standing = urlsplit(found[0][0]).path or path, found[0][1]

    def filled(self, **values: str) -> bytes:
        """Its POST as it goes over the wire, with some values changed."""
        body = urlencode({**self.standing, **values}).encode()
        head = (
            f"POST {self.target} HTTP/1.1\r\nHost: localhost:{self.port}\r\nCookie: {self.cookie}\r\n"
            f"Origin: http://localhost:{self.port}\r\nReferer: http://localhost:{self.port}{self.path}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


def post(port: int, sent: bytes) -> int:
    """Send a form as it goes over the wire; the status of the answer."""
    head, _, body = sent.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    connection = http.client.HTTPConnection("localhost", port)
    connection.request("POST", first.split()[1], body, dict(line.split(": ", 1) for line in lines))
    status = connection.getresponse().status
    connection.close()
    return status


def _latest(cookie: str, set_cookies: list[str]) -> str:
    """The session's cookie with what the page added to it, its form token."""
    name = cookie.partition("=")[0]
    for given in set_cookies:
        if given.startswith(f"{name}="):
            return given.partition(";")[0]
    return cookie
