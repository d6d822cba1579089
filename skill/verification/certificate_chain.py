"""From a chain of certificates to the one key that may sign Alexa's requests."""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from skill.verification.refusal import Reason, Refusal

ALEXA_NAME = "echo-api.amazon.com"

_SMALLEST_KEY = 2048
"""Bits."""
_LONGEST_CHAIN = 10
"""Certificates; Amazon sends four."""
_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True)
class SigningKey:
    """A public key that a trusted chain names as Alexa's, and the time for which every link of that chain is valid."""

    key: RSAPublicKey
    good_from: datetime
    good_until: datetime


def trust_store(bundle: Path | None = None) -> Store:
    """The trusted roots of a PEM bundle (default: ``certifi``'s).

    A root that only warns is kept: Starfield Services Root Certificate Authority - G2, through which Amazon chains, has
    the serial number 0. One that does not parse is left out and logged, so that a stricter release of the parser does
    not stop the endpoint.

    Raises:
        ValueError: no root could be read.
        OSError: the bundle could not be read.
    """
    if bundle is None:
        import certifi

        bundle = Path(certifi.where())
    roots = []
    for pem in _PEM.findall(bundle.read_bytes()):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                roots.append(x509.load_pem_x509_certificate(pem))
            except ValueError as error:
                _LOGGER.warning("a trusted root of %s cannot be read and is left out: %s", bundle.name, error)
    if not roots:
        raise ValueError(f"{bundle} holds no certificate")
    return Store(roots)


def check_chain(pem: bytes, store: Store, now: datetime) -> SigningKey:
    """The key of the first certificate of ``pem``, if the chain is Alexa's.

    The name is compared exactly, because a server verifier also accepts ``*.amazon.com``, which other services hold.

    Args:
        pem: leaf first, then intermediates, as Amazon publishes them.
        store: trusted roots.
        now: with a time zone.

    Raises:
        Refusal: ``chain``, ``dates``, ``name`` or ``key``.
    """
    leaf, *others = _parse(pem)
    if not leaf.not_valid_before_utc <= now <= leaf.not_valid_after_utc:
        raise Refusal(Reason.DATES, "signing certificate")
    if ALEXA_NAME not in _names(leaf):
        raise Refusal(Reason.NAME, "signing certificate")
    try:
        key = leaf.public_key()
    except Exception as error:  # unsupported algorithms and malformed keys each raise their own kind
        raise Refusal(Reason.KEY, type(error).__name__) from None
    if not isinstance(key, RSAPublicKey) or key.key_size < _SMALLEST_KEY:
        raise Refusal(Reason.KEY, "RSA of 2,048 bits or more is wanted")
    policy = PolicyBuilder().store(store).time(now).max_chain_depth(_LONGEST_CHAIN)
    try:
        chain = policy.build_server_verifier(x509.DNSName(ALEXA_NAME)).verify(leaf, others)
    except VerificationError as error:
        raise Refusal(Reason.CHAIN, " ".join(str(error).split())[:120]) from None
    return SigningKey(
        key,
        good_from=max(certificate.not_valid_before_utc for certificate in chain),
        good_until=min(certificate.not_valid_after_utc for certificate in chain),
    )


def _parse(pem: bytes) -> Sequence[x509.Certificate]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            certificates = x509.load_pem_x509_certificates(pem)
        except ValueError:
            raise Refusal(Reason.CHAIN, "not PEM certificates") from None
    if len(certificates) > _LONGEST_CHAIN:
        raise Refusal(Reason.CHAIN, "too many certificates")
    return certificates


def _names(certificate: x509.Certificate) -> list[str]:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError):
        return []
    return names.get_values_for_type(x509.DNSName)
