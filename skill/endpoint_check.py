"""Checks of an endpoint from outside, for ``charley doctor --endpoint URL``: what Alexa will look at first.

The one thing that no test of ours can prove is that Amazon's chain of today leads to a root that we trust. That is
checked here, against Amazon, from the machine that runs this.
"""

from __future__ import annotations

import base64
import http.client
import secrets
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import SplitResult, urlsplit

from cryptography.x509.verification import Store

from skill.verification import HttpsFetch, Reason, Refusal, check_chain, trust_store
from skill.verification.verifier import Clock, Fetch, utc_now

AMAZON_CHAIN = "https://s3.amazonaws.com/echo.api/echo-api-cert-{number}.pem"
NEWEST_NUMBERS = range(30, 0, -1)
"""Amazon numbers its chains and does not publish the newest number; it was 12 in 2023."""

_SECONDS = 8.0
"""Alexa's own patience."""
_DAYS_LEFT = 14
"""Days that the endpoint's own certificate should still be good."""


@dataclass(frozen=True)
class Finding:
    """One check: what was looked at, how it came out, and, if it is not as Alexa wants it, what to do."""

    check: str
    ok: bool
    detail: str
    mend: str = ""

    def __post_init__(self) -> None:
        if self.ok:
            object.__setattr__(self, "mend", "")


def check_endpoint(url: str, context: ssl.SSLContext | None = None) -> tuple[Finding, ...]:
    """Look at the endpoint at ``url`` as a stranger would. Nothing is raised: what goes wrong is a finding.

    Args:
        url: the address that the skill's manifest names.
        context: TLS settings; certifi's roots by default, which are also what a browser trusts.
    """
    try:
        address = urlsplit(url)
        port = address.port
    except ValueError:
        address, port = SplitResult("", "", "", "", ""), None
    if address.scheme not in ("https", "http") or not address.hostname:
        return (Finding("address", False, f"{url} is no address", "give one such as https://charley.example.org/"),)
    secure = address.scheme == "https"
    findings = [
        Finding(
            "address", secure and port in (None, 443), url, "Alexa wants https on port 443: docs/deploy.md says how"
        )
    ]
    if secure and context is None:
        import certifi

        context = ssl.create_default_context(cafile=certifi.where())
    probe = _Probe(address, context if secure else None)
    try:
        if secure:
            findings.append(probe.certificate())
        findings += [probe.get("health"), probe.get("ready"), *_refusals(probe)]
    except (OSError, http.client.HTTPException) as error:
        reason = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        mend = "is it running, is its certificate for this name and from a public authority, is the port open?"
        findings.append(Finding("connection", False, " ".join(reason.split()), mend))
    return tuple(findings)


def check_amazon_chain(
    fetch: Fetch | None = None,
    store: Store | None = None,
    clock: Clock = utc_now,
    numbers: Iterable[int] = NEWEST_NUMBERS,
) -> Finding:
    """Fetch Amazon's newest certificate chain, and check it just as the endpoint would.

    Args:
        fetch: over HTTPS by default.
        store: trusted roots; certifi's by default.
        clock: the time.
        numbers: which chains to try, newest first.
    """
    name = "Amazon's certificate chain"
    fetch = fetch or HttpsFetch()
    store = store or trust_store()
    newest: Finding | None = None
    for number in numbers:
        url = AMAZON_CHAIN.format(number=number)
        try:
            key = check_chain(fetch(url), store, clock())
        except Refusal as refusal:
            if refusal.reason is Reason.FETCH:
                if refusal.detail.startswith("status"):
                    continue  # no chain with this number
                return Finding(name, False, f"{url}: {refusal}", "let this machine reach s3.amazonaws.com over HTTPS")
            mend = "update certifi and cryptography; if it stays, open an issue with this line"
            newest = newest or Finding(name, False, f"{url}: {refusal}", mend)
        else:
            return Finding(name, True, f"{url} is trusted, and good until {key.good_until:%Y-%m-%d}")
    return newest or Finding(name, False, "none was found", "try again later; Amazon may have changed its numbering")


class _Probe:
    """Requests to one address, a new connection each, as Alexa's come from many machines."""

    def __init__(self, address: SplitResult, context: ssl.SSLContext | None) -> None:
        self._address = address
        self._context = context

    def _connection(self) -> http.client.HTTPConnection:
        host, port = self._address.hostname or "", self._address.port
        if self._context is None:
            return http.client.HTTPConnection(host, port or 80, timeout=_SECONDS)
        return http.client.HTTPSConnection(host, port or 443, timeout=_SECONDS, context=self._context)

    def status(self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> int:
        connection = self._connection()
        try:
            connection.request(method, path, body or None, dict(headers or {}))
            with connection.getresponse() as response:
                return response.status
        finally:
            connection.close()

    def get(self, page: str) -> Finding:
        base = self._address.path.rstrip("/")
        status = self.status("GET", f"{base}/{page}")
        mends = {
            404: f"the proxy does not hand on /{page}; Alexa does not need it, your monitoring may",
            503: "set CHARLEY_SKILL_ID to the id of your skill",
        }
        return Finding(page, status == 200, f"status {status}", mends.get(status, "its log says more"))

    def post(self, check: str, headers: Mapping[str, str], detail: str) -> Finding:
        status = self.status("POST", self._address.path or "/", b'{"version": "1.0"}', headers)
        mend = "what answers there is not Charley's endpoint, or its verification is off; do not publish the skill"
        return Finding(check, status == 400, f"status {status}; {detail}", mend)

    def certificate(self) -> Finding:
        connection = self._connection()
        try:
            connection.connect()
            connected: Any = connection.sock
            found = connected.getpeercert()
        finally:
            connection.close()
        until = datetime.fromtimestamp(ssl.cert_time_to_seconds(found["notAfter"]), UTC)
        days = (until - datetime.now(UTC)).days
        detail = f"trusted, for this name, good for {days} days"
        return Finding("its own certificate", days >= _DAYS_LEFT, detail, "renew it; see that renewal runs by itself")


def _refusals(probe: _Probe) -> tuple[Finding, ...]:
    false = base64.b64encode(secrets.token_bytes(256)).decode()
    amazon = AMAZON_CHAIN.format(number=12)
    return (
        probe.post("unsigned request", {}, "400 is wanted"),
        probe.post(
            "certificate from elsewhere",
            {"SignatureCertChainUrl": "https://example.com/echo.api/x.pem", "Signature-256": false},
            "400 is wanted",
        ),
        probe.post(
            "false signature",
            {"SignatureCertChainUrl": amazon, "Signature-256": false},
            "400 is wanted, and in the endpoint's log the reason signature or dates (fetch: it cannot reach Amazon)",
        ),
    )
