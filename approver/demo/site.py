"""The web site that the demo server reads: a few hundred small pages on this machine, and nothing else.

Standard library only. Pages are made from their number, so every run sees the same site; nothing leaves loopback.
"""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

PAGES = 500
SUBJECTS = ("Harbours", "Bridges", "Lighthouses", "Canals", "Ferries", "Viaducts", "Locks")
PLACES = ("the north", "the islands", "the lowlands", "the old town", "the delta")


def page(number: int) -> str:
    """The HTML of one page: a heading, some words, and links to two others."""
    title = f"{SUBJECTS[number % len(SUBJECTS)]} of {PLACES[number % len(PLACES)]}"
    words = " ".join(f"{title} have note {note} on page {number}." for note in range(1, 4 + number % 9))
    links = "".join(f'<a href="/pages/{(number * step) % PAGES + 1}">next</a> ' for step in (7, 11))
    return f"<!doctype html><title>{title}</title><h1>{title}</h1><p>{words}</p>{links}"


class _Handler(BaseHTTPRequestHandler):
    """Answers `GET /pages/N`."""

    def do_GET(self) -> None:
        """Send the page, or 404."""
        _, _, number = self.path.rpartition("/pages/")
        if not (number.isdecimal() and 1 <= int(number) <= PAGES):
            self.send_error(404)
            return
        body = page(int(number)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Stay quiet: standard error belongs to the server's own words."""


class Site:
    """The site while it is up; a context manager."""

    def __init__(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="site", daemon=True)
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "Site":
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)
