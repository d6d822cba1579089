"""Scripted conversations, one file each, readable by a clinician (conversations/README.md)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from local_runner.assistant import Assistant
from local_runner.commands.shared import make_assistant
from local_runner.device import Device
from local_runner.exchange import Exchange, spoken_words

SCRIPTS = sorted((Path(__file__).parent / "conversations").glob("*.txt"))


class Clock:
    """Time that passes when the script says so."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, 3, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="module")
def assistant() -> Assistant:
    return make_assistant(None, None)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda p: p.stem)
def test_conversation(script: Path, assistant: Assistant) -> None:
    clock = Clock()
    assistant.device = Device(assistant.skill, assistant.model, clock=clock)
    exchange: Exchange | None = None
    for number, line in enumerate(script.read_text(encoding="utf-8").splitlines(), 1):
        kind, _, text = line.partition(":")
        text = text.strip()
        where = f"{script.name}:{number}: {line}"
        if not line.strip() or line.startswith("#"):
            continue
        if kind == "person":
            exchange = assistant.ask_text(text) if text else assistant.launch()
            clock.now += timedelta(seconds=20)
            continue
        if kind == "later":
            minutes = re.fullmatch(r"(\d+) minutes", text)
            assert minutes, where
            clock.now += timedelta(minutes=int(minutes[1]))
            continue
        assert exchange is not None, where
        if kind == "charley":
            assert text in exchange.speech, f"{where}\nsaid: {exchange.speech}"
        elif kind == "never":
            assert text not in exchange.speech, f"{where}\nsaid: {exchange.speech}"
        elif kind == "silence":
            assert text in spoken_words(exchange.reply.reprompt), where
        elif kind == "then":
            _check(dict(part.split("=") for part in text.split()), exchange, where)
        else:
            pytest.fail(f"{where}: unknown kind of line")


def _check(wanted: dict[str, str], exchange: Exchange, where: str) -> None:
    answer = exchange.to_json(own_skill=True)
    found = {
        "topic": answer["topic"],
        "level": answer["level"] or "none",
        "open": "yes" if answer["session_open"] else "no",
    }
    for key, value in wanted.items():
        assert found[key] == value, f"{where}\n{key} is {found[key]}; understood {answer['intent']}: {answer['speech']}"
