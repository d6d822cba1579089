"""Scores Charley on the test questions, by text, through understanding and skill; run from the checkout:

.venv/bin/python tests/questions/score.py            both halves, the development half's mistakes listed
.venv/bin/python tests/questions/score.py --quiet    figures only
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from local_runner.assistant import Assistant
from local_runner.commands.shared import make_assistant

HERE = Path(__file__).parent
FILES = ("relief_now", "questions", "controls", "red_flags", "near_flags", "out_of_scope")
LEVELS = (None, "doctor", "urgent", "emergency")
LOUD = ("urgent", "emergency")


@dataclass
class Score:
    """Counts of one file of one half."""

    total: int = 0
    topic: int = 0
    parts: int = 0
    parts_right: int = 0
    caught: int = 0
    flags: int = 0
    alarms: int = 0
    stretched: int = 0
    mistakes: list[str] = field(default_factory=list)


def questions(half: str, name: str) -> list[dict[str, Any]]:
    """The labelled questions of one file."""
    path = HERE / half / f"{name}.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@cache
def _stretch_lines() -> tuple[str, ...]:
    """The first sentence of every movement: what must never stand in the answer to a red flag."""
    from skill.compiled import compiled_content

    return tuple(m.say.split(". ")[0] for m in compiled_content().movements)


def answers(
    assistant: Assistant, name: str, lines: list[dict[str, Any]]
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each question with the skill's answer as JSON, in a session of its own (controls: after a cramp answer)."""
    for line in lines:
        if name == "controls":
            assistant.ask_text("my calf has cramped")
        exchange = assistant.ask_text(line["text"])
        yield line, exchange.to_json(own_skill=True)
        assistant.end()


def score(assistant: Assistant, half: str, name: str) -> Score:
    """Score one file of one half."""
    found = Score()
    for line, answer in answers(assistant, name, questions(half, name)):
        found.total += 1
        topics = line.get("topics") or [line["topic"]]
        if "red_flag" in topics and line.get("row") in ("D38", "D39", "D42"):
            topics = [*topics, "when_doctor"]
        right = answer["topic"] in topics
        found.topic += right
        problem = [] if right else [f"topic {answer['topic']} not {'/'.join(topics)}"]
        wanted = line["parts"] if "parts" in line else [line["part"]] if line.get("part") else []
        if any(wanted) and name != "out_of_scope":
            found.parts += 1
            slot = answer["slots"].get("BodyPart", {}).get("id")
            if slot in wanted:
                found.parts_right += 1
            else:
                problem.append(f"part {slot} not {'/'.join(map(str, wanted))}")
        stretched = any(s in answer["speech"] for s in _stretch_lines())
        if line.get("level"):
            found.flags += 1
            if LEVELS.index(answer["level"]) >= LEVELS.index(line["level"]):
                found.caught += 1
            else:
                problem.append(f"MISSED {line['row']}: level {answer['level']} not {line['level']}")
            if stretched:
                found.stretched += 1
                problem.append("STRETCH at a red flag")
        elif answer["level"] in LOUD and "red_flag" not in topics:
            found.alarms += 1
            problem.append(f"false {answer['level']}")
        if problem:
            found.mistakes.append(f"{name}: {line['text']!r} → {answer['intent']}: {'; '.join(problem)}")
    return found


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quiet", action="store_true", help="figures only")
    options.add_argument("--half", choices=("dev", "heldout"), action="append")
    options.add_argument("--file", choices=FILES, action="append")
    chosen = options.parse_args()
    assistant = make_assistant(None, None)
    for half in chosen.half or ("dev", "heldout"):
        print(f"{half:14}{'topic':>16}{'part':>16}{'flags caught':>16}{'stretched':>12}{'false alarms':>14}")
        whole = Score()
        for name in chosen.file or FILES:
            one = score(assistant, half, name)
            _row(name, one)
            for key in ("total", "topic", "parts", "parts_right", "caught", "flags", "alarms", "stretched"):
                setattr(whole, key, getattr(whole, key) + getattr(one, key))
            if half == "dev" and not chosen.quiet:
                for mistake in one.mistakes:
                    print("   ", mistake)
        _row("all", whole)


def _row(name: str, one: Score) -> None:
    def share(part: int, whole: int) -> str:
        return f"{part}/{whole} {part / whole:5.1%}" if whole else "–"

    print(
        f"{name:14}{share(one.topic, one.total):>16}{share(one.parts_right, one.parts):>16}"
        f"{share(one.caught, one.flags):>16}{one.stretched:>12}{share(one.alarms, one.total - one.flags):>14}"
    )


if __name__ == "__main__":
    main()
