"""The Lambda door: ``skill.lambda_function.handler`` is what AWS calls.

Alexa reaches it through AWS's own permissions, so there is no signature to check; the application id is checked here as
well as in the trigger. The skill is made once, while the function starts; nothing is kept between requests.
"""

from __future__ import annotations

import logging
import os
from typing import Any

from skill import create_skill
from skill.doors import UnknownRequestError, answer, apology, as_json, read_request, trace_of, warm_up
from skill.envelope import EnvelopeError, application_ids, check_envelope, listed_skill_ids
from skill.request_log import JsonFormatter, log

_SKILL = create_skill()
warm_up()


def handler(event: dict[str, Any], context: Any = None) -> dict[str, Any]:
    """Answer one request envelope.

    Raises:
        PermissionError: the request is for another skill than those named in ``CHARLEY_SKILL_ID``.
        ValueError: not a request envelope; Alexa never sends one.
    """
    try:
        check_envelope(event)
        request = read_request(as_json(event))
    except (EnvelopeError, UnknownRequestError) as error:
        log(logging.ERROR, "refused", reason="body", detail=str(error))
        raise ValueError(f"not a request envelope: {error}") from None
    allowed = listed_skill_ids(os.environ.get("CHARLEY_SKILL_ID", ""))
    if allowed and not application_ids(event) <= allowed:
        log(logging.ERROR, "refused", reason="application")
        raise PermissionError("the request is for another skill; CHARLEY_SKILL_ID names those that may call")
    about = {"type": event["request"]["type"], "request": event["request"]["requestId"]}
    try:
        response = answer(_SKILL, event, request, context)
        as_json(response)
    except Exception as error:
        log(logging.ERROR, "failed", during="handler", **about, trace=trace_of(error))
        return apology(event["request"]["type"])
    log(logging.INFO, "answered", **about)
    return response


def _log_as_json() -> None:
    """Lambda has put its own handler on the root logger before it imports us; only the format is ours."""
    root = logging.getLogger()
    root.setLevel(os.environ.get("CHARLEY_LOG_LEVEL", "INFO").upper())
    for each in root.handlers:
        each.setFormatter(JsonFormatter())


if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    _log_as_json()
