"""Why a request is refused: one word for the log, one clause for whoever looks closer."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """The one word that the log and the metrics carry for a refusal."""

    SIZE = "size"
    """The body is larger than the limit."""
    READ = "read"
    """The body did not arrive whole."""
    HEADERS = "headers"
    """A signature header is missing, doubled or unreadable."""
    URL = "url"
    """The certificate URL is not one that Amazon may send."""
    BUSY = "busy"
    """Too many certificate fetches are under way for unknown URLs."""
    FETCH = "fetch"
    """The certificate chain could not be fetched."""
    CHAIN = "chain"
    """The chain is no PEM, or does not lead to a trusted root."""
    DATES = "dates"
    """The signing certificate has expired, or is not valid yet."""
    NAME = "name"
    """The signing certificate does not name ``echo-api.amazon.com`` exactly."""
    KEY = "key"
    """The signing key is not RSA, or is shorter than 2,048 bits."""
    SIGNATURE = "signature"
    """The signature does not fit the body."""
    BODY = "body"
    """The body is not the JSON of a request envelope."""
    TYPE = "type"
    """The request type is unknown to the SDK."""
    TIMESTAMP = "timestamp"
    """The request is too old, from the future, or not dated."""
    APPLICATION = "application"
    """The request is for another skill."""
    LOOPBACK = "loopback"
    """Unverified development mode was asked for from elsewhere than this machine."""
    ERROR = "error"
    """Verification itself failed; the log has the trace."""


class Refusal(Exception):
    """The request is not from Alexa, or not for this skill; answered with 400.

    Args:
        reason: the word for the log.
        detail: one clause without anything that the request said beyond its headers.
    """

    def __init__(self, reason: Reason, detail: str = "") -> None:
        self.reason = reason
        self.detail = detail
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
