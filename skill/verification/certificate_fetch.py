"""Fetching a certificate chain over HTTPS, within a time and a size, and from nowhere else."""

from __future__ import annotations

import http.client
import ssl
import time
from urllib.parse import urlsplit

from skill.verification.refusal import Reason, Refusal


class HttpsFetch:
    """Fetches one URL; a redirect is not followed, it is a failure.

    Args:
        seconds: for the connection, for every silence, and for the whole body. Looking up the host's name is the
            operating system's and has its own limit.
        limit_bytes: the largest chain taken.
        context: TLS settings; the roots of ``certifi`` by default, because a slim container has none of its own.
    """

    def __init__(self, seconds: float = 3.0, limit_bytes: int = 65_536, context: ssl.SSLContext | None = None) -> None:
        if context is None:
            import certifi

            context = ssl.create_default_context(cafile=certifi.where())
        self._seconds = seconds
        self._limit = limit_bytes
        self._context = context

    def __call__(self, url: str) -> bytes:
        """The body at ``url``.

        Raises:
            Refusal: ``fetch``, if it cannot be had in time, is too large or is anything but a plain 200.
        """
        deadline = time.monotonic() + self._seconds
        parts = urlsplit(url)
        connection = http.client.HTTPSConnection(
            parts.hostname or "", parts.port or 443, timeout=self._seconds, context=self._context
        )
        try:
            connection.request("GET", parts.path, headers={"Accept-Encoding": "identity", "User-Agent": "charley"})
            # The response owns the socket once the server has said that it closes: both must be closed.
            with connection.getresponse() as response:
                return self._read(response, deadline)
        except (OSError, http.client.HTTPException) as error:
            raise Refusal(Reason.FETCH, type(error).__name__) from None
        finally:
            connection.close()

    def _read(self, response: http.client.HTTPResponse, deadline: float) -> bytes:
        if response.status != 200:
            raise Refusal(Reason.FETCH, f"status {response.status}")
        received = bytearray()
        # `read1` returns what is there, so a server that drips bytes meets the deadline between two drops.
        while chunk := response.read1(16_384):
            received += chunk
            if len(received) > self._limit:
                raise Refusal(Reason.FETCH, "larger than the limit")
            if time.monotonic() > deadline:
                raise Refusal(Reason.FETCH, "slower than the limit")
        return bytes(received)
