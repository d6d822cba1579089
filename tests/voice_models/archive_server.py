"""A small web server with archives, which can misbehave the ways real ones do."""

from __future__ import annotations

import io
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class ArchiveServer:
    """What it offers, how it behaves, and what it was asked."""

    archive: bytes
    ranges: bool = True
    """Whether it understands Range."""
    cut_after: int | None = None
    """Bytes of each answer's body after which the connection is closed."""
    cuts: int = 1_000_000
    """How many answers are cut."""
    status: int | None = None
    """Answer everything with this status."""
    address: str = ""
    asked: list[str | None] = field(default_factory=list)
    """The Range header of every request."""

    @contextmanager
    def running(self) -> Iterator[ArchiveServer]:
        """Serve on a free port of this machine."""
        behaviour = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                wanted = self.headers.get("Range")
                behaviour.asked.append(wanted)
                if behaviour.status is not None:
                    self.send_error(behaviour.status)
                    return
                start = 0
                if wanted and behaviour.ranges:
                    start = int(wanted.removeprefix("bytes=").removesuffix("-"))
                    self.send_response(206)
                    total = len(behaviour.archive)
                    self.send_header("Content-Range", f"bytes {start}-{total - 1}/{total}")
                else:
                    self.send_response(200)
                body = behaviour.archive[start:]
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if behaviour.cut_after is not None and behaviour.cuts > 0:
                    behaviour.cuts -= 1
                    body = body[: behaviour.cut_after]
                self.wfile.write(body)
                self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:
                pass

        with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            self.address = f"http://127.0.0.1:{server.server_address[1]}"
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
            thread.start()
            try:
                yield self
            finally:
                server.shutdown()
                thread.join()


def zipped(files: dict[str, bytes]) -> bytes:
    """A ZIP archive of these files."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return sink.getvalue()
