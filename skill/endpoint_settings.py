"""Settings of the HTTPS endpoint, from environment variables (the table is in docs/deploy.md)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from skill.envelope import listed_skill_ids
from skill.errors import SkillError
from skill.verification import VerifierSettings


class EndpointSettingsError(SkillError):
    """An environment variable holds something that cannot be used; the message says which and what is wanted."""


@dataclass(frozen=True)
class EndpointSettings:
    """How the endpoint behaves. There is no setting that switches verification off."""

    skill_ids: frozenset[str] = frozenset()
    """``CHARLEY_SKILL_ID``: application ids that may call, separated by commas; none: every request is refused."""
    body_bytes: int = 131_072
    """``CHARLEY_BODY_BYTES``: the largest request body. Bytes; Alexa's requests are far below 100,000."""
    fetch_seconds: float = 3.0
    """``CHARLEY_FETCH_SECONDS``: for fetching a certificate chain. Seconds."""
    cache_seconds: float = 3600.0
    """``CHARLEY_CACHE_SECONDS``: how long a checked certificate is kept. Seconds."""
    trust_roots: Path | None = None
    """``CHARLEY_TRUST_ROOTS``: a PEM bundle of trusted roots in place of certifi's."""
    proxies: int = 0
    """``CHARLEY_PROXIES``: how many proxies in front may be believed about the client's address. Number of hops."""
    metrics: bool = False
    """``CHARLEY_METRICS``: serve ``/metrics`` in Prometheus' format (1 or 0)."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> EndpointSettings:
        """Read the environment; what is not set keeps its default.

        Raises:
            EndpointSettingsError: a value cannot be used.
        """
        read = _Reader(os.environ if environment is None else environment)
        roots = read.text("CHARLEY_TRUST_ROOTS")
        if roots and not Path(roots).is_file():
            raise EndpointSettingsError(f"CHARLEY_TRUST_ROOTS is {roots!r}: a PEM file is wanted, and there is none")
        metrics = read.flag("CHARLEY_METRICS")
        if metrics and find_spec("prometheus_client") is None:
            raise EndpointSettingsError("CHARLEY_METRICS needs prometheus-client: install charley[metrics]")
        return cls(
            skill_ids=listed_skill_ids(read.text("CHARLEY_SKILL_ID")),
            body_bytes=read.whole("CHARLEY_BODY_BYTES", cls.body_bytes, least=1024),
            fetch_seconds=read.number("CHARLEY_FETCH_SECONDS", cls.fetch_seconds, least=0.1),
            cache_seconds=read.number("CHARLEY_CACHE_SECONDS", cls.cache_seconds, least=0.0),
            trust_roots=Path(roots) if roots else None,
            proxies=read.whole("CHARLEY_PROXIES", cls.proxies, least=0),
            metrics=metrics,
        )

    def verifier_settings(self) -> VerifierSettings:
        """The part that the verification needs."""
        return VerifierSettings(
            skill_ids=self.skill_ids, fetch_seconds=self.fetch_seconds, cache_seconds=self.cache_seconds
        )


@dataclass(frozen=True)
class ServerSettings:
    """How gunicorn serves the endpoint."""

    bind: str = "127.0.0.1:8080"
    """``CHARLEY_BIND``: address and port."""
    workers: int = 1
    """``CHARLEY_WORKERS``: processes; one a core."""
    threads: int = 8
    """``CHARLEY_THREADS``: requests at once in a worker. Must be more than the certificate fetches under way (4)."""
    request_seconds: float = 8.0
    """``CHARLEY_REQUEST_SECONDS``: a connection is cut if a request is not read and answered by then. Seconds; Alexa
    itself gives up after eight."""
    stop_seconds: int = 10
    """``CHARLEY_STOP_SECONDS``: after SIGTERM, how long requests under way may take. Seconds."""
    certificate: str = ""
    """``CHARLEY_TLS_CERTIFICATE``: PEM chain, if gunicorn itself speaks TLS."""
    key: str = ""
    """``CHARLEY_TLS_KEY``: PEM private key of that certificate."""
    log_level: str = "INFO"
    """``CHARLEY_LOG_LEVEL``: DEBUG, INFO (every request), WARNING (refusals and faults) or ERROR."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> ServerSettings:
        """Read the environment; what is not set keeps its default.

        Raises:
            EndpointSettingsError: a value cannot be used.
        """
        read = _Reader(os.environ if environment is None else environment)
        level = (read.text("CHARLEY_LOG_LEVEL") or cls.log_level).upper()
        if level not in ("DEBUG", "INFO", "WARNING", "ERROR"):
            raise EndpointSettingsError(f"CHARLEY_LOG_LEVEL is {level!r}: use DEBUG, INFO, WARNING or ERROR")
        certificate, key = read.text("CHARLEY_TLS_CERTIFICATE"), read.text("CHARLEY_TLS_KEY")
        if bool(certificate) != bool(key):
            raise EndpointSettingsError("TLS needs both: set CHARLEY_TLS_CERTIFICATE and CHARLEY_TLS_KEY, or neither")
        return cls(
            bind=read.text("CHARLEY_BIND") or cls.bind,
            workers=read.whole("CHARLEY_WORKERS", cls.workers, least=1),
            threads=read.whole("CHARLEY_THREADS", cls.threads, least=2),
            request_seconds=read.number("CHARLEY_REQUEST_SECONDS", cls.request_seconds, least=0.1),
            stop_seconds=read.whole("CHARLEY_STOP_SECONDS", cls.stop_seconds, least=1),
            certificate=certificate,
            key=key,
            log_level=level,
        )


class _Reader:
    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def text(self, name: str) -> str:
        return self._environment.get(name, "").strip()

    def number(self, name: str, default: float, least: float) -> float:
        text = self.text(name)
        try:
            value = float(text) if text else default
        except ValueError:
            value = float("nan")
        if not least <= value < float("inf"):
            raise EndpointSettingsError(f"{name} is {text!r}: a number from {least:g} is wanted")
        return value

    def whole(self, name: str, default: int, least: int) -> int:
        value = self.number(name, default, least)
        if value != int(value):
            raise EndpointSettingsError(f"{name} is {self.text(name)!r}: a whole number is wanted")
        return int(value)

    def flag(self, name: str) -> bool:
        text = self.text(name).lower()
        if text not in ("", "0", "1", "no", "yes", "false", "true"):
            raise EndpointSettingsError(f"{name} is {text!r}: use 1 or 0")
        return text in ("1", "yes", "true")
