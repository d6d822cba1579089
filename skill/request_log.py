"""Structured logs: one JSON object a line, and nothing that anybody said.

What is logged of a request: its type and id, how it was answered, how long that took. Never its body, intent, slots,
user or session. Exceptions are logged as kinds and places (``skill.doors.trace_of``), because their messages may quote.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any

from skill.doors import trace_of

LOGGER = logging.getLogger("skill.door")


def log(level: int, event: str, **fields: Any) -> None:
    """Log ``event`` (one word) with its fields."""
    LOGGER.log(level, event, extra={"fields": fields})


class JsonFormatter(logging.Formatter):
    """``{"time": …, "level": …, "event": …, …}`` for every record, whoever logged it."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
        }
        fields = getattr(record, "fields", None)
        if fields is None:
            line["event"], line["logger"], line["message"] = "message", record.name, record.getMessage()
        else:
            line["event"] = record.getMessage()
            line.update(fields)
        if record.exc_info and record.exc_info[1] is not None:
            line["trace"] = trace_of(record.exc_info[1])
        return json.dumps(line, default=str)


def logging_config(level: str = "INFO") -> dict[str, Any]:
    """For ``logging.config.dictConfig`` and gunicorn's ``logconfig_dict``: everything as JSON on standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "skill.request_log.JsonFormatter"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stderr"}},
        "root": {"level": level, "handlers": ["stderr"]},
        "loggers": {
            "gunicorn.error": {
                "level": level,
                "handlers": ["stderr"],
                "propagate": False,
                "qualname": "gunicorn.error",
            },
            "gunicorn.access": {"level": "ERROR", "handlers": [], "propagate": False, "qualname": "gunicorn.access"},
        },
    }
