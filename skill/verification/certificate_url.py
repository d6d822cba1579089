"""Which certificate URLs Amazon may send, and one spelling for all spellings of the same URL."""

from __future__ import annotations

import posixpath
import re
from urllib.parse import unquote, urlsplit

from skill.verification.refusal import Reason, Refusal

HOST = "s3.amazonaws.com"
PATH_PREFIX = "/echo.api/"

_LONGEST_URL = 512
"""Characters; Amazon's are about fifty."""
_FILE = re.compile(r"[A-Za-z0-9._/-]+\.pem")


def normalise_url(url: str) -> str:
    """The one spelling under which a chain is fetched and kept.

    Amazon's rules: scheme ``https`` and host ``s3.amazonaws.com`` in any case, port 443 or none, and a path that
    begins with ``/echo.api/`` (case-sensitive) once dots are resolved. Stricter than Amazon's examples, never wider:
    no user, no query, no fragment (each would let anybody vary the URL and so defeat the cache), and a plain file name
    that ends in ``.pem``.

    Raises:
        Refusal: ``url``, for everything else.
    """
    if len(url) > _LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise Refusal(Reason.URL, "characters or length")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Refusal(Reason.URL, "not a URL") from None
    if parts.scheme.lower() != "https":
        raise Refusal(Reason.URL, "scheme")
    if (parts.hostname or "") != HOST:
        raise Refusal(Reason.URL, "host")
    if port not in (None, 443):
        raise Refusal(Reason.URL, "port")
    if "@" in parts.netloc or "?" in url or "#" in url:
        raise Refusal(Reason.URL, "more than host and path")
    path = posixpath.normpath(unquote(parts.path))
    if not path.startswith(PATH_PREFIX):
        raise Refusal(Reason.URL, "path")
    if not _FILE.fullmatch(path.removeprefix(PATH_PREFIX)):
        # Also what is still quoted after unquoting once, and what turned out to be a control character.
        raise Refusal(Reason.URL, "file name")
    return f"https://{HOST}{path}"
