"""How gunicorn serves the endpoint: ``gunicorn -c python:skill.gunicorn_config 'skill.web:create_app()'``."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import threading
import time
from typing import Any

from gunicorn.workers import gthread

from skill.endpoint_settings import EndpointSettings, EndpointSettingsError, ServerSettings
from skill.request_log import logging_config

try:
    _settings = ServerSettings.from_environment()
    EndpointSettings.from_environment()  # the workers read it; a mistake in it should be said once, and now
except EndpointSettingsError as error:
    raise SystemExit(f"charley: {error}") from None


class DeadlineWorker(gthread.ThreadWorker):  # type: ignore[misc]
    """Threads that nobody can hold: a connection is cut when its request was not read and answered in time.

    gunicorn's own time-out watches the worker, not the connection, so a client that sends one byte a minute would keep
    a thread for ever. Cutting the socket wakes the thread that waits for it.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._deadlines: dict[Any, float] = {}

    def init_process(self) -> None:
        # A request takes about a millisecond; with Python's five, a thread would wait for several others at its turn.
        sys.setswitchinterval(0.001)
        threading.Thread(target=self._cut_late_ones, name="deadlines", daemon=True).start()
        super().init_process()

    def handle(self, conn: Any) -> Any:
        self._deadlines[conn] = time.monotonic() + _settings.request_seconds
        try:
            return super().handle(conn)
        finally:
            self._deadlines.pop(conn, None)

    def _cut_late_ones(self) -> None:
        while True:
            time.sleep(min(1.0, _settings.request_seconds / 4))
            now = time.monotonic()
            for conn, deadline in tuple(self._deadlines.items()):
                if deadline < now:
                    with contextlib.suppress(OSError):
                        conn.sock.shutdown(socket.SHUT_RDWR)


if hasattr(gthread, "DEFAULT_WORKER_DATA_TIMEOUT"):
    # How long a thread waits for the first byte of a new connection before it leaves the waiting to the poller, which
    # costs nothing. gunicorn's five seconds would let eight silent connections hold all threads.
    gthread.DEFAULT_WORKER_DATA_TIMEOUT = 0.25


def child_exit(server: Any, worker: Any) -> None:
    """A worker's gauges must not be counted after its death."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        with contextlib.suppress(ImportError):
            from prometheus_client import multiprocess

            multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


bind = _settings.bind
workers = _settings.workers
worker_class = DeadlineWorker
threads = _settings.threads
worker_connections = 512
keepalive = 5
timeout = 30
graceful_timeout = _settings.stop_seconds
certfile = _settings.certificate or None
keyfile = _settings.key or None
# Alexa's headers are small; gunicorn's defaults are for browsers.
limit_request_line = 2048
limit_request_fields = 50
limit_request_field_size = 4096
# Proxy headers are read where CHARLEY_PROXIES says so, in the app, and nowhere else.
forwarded_allow_ips = ""
secure_scheme_headers: dict[str, str] = {}
# The heartbeat file belongs in memory: in a container, the disk may be slow or read-only.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108
# Newer gunicorns open a control socket in the home folder; an endpoint needs none, and a container has no home.
control_socket_disable = True
logconfig_dict = logging_config(_settings.log_level)
