"""The HTTPS door: a Flask app that answers Alexa's signed requests and nobody else's.

Serve it with gunicorn (``script/serve``). ``POST /`` takes requests; ``GET /health`` says that the process lives, and
``GET /ready`` that it can answer. Every refusal is a bare 400 outside and one word in the log.
"""

from __future__ import annotations

import ipaddress
import logging
import time
from collections.abc import Callable
from typing import Any

from flask import Flask, Request, Response, request
from werkzeug.exceptions import HTTPException

from skill.doors import (
    Skill,
    SkillFunction,
    UnknownRequestError,
    answer,
    apology,
    as_json,
    read_request,
    trace_of,
    warm_up,
)
from skill.endpoint_settings import EndpointSettings, EndpointSettingsError
from skill.envelope import EnvelopeError, parse_envelope
from skill.metrics import Metrics
from skill.request_log import log
from skill.verification import Reason, Refusal, RequestVerifier, trust_store

_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via")
_LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})

Check = Callable[[Request, bytes], dict[str, Any]]
"""Takes a request and its raw body; returns the envelope or raises Refusal."""


def create_app(
    skill: Skill | SkillFunction | None = None,
    settings: EndpointSettings | None = None,
    verifier: RequestVerifier | None = None,
    *,
    development: bool = False,
) -> Flask:
    """The endpoint as a WSGI app.

    Args:
        skill: anything built with ask-sdk-core, or a function from envelope to envelope; Charley by default.
        settings: from the environment by default.
        verifier: with fetch, roots or clock of your own; Amazon's by default.
        development: take unsigned requests, but only from this very machine. For ``charley serve --no-verification``;
            no environment variable reaches it.

    Raises:
        EndpointSettingsError: an environment variable cannot be used.
    """
    if skill is None:
        from skill import create_skill

        skill = create_skill()
    settings = settings or EndpointSettings.from_environment()
    if development:
        log(logging.WARNING, "unverified", detail="requests are NOT verified; only this machine is answered")
        check: Check = _from_this_machine
    else:
        if verifier is None:
            try:
                store = trust_store(settings.trust_roots)
            except (OSError, ValueError) as error:
                raise EndpointSettingsError(f"CHARLEY_TRUST_ROOTS cannot be used: {error}") from None
            verifier = RequestVerifier(settings.verifier_settings(), store=store)
        if not verifier.settings.skill_ids:
            log(logging.WARNING, "no_skill_id", detail="set CHARLEY_SKILL_ID; until then every request is refused")
        check = _signed(verifier)
    able = development or bool(verifier and verifier.settings.skill_ids)

    warm_up()
    app = Flask("charley", static_folder=None)
    if settings.proxies:
        from werkzeug.middleware.proxy_fix import ProxyFix

        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies
        )
    metrics = Metrics() if settings.metrics else None
    door = _Door(skill, check, settings.body_bytes, metrics)
    app.add_url_rule("/", "alexa", door.handle, methods=["POST"])
    app.add_url_rule("/health", "health", lambda: _json({"status": "ok"}))
    app.add_url_rule(
        "/ready", "ready", lambda: _json({"status": "ready" if able else "no skill id"}, 200 if able else 503)
    )
    if metrics is not None:
        app.add_url_rule("/metrics", "metrics", lambda: _exposed(metrics))
    app.register_error_handler(HTTPException, _plain)
    return app


class _Door:
    """One request from raw bytes to the answer; keeps nothing between two."""

    def __init__(self, skill: Skill | SkillFunction, check: Check, limit: int, metrics: Metrics | None) -> None:
        self._skill = skill
        self._check = check
        self._limit = limit
        self._metrics = metrics

    def handle(self) -> Response:
        began = time.perf_counter()
        try:
            body, envelope = self._admit()
            sdk_request = _readable(body)
        except Refusal as refusal:
            return self._refused(refusal, began)
        except Exception as error:
            # A fault of the verification must not let anybody in, nor look like a fault of the server's.
            log(logging.ERROR, "failed", during="verification", trace=trace_of(error))
            return self._refused(Refusal(Reason.ERROR, type(error).__name__), began)
        about = {"type": envelope["request"]["type"], "request": envelope["request"]["requestId"]}
        try:
            response = as_json(answer(self._skill, envelope, sdk_request))
            outcome = "answered"
        except Exception as error:
            log(logging.ERROR, "failed", during="handler", **about, trace=trace_of(error))
            response, outcome = as_json(apology(envelope["request"]["type"])), "apologised"
        self._note(logging.INFO, outcome, began, **about)
        return Response(response, content_type="application/json")

    def _admit(self) -> tuple[bytes, dict[str, Any]]:
        body = _read_body(request, self._limit)
        return body, self._check(request, body)

    def _refused(self, refusal: Refusal, began: float) -> Response:
        self._note(logging.WARNING, "refused", began, reason=str(refusal.reason), detail=refusal.detail)
        return Response("Bad Request\n", 400, content_type="text/plain; charset=utf-8")

    def _note(self, level: int, outcome: str, began: float, **fields: Any) -> None:
        seconds = time.perf_counter() - began
        log(level, outcome, **fields, client=request.remote_addr, ms=round(seconds * 1000, 2))
        if self._metrics is not None:
            self._metrics.count(outcome, seconds, fields.get("reason"))


def _read_body(incoming: Request, limit: int) -> bytes:
    """The whole body, and nothing less or more.

    Flask's own reading gives the first ``limit`` bytes of a longer chunked body, and what there is of one that broke
    off, as if they were whole; a signature would not fit them, but the log should say what happened.
    """
    length = incoming.content_length
    if length is None and not incoming.environ.get("wsgi.input_terminated"):
        return b""
    if length is not None and length > limit:
        raise Refusal(Reason.SIZE, "larger than the limit")
    wanted = limit + 1 if length is None else length
    received = bytearray()
    try:
        while len(received) < wanted and (chunk := incoming.environ["wsgi.input"].read(wanted - len(received))):
            received += chunk
    except Exception as error:  # every server has its own for broken chunks and lost connections
        raise Refusal(Reason.READ, type(error).__name__) from None
    if len(received) > limit:
        raise Refusal(Reason.SIZE, "larger than the limit")
    if length is not None and len(received) < length:
        raise Refusal(Reason.READ, "broke off")
    return bytes(received)


def _signed(verifier: RequestVerifier) -> Check:
    def check(incoming: Request, body: bytes) -> dict[str, Any]:
        headers = incoming.headers
        return verifier.verify(headers.get("SignatureCertChainUrl"), headers.get("Signature-256"), body)

    return check


def _from_this_machine(incoming: Request, body: bytes) -> dict[str, Any]:
    """Development: nothing is verified, so nothing that could have come from elsewhere is taken.

    The host is checked too: a web page in a browser on this machine could otherwise reach the port under a name that
    resolves to loopback.
    """
    host, _, port = incoming.host.rpartition(":")
    if (host if port.isdigit() else incoming.host).lower() not in _LOOPBACK_NAMES:
        raise Refusal(Reason.LOOPBACK, "host")
    try:
        local = ipaddress.ip_address(incoming.remote_addr or "").is_loopback
    except ValueError:
        local = False
    if not local or any(name in incoming.headers for name in _FORWARDED):
        raise Refusal(Reason.LOOPBACK, "client")
    try:
        return parse_envelope(body)
    except EnvelopeError as error:
        raise Refusal(Reason.BODY, str(error)) from None


def _readable(body: bytes) -> Any:
    try:
        return read_request(body.decode("utf-8"))
    except UnknownRequestError as error:
        raise Refusal(Reason.TYPE, str(error)) from None


def _json(payload: dict[str, Any], status: int = 200) -> Response:
    return Response(as_json(payload) + "\n", status, content_type="application/json")


def _exposed(metrics: Metrics) -> Response:
    body, content_type = metrics.render()
    return Response(body, content_type=content_type)


def _plain(error: HTTPException) -> Response:
    """Not found, wrong method and the like, in one line instead of a page."""
    code = error.code or 400
    response = Response(f"{error.name}\n", code, content_type="text/plain; charset=utf-8")
    allowed = getattr(error, "valid_methods", None)
    if allowed:
        response.headers["Allow"] = ", ".join(sorted(allowed))
    return response
