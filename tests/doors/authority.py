"""A certificate authority of our own: Alexa's chain, every broken variant of it, and requests signed with them."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from cryptography.x509.verification import Store

from skill.verification import RequestVerifier, VerifierSettings

SKILL_ID = "amzn1.ask.skill.00000000-0000-0000-0000-000000000001"
CERTIFICATE_URL = "https://s3.amazonaws.com/echo.api/echo-api-cert-12.pem"
NAME = "echo-api.amazon.com"
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
"""The clock of tests that bring their own."""

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@cache
def key(who: str, bits: int = 2048) -> rsa.RSAPrivateKey:
    """A key for ``who``, made once in a test run."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def pem(*certificates: x509.Certificate) -> bytes:
    return b"".join(certificate.public_bytes(serialization.Encoding.PEM) for certificate in certificates)


def _issue(
    subject: str,
    own: PrivateKey,
    issuer: str,
    signer: rsa.RSAPrivateKey,
    *,
    names: Sequence[str] | None,
    days: tuple[float, float] = (-30, 300),
    around: datetime = NOW,
    usage: x509.ObjectIdentifier = ExtendedKeyUsageOID.SERVER_AUTH,
) -> x509.Certificate:
    authority = names is None
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(around + timedelta(days=days[0]))
        .not_valid_after(around + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(own.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
        .add_extension(
            x509.KeyUsage(
                digital_signature=not authority,
                content_commitment=False,
                key_encipherment=not authority,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=authority,
                crl_sign=authority,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
    )
    if names is not None:
        builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
        if names:
            alternatives = x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
            builder = builder.add_extension(alternatives, critical=False)
    return builder.sign(signer, hashes.SHA256())


@dataclass(frozen=True)
class Authority:
    """Root → intermediate → leaf, as Amazon's; ``around`` is the day that the dates are counted from."""

    label: str = "test"
    around: datetime = NOW

    @property
    def root(self) -> x509.Certificate:
        return _certificates(self)[0]

    @property
    def intermediate(self) -> x509.Certificate:
        return _certificates(self)[1]

    @property
    def leaf_key(self) -> rsa.RSAPrivateKey:
        return key(f"{self.label} leaf")

    @property
    def store(self) -> Store:
        return Store([self.root])

    def leaf(self, own: PrivateKey | None = None, names: Sequence[str] = (NAME,), **options: Any) -> x509.Certificate:
        return _issue(
            NAME, own or self.leaf_key, f"{self.label} intermediate", key(f"{self.label} intermediate"),
            names=names, around=self.around, **options,
        )  # fmt: skip

    def chain(self, leaf: x509.Certificate | None = None) -> bytes:
        return pem(leaf or _certificates(self)[2], self.intermediate)

    def sign(self, body: bytes, own: rsa.RSAPrivateKey | None = None) -> str:
        return base64.b64encode((own or self.leaf_key).sign(body, PKCS1v15(), hashes.SHA256())).decode()

    def headers(self, body: bytes, url: str = CERTIFICATE_URL) -> dict[str, str]:
        """What Alexa sends along with ``body``."""
        return {
            "SignatureCertChainUrl": url,
            "Signature-256": self.sign(body),
            "Content-Type": "application/json; charset=utf-8",
        }

    def verifier(
        self,
        fetch: Callable[[str], bytes] | None = None,
        clock: Callable[[], datetime] = lambda: NOW,
        **settings: Any,
    ) -> RequestVerifier:
        """A verifier that trusts this authority alone and takes its chain for whatever is at the URL."""
        chain = self.chain()
        return RequestVerifier(
            VerifierSettings(**({"skill_ids": frozenset({SKILL_ID})} | settings)),
            fetch=fetch or (lambda url: chain),
            store=self.store,
            clock=clock,
        )


@cache
def _certificates(authority: Authority) -> tuple[x509.Certificate, x509.Certificate, x509.Certificate]:
    label, around = authority.label, authority.around
    root_key, middle_key = key(f"{label} root"), key(f"{label} intermediate")
    root = _issue(f"{label} root", root_key, f"{label} root", root_key, names=None, around=around)
    middle = _issue(f"{label} intermediate", middle_key, f"{label} root", root_key, names=None, around=around)
    return root, middle, authority.leaf()


TEST = Authority()
OTHER = Authority("other")
"""The same names, another root."""


def envelope(
    request_type: str = "LaunchRequest",
    intent: str | None = None,
    slots: dict[str, str] | None = None,
    attributes: dict[str, Any] | None = None,
    at: datetime = NOW,
    skill_id: str = SKILL_ID,
    **request: Any,
) -> dict[str, Any]:
    """A request envelope as Alexa sends it."""
    application = {"applicationId": skill_id}
    inner: dict[str, Any] = {
        "type": request_type,
        "requestId": "amzn1.echo-api.request.1",
        "timestamp": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "locale": "en-US",
        **request,
    }
    if intent is not None:
        inner["intent"] = {
            "name": intent,
            "confirmationStatus": "NONE",
            "slots": {
                name: {"name": name, "value": value, "confirmationStatus": "NONE"}
                for name, value in (slots or {}).items()
            },
        }
    return {
        "version": "1.0",
        "session": {
            "new": not attributes,
            "sessionId": "amzn1.echo-api.session.1",
            "application": application,
            "attributes": attributes or {},
            "user": {"userId": "amzn1.ask.account.TEST"},
        },
        "context": {"System": {"application": application, "user": {"userId": "amzn1.ask.account.TEST"}}},
        "request": inner,
    }


def as_bytes(value: Any) -> bytes:
    return json.dumps(value).encode()


def with_trailing_byte(chain: bytes) -> bytes:
    """``chain`` with one byte more inside the armour of its first certificate."""
    first = re.search(rb"-----BEGIN CERTIFICATE-----(.+?)-----END CERTIFICATE-----", chain, re.DOTALL)
    assert first is not None
    longer = base64.encodebytes(base64.b64decode(first[1]) + b"\0")
    return chain[: first.start(1)] + b"\n" + longer + chain[first.end(1) :]
