"""The security headers that every answer carries, errors and static files included."""

from urllib.parse import urlsplit

from flask import Flask, Response, request

from cpts_net.settings import Settings


def protect(app: Flask, settings: Settings) -> None:
    """Add the headers to every answer of ``app``."""
    fixed = {
        "Content-Security-Policy": content_security_policy(settings),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }
    if settings.is_https:
        fixed["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"

    of_files = tuple(fixed.items())
    of_pages = (*of_files, ("Cache-Control", "no-store"))

    @app.after_request
    def add(response: Response) -> Response:
        # In one pass: to look for each among all costs as much as a small page.
        there = {name.lower() for name, _value in response.headers}
        for name, value in of_files if request.endpoint == "static" else of_pages:
            if name.lower() not in there:
                response.headers.add(name, value)
        return response


def content_security_policy(settings: Settings) -> str:
    """Only our own files, and live connections to the push process."""
    live = urlsplit(settings.live_url)
    ports = {f"{host}:{live.port}" if live.port else host for host in settings.hosts}
    schemes = ("https", "wss") if live.scheme == "https" else ("http", "ws")
    sockets = " ".join(sorted(f"{scheme}://{port}" for scheme in schemes for port in ports))
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
        f"connect-src 'self' {sockets}; manifest-src 'self'; worker-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
    )
