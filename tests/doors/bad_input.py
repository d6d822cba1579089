"""Bad input without end, the same for the same seed: envelopes bent in their shape, their bytes or their headers."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

from authority import CERTIFICATE_URL, envelope

_JUNK: tuple[Any, ...] = (
    None, True, False, 0, -1, 1e308, 10**40, "", " ", "x", "é", "\ud800", "\0", "AMAZON.StopIntent", "LaunchRequest",
    [], [[]], {}, {"": {}}, {"name": None}, "a" * 3000, ["x"] * 50, "2026-11-22T03:00:00", "<speak>", "{BodyPart}",
)  # fmt: skip
_TYPES = ("LaunchRequest", "IntentRequest", "SessionEndedRequest", "AlexaSkillEvent.SkillDisabled",
          "Display.ElementSelected", "Connections.Response", "CanFulfillIntentRequest", "System.ExceptionEncountered",
          "Alexa.Presentation.APL.UserEvent", "launchrequest", "Nothing.Known", "__class__", "")  # fmt: skip
_URLS = (
    CERTIFICATE_URL, "", "x", "http://s3.amazonaws.com/echo.api/a.pem", "https://s3.amazonaws.com/echo.api/../a.pem",
    "https://s3.amazonaws.com:0/echo.api/a.pem", "https://[::1/echo.api/a.pem", "https://s3.amazonaws.com/echo.api/%.pem",
)  # fmt: skip


def bent_envelopes(seed: int) -> Iterator[bytes]:
    """Bodies that are almost request envelopes; a few are good ones."""
    dice = random.Random(seed)
    while True:
        bent = envelope(
            dice.choice(_TYPES), dice.choice((None, "TurnIntent", "CrampNowIntent", "AMAZON.YesIntent")), {"Word": "x"}
        )
        for _ in range(dice.randrange(4)):
            _bend(dice, bent)
        body = json.dumps(bent).encode()
        if dice.random() < 0.3:
            body = _damage(dice, body)
        yield body


def bent_headers(seed: int, good: dict[str, str]) -> Iterator[dict[str, str]]:
    """Signature headers with one thing wrong; ``good`` are those of some body."""
    dice = random.Random(seed)
    while True:
        headers = dict(good)
        name = dice.choice(("SignatureCertChainUrl", "Signature-256"))
        match dice.randrange(5):
            case 0:
                del headers[name]
            case 1:
                headers[name] = "".join(chr(dice.randrange(32, 256)) for _ in range(dice.randrange(400)))
            case 2:
                headers["SignatureCertChainUrl"] = dice.choice(_URLS)
            case 3:
                at = dice.randrange(len(good[name]))
                headers[name] = good[name][:at] + dice.choice("A/%.:@?#é ") + good[name][at + 1 :]
            case _:
                headers[name] = good[name][: dice.randrange(len(good[name]))]
        yield headers


def _bend(dice: random.Random, node: Any) -> None:
    """Replace, drop, add or swap something, somewhere below ``node``."""
    while isinstance(node, dict) and node:
        name = dice.choice(list(node))
        if isinstance(node[name], dict) and node[name] and dice.random() < 0.8:
            node = node[name]
            continue
        match dice.randrange(4):
            case 0:
                del node[name]
            case 1:
                node[dice.choice(("type", "intent", "slots", "value", "attributes", "x"))] = copy.deepcopy(node[name])
            case _:
                node[name] = copy.deepcopy(dice.choice(_JUNK))
        return


def _damage(dice: random.Random, body: bytes) -> bytes:
    at, end = sorted((dice.randrange(len(body) + 1), dice.randrange(len(body) + 1)))
    match dice.randrange(5):
        case 0:
            return body[:at]
        case 1:
            return body[:at] + dice.randbytes(dice.randrange(1, 20)) + body[at:]
        case 2:
            return body[:at] + body[end:]
        case 3:
            return body[:at] + body[at:end] * 3 + body[end:]
        case _:
            return dice.choice((b"[" * 5000, b'{"a":' * 3000, b"1" * 6000, b"\xef\xbb\xbf" + body, b"NaN"))
