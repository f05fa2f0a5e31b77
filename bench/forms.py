"""Filling in a form as a browser does: what stands in it, changed where told."""

import http.client
from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit


class _Form(HTMLParser):
    """The form of a page that has a certain field: its address and its values."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((given.get("action", ""), {}))
        elif not self.forms:
            return
        elif tag in {"input", "textarea"} and "name" in given:
            if given.get("type") not in {"checkbox", "radio"} or "checked" in given:
                self.forms[-1][1][given["name"]] = given.get("value", "")
        elif tag == "select":
            self._select = given.get("name", "")
        elif tag == "option" and self._select and ("selected" in given or self._select not in self.forms[-1][1]):
            self.forms[-1][1][self._select] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""


def filled_form(port: int, path: str, cookie: str, field: str, **values: str) -> bytes:
    """The POST of the form that has ``field``, on the page at ``path``, with some values changed.

    Raises:
        RuntimeError: when there is no such page or form.
    """
    connection = http.client.HTTPConnection("localhost", port)
    connection.request("GET", path, headers={"Cookie": cookie})
    response = connection.getresponse()
    page = response.read().decode()
    cookie = _latest(cookie, response.headers.get_all("Set-Cookie") or [])
    connection.close()
    reader = _Form()
    reader.feed(page)
    for action, standing in reader.forms:
        if field in standing:
            body = urlencode({**standing, **values}).encode()
            target = urlsplit(action).path or path
            head = (
                f"POST {target} HTTP/1.1\r\nHost: localhost:{port}\r\nCookie: {cookie}\r\n"
                f"Origin: http://localhost:{port}\r\nReferer: http://localhost:{port}{path}\r\n"
                f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            return head.encode() + body
    raise RuntimeError(f"{path} answered {response.status} and has no form with {field!r}")


def _latest(cookie: str, set_cookies: list[str]) -> str:
    """The session's cookie with what the page added to it, its form token."""
    name = cookie.partition("=")[0]
    for given in set_cookies:
        if given.startswith(f"{name}="):
            return given.partition(";")[0]
    return cookie
