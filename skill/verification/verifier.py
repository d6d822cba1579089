"""The checks that Alexa demands of an endpoint, in the order that costs an impostor most and us least."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.verification import Store

from skill.envelope import EnvelopeError, application_ids, parse_envelope
from skill.verification.certificate_cache import CertificateCache
from skill.verification.certificate_chain import SigningKey, check_chain, trust_store
from skill.verification.certificate_fetch import HttpsFetch
from skill.verification.certificate_url import normalise_url
from skill.verification.refusal import Reason, Refusal

Fetch = Callable[[str], bytes]
"""A normalised URL → the PEM chain behind it. Raises Refusal, or any other exception for a failure."""
Clock = Callable[[], datetime]
"""The time now, with a time zone."""

_SIGNATURE_BYTES = range(256, 1025)
"""RSA signatures of 2,048 to 8,192 bits."""


def utc_now() -> datetime:
    """The clock of production."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class VerifierSettings:
    """Limits of the verification; the defaults are Amazon's where Amazon sets one."""

    skill_ids: frozenset[str] = frozenset()
    """The application ids that may call; none: every request is refused."""
    tolerance_seconds: float = 150.0
    """How far a request's timestamp may be from our clock, either way. Seconds; Amazon's limit is 150."""
    cache_entries: int = 8
    """The most certificates kept."""
    cache_seconds: float = 3600.0
    """How long a certificate is kept at most. Seconds."""
    fetches_at_once: int = 4
    """Certificate fetches under way at the same time."""
    fetch_seconds: float = 3.0
    """For one fetch. Seconds."""
    chain_bytes: int = 65_536
    """The largest chain taken. Bytes."""


class RequestVerifier:
    """Tells Alexa's requests from all others.

    Everything from outside is an argument, so that tests bring an authority and a clock of their own.

    Args:
        settings: skill ids and limits.
        fetch: gets a chain; over HTTPS by default.
        store: trusted roots; ``certifi``'s by default.
        clock: the time; the machine's by default.
    """

    def __init__(
        self,
        settings: VerifierSettings,
        fetch: Fetch | None = None,
        store: Store | None = None,
        clock: Clock = utc_now,
    ) -> None:
        self.settings = settings
        self._fetch = fetch or HttpsFetch(settings.fetch_seconds, settings.chain_bytes)
        self._store = store or trust_store()
        self._clock = clock
        self.cache = CertificateCache(
            self._load,
            settings.cache_entries,
            settings.cache_seconds,
            settings.fetches_at_once,
            wait_seconds=settings.fetch_seconds + 1,
        )

    def verify(self, certificate_url: str | None, signature: str | None, body: bytes) -> dict[str, Any]:
        """The parsed envelope, if the request is Alexa's and for this skill.

        Args:
            certificate_url: header ``SignatureCertChainUrl``.
            signature: header ``Signature-256``; the older SHA-1 ``Signature`` is not looked at.
            body: the raw bytes as they came.

        Raises:
            Refusal: with the reason; nothing of the body has been deserialised unless its signature was good.
        """
        if not certificate_url or not signature:
            raise Refusal(Reason.HEADERS, "signature headers are missing")
        try:
            signed = base64.b64decode(signature, validate=True)
        except (binascii.Error, ValueError):
            raise Refusal(Reason.HEADERS, "the signature is not base64") from None
        if len(signed) not in _SIGNATURE_BYTES:
            raise Refusal(Reason.SIGNATURE, "length")
        url = normalise_url(certificate_url)
        now = self._clock()
        try:
            self.cache.get(url, now).key.verify(signed, body, PKCS1v15(), SHA256())
        except InvalidSignature:
            raise Refusal(Reason.SIGNATURE, "does not fit the body") from None
        try:
            envelope = parse_envelope(body)
        except EnvelopeError as error:
            raise Refusal(Reason.BODY, str(error)) from None
        self._check_age(envelope, now)
        named = application_ids(envelope)
        if not named or not named <= self.settings.skill_ids:
            raise Refusal(Reason.APPLICATION, "another skill's id")
        return envelope

    def _check_age(self, envelope: dict[str, Any], now: datetime) -> None:
        try:
            stamp = datetime.fromisoformat(envelope["request"]["timestamp"])
        except ValueError:
            raise Refusal(Reason.TIMESTAMP, "not a time") from None
        if stamp.tzinfo is None:
            raise Refusal(Reason.TIMESTAMP, "without a time zone")
        try:
            age = abs((now - stamp).total_seconds())
        except OverflowError:
            raise Refusal(Reason.TIMESTAMP, "beyond all dates") from None
        if age > self.settings.tolerance_seconds:
            raise Refusal(Reason.TIMESTAMP, "too old, or from the future")

    def _load(self, url: str, now: datetime) -> SigningKey:
        try:
            chain = self._fetch(url)
        except Refusal:
            raise
        except Exception as error:
            raise Refusal(Reason.FETCH, type(error).__name__) from None
        if len(chain) > self.settings.chain_bytes:
            raise Refusal(Reason.FETCH, "larger than the limit")
        return check_chain(chain, self._store, now)
