"""The shipped nginx in front of the product, at an address of its own on this machine."""

import contextlib
import http.client
import os
import socket
import ssl
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

from tests.programs import program
from tests.shipped import edited

# Several suites may run at the same time, each with its own ports 80 and 443.
_NUMBER = os.getpid()
ADDRESS = f"127.{64 | _NUMBER >> 16 & 63}.{_NUMBER >> 8 & 255}.{_NUMBER & 255}"
NAMES = "*.cpts.example"  # What the browsers of the journeys find there.
SHIPPED_NAME = "reseau.cpts.example"
MAY_USE_LOW_PORTS = os.geteuid() == 0
USUAL = f"https://{SHIPPED_NAME}" + ("" if MAY_USE_LOW_PORTS else ":8443")
OTHER_PORT = f"https://{SHIPPED_NAME}:9443"


class Proxy:
    """nginx as ``deploy/nginx.conf`` sets it up, but for ports, certificate and where it writes."""

    def __init__(self, folder: Path, public_url: str, ports: dict[str, int]) -> None:
        self.folder = folder
        folder.mkdir()
        url = urlsplit(public_url)
        assert url.hostname is not None
        self.host, self.port = url.hostname, url.port or 443
        self.netloc = url.netloc
        self.certificate = certificate(folder, self.host)
        (folder / "site.conf").write_text(self._site(ports))
        (folder / "nginx.conf").write_text(self._frame())
        self.command = [program("nginx", variable="NGINX"), "-p", f"{folder}/", "-c", f"{folder}/nginx.conf"]

    def _site(self, ports: dict[str, int]) -> str:
        plain = 80 if MAY_USE_LOW_PORTS else 8080
        changes = {
            "listen 80;": f"listen {ADDRESS}:{plain};",
            "listen [::]:80;": "",
            "listen 443 ssl http2;": f"listen {ADDRESS}:{self.port} ssl http2;",
            "listen [::]:443 ssl http2;": "",
            "server 127.0.0.1:8000;": f"server 127.0.0.1:{ports['web']};",
            "proxy_pass http://127.0.0.1:8001;": f"proxy_pass http://127.0.0.1:{ports['live']};",
            f"/etc/letsencrypt/live/{SHIPPED_NAME}/fullchain.pem": f"{self.folder}/certificate.pem",
            f"/etc/letsencrypt/live/{SHIPPED_NAME}/privkey.pem": f"{self.folder}/key.pem",
            "/var/log/nginx/": f"{self.folder}/",
        }
        return edited("nginx.conf", changes | {f"server_name {SHIPPED_NAME};": f"server_name {self.host};"})

    def _frame(self) -> str:
        """What Debian's own ``nginx.conf`` puts around a site."""
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        places = " ".join(f"{kind}_temp_path {self.folder}/{kind};" for kind in kinds)
        user = "user root;" if os.geteuid() == 0 else ""
        return (
            f"{user} daemon off; worker_processes 1; pid {self.folder}/nginx.pid; error_log {self.folder}/error.log;\n"
            f"events {{ worker_connections 768; }}\nhttp {{ {places} include {self.folder}/site.conf; }}\n"
        )

    def is_listening(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection((ADDRESS, self.port), timeout=1):
            return True
        return False

    def ask(self, path: str, method: str = "GET", body: str | None = None, **headers: str) -> http.client.HTTPResponse:
        """What a program that is no browser gets: a calendar, a monitor. Read before it is returned."""
        context = ssl.create_default_context(cafile=str(self.certificate))
        context.check_hostname = False  # It connects to an address instead of a name.
        connection = http.client.HTTPSConnection(ADDRESS, self.port, context=context, timeout=30)
        connection.request(method, path, body, headers={"Host": self.netloc, **headers})
        answer = connection.getresponse()
        answer.body = answer.read()  # type: ignore[attr-defined]
        connection.close()
        return answer


def certificate(folder: Path, host: str) -> Path:
    """A certificate for ``host`` that signs itself, with its key beside it."""
    made = folder / "certificate.pem"
    wanted = f"req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN={host} -addext subjectAltName=DNS:{host}".split()
    subprocess.run(
        [program("openssl"), *wanted, "-keyout", folder / "key.pem", "-out", made], check=True, capture_output=True
    )
    return made
