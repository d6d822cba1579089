"""Which certificate URLs are Amazon's: its own examples, and the tricks that are tried."""

from __future__ import annotations

import pytest
from authority import CERTIFICATE_URL, TEST, as_bytes, envelope

from skill.verification import Reason, Refusal, normalise_url

PLAIN = "https://s3.amazonaws.com/echo.api/echo-api-cert.pem"


@pytest.mark.parametrize(
    "url",
    [
        PLAIN,
        "https://s3.amazonaws.com:443/echo.api/echo-api-cert.pem",
        "https://s3.amazonaws.com/echo.api/../echo.api/echo-api-cert.pem",
        "HTTPS://S3.AMAZONAWS.COM/echo.api/echo-api-cert.pem",
        "https://s3.amazonaws.com/echo.api//./echo-api-cert.pem",
        "https://s3.amazonaws.com/echo.api/x/%2e%2e/echo-api-cert.pem",
        "https://s3.amazonaws.com/echo%2eapi/echo-api-cert.pem",
    ],
)
def test_all_spellings_of_amazons_url_are_one(url: str) -> None:
    assert normalise_url(url) == PLAIN


@pytest.mark.parametrize(
    "url",
    [
        "http://s3.amazonaws.com/echo.api/echo-api-cert.pem",
        "ftp://s3.amazonaws.com/echo.api/echo-api-cert.pem",
        "//s3.amazonaws.com/echo.api/echo-api-cert.pem",
        "https://notamazon.com/echo.api/echo-api-cert.pem",
        "https://s3.amazonaws.com.example.com/echo.api/echo-api-cert.pem",
        "https://s3.amazonaws.com./echo.api/echo-api-cert.pem",
        "https://x.s3.amazonaws.com/echo.api/echo-api-cert.pem",
        "https://169.254.169.254/echo.api/echo-api-cert.pem",
        "https://s3.amazonaws.com/EcHo.aPi/echo-api-cert.pem",
        "https://s3.amazonaws.com/invalid.path/echo-api-cert.pem",
        "https://s3.amazonaws.com/echo.api/../invalid.path/echo-api-cert.pem",
        "https://s3.amazonaws.com/echo.api/%2e%2e/evil/echo-api-cert.pem",
        "https://s3.amazonaws.com/echo.api/%252e%252e/evil/echo-api-cert.pem",
        "https://s3.amazonaws.com/echo.api/..%2fevil/echo-api-cert.pem",
        "https://s3.amazonaws.com/echo.api\\..\\evil\\echo-api-cert.pem",
        "https://s3.amazonaws.com//echo.api/echo-api-cert.pem",
        "https://s3.amazonaws.com/echo.api",
        "https://s3.amazonaws.com/echo.api/",
        "https://s3.amazonaws.com/echo.api.evil/echo-api-cert.pem",
        "https://s3.amazonaws.com:563/echo.api/echo-api-cert.pem",
        "https://s3.amazonaws.com:99999/echo.api/echo-api-cert.pem",
        "https://s3.amazonaws.com:x/echo.api/echo-api-cert.pem",
        "https://user:word@s3.amazonaws.com/echo.api/echo-api-cert.pem",
        "https://@s3.amazonaws.com/echo.api/echo-api-cert.pem",
        "https://s3.amazonaws.com@evil.example.com/echo.api/echo-api-cert.pem",
        "https://s3.amazonaws.com/echo.api/echo-api-cert.pem?version=2",
        "https://s3.amazonaws.com/echo.api/echo-api-cert.pem?",
        "https://s3.amazonaws.com/echo.api/echo-api-cert.pem#2",
        "https://s3.amazonaws.com/echo.api/echo-api-cert.pem#",
        "https://s3.amazonaws.com/echo.api/echo-api-cert.pem\r\nHost: evil.example.com",
        "https://s3.amazonaws.com/echo.api/%0d%0aHost:evil.pem",
        "https://s3.amazonaws.com/echo.api/%00.pem",
        "https://s3.amazonaws.com/echo.api/é.pem",
        "https://[s3.amazonaws.com/echo.api/echo-api-cert.pem",
        "https://s3.amazonaws.com/echo.api/" + "x" * 600 + ".pem",
        "",
        " ",
        PLAIN + "," + PLAIN,
    ],
)
def test_anything_else_is_refused_and_never_fetched(url: str) -> None:
    with pytest.raises(Refusal) as refusal:
        normalise_url(url)
    assert refusal.value.reason is Reason.URL
    fetched: list[str] = []
    body = as_bytes(envelope())
    verifier = TEST.verifier(fetch=lambda address: fetched.append(address) or TEST.chain())  # type: ignore[func-returns-value]
    with pytest.raises(Refusal):
        verifier.verify(url, TEST.sign(body), body)
    assert fetched == []
    assert verifier.verify(CERTIFICATE_URL, TEST.sign(body), body)
    assert fetched == [CERTIFICATE_URL]
