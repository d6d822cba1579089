"""Counts and times of the endpoint in Prometheus' format; only where ``prometheus-client`` is installed and wanted."""

from __future__ import annotations

import os
from typing import Any

_BUCKETS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 8.0)
"""Seconds; the last is where Alexa gives up."""


class Metrics:
    """The endpoint's own registry, so that two apps in one process do not count each other's requests.

    With several workers, set ``PROMETHEUS_MULTIPROC_DIR`` to an empty folder: the figures of all are added up.
    """

    def __init__(self) -> None:
        import prometheus_client

        self._client = prometheus_client
        self._registry = prometheus_client.CollectorRegistry()
        self._answers = prometheus_client.Histogram(
            "charley_request_seconds", "From the first byte of the body to the answer", ["outcome"],
            buckets=_BUCKETS, registry=self._registry,
        )  # fmt: skip
        self._refusals = prometheus_client.Counter(
            "charley_refusals", "Requests answered with 400, by reason", ["reason"], registry=self._registry
        )

    def count(self, outcome: str, seconds: float, reason: str | None = None) -> None:
        """One request: ``outcome`` is answered, apologised or refused (then with its reason)."""
        self._answers.labels(outcome).observe(seconds)
        if reason is not None:
            self._refusals.labels(reason).inc()

    def render(self) -> tuple[bytes, str]:
        """The body and the content type of ``/metrics``."""
        registry: Any = self._registry
        if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
            from prometheus_client import multiprocess

            registry = self._client.CollectorRegistry()
            multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return self._client.generate_latest(registry), self._client.CONTENT_TYPE_LATEST
