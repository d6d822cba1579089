"""What is shown on a screen: only where there is one, small enough to send, and large enough to read from a bed."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from local_runner.envelopes import envelope_json, request_json
from skill import handler, screen
from skill.compiled import compiled_content
from skill.drawings.scenes import SCENES
from skill.session import Relief, Session
from skill.spoken import Reply

CONTENT = compiled_content()
APL = "Alexa.Presentation.APL"
LIMIT = 24_000
"""Bytes of a response that Alexa takes (alexa facts)."""
ROOM = 16_000
"""What we hold ourselves to, so that a longer line never meets the limit."""
VIEWPORTS = {
    "small landscape": (960, 480, "rectangle"),
    "medium landscape": (1024, 600, "rectangle"),
    "large landscape": (1280, 800, "rectangle"),
    "extra large landscape": (1920, 1080, "rectangle"),
    "television": (960, 540, "rectangle"),
    "portrait": (600, 1024, "rectangle"),
    "small round": (480, 480, "round"),
}
"""Sizes in dp of the screens that Alexa devices have."""


def answer(
    intent: str,
    attributes: Mapping[str, Any] | None = None,
    *,
    slots: Mapping[str, str] | None = None,
    apl: bool = True,
) -> dict[str, Any]:
    """The skill's answer to an intent, on a device with or without a screen."""
    now = datetime(2026, 1, 1, 3, 0, tzinfo=UTC)
    filled = {}
    for name, value in (slots or {}).items():
        match = {"status": {"code": "ER_SUCCESS_MATCH"}, "values": [{"value": {"name": value, "id": value}}]}
        resolutions = {"resolutionsPerAuthority": [{"authority": "test", **match}]}
        filled[name] = {"name": name, "value": value, "confirmationStatus": "NONE", "resolutions": resolutions}
    if intent == "LaunchRequest":
        request = request_json(intent, "en-US", now)
    else:
        body = {"name": intent, "confirmationStatus": "NONE", "slots": filled}
        request = request_json("IntentRequest", "en-US", now, intent=body, dialogState="STARTED")
    event = envelope_json(request, session_id="s", new=not attributes, attributes=attributes or {})
    if apl:
        event["context"]["System"]["device"]["supportedInterfaces"] = {APL: {"runtime": {"maxVersion": "2024.3"}}}
    return handler(event)


def shown(response: Mapping[str, Any]) -> dict[str, Any]:
    """The directive of a response."""
    (directive,) = response["response"]["directives"]
    assert directive["type"] == f"{APL}.RenderDocument"
    assert isinstance(directive, dict)
    return directive


def in_movement(movement: str) -> dict[str, Any]:
    """Session attributes in the middle of a movement."""
    found = next(m for m in CONTENT.movements if m.id == movement)
    last = Reply(say=(found.say,), topic="relief_now", ask="Is it easing?", asked="easing", movement=movement)
    relief = Relief(found.part, found.part, found.position, movement, 1, [movement], True)
    return Session(relief=relief, since=1e12, asked="easing", last=last).write()


def test_a_device_without_a_screen_gets_what_it_always_got() -> None:
    asked: dict[str, dict[str, str]] = {
        "CrampNowIntent": {"BodyPart": "calf"}, "AMAZON.HelpIntent": {}, "LaunchRequest": {},
    }  # fmt: skip
    for intent, slots in asked.items():
        without, with_one = answer(intent, slots=slots, apl=False), answer(intent, slots=slots)
        assert "directives" not in without["response"]
        shown(with_one)
        del with_one["response"]["directives"]
        assert without == with_one


def test_a_request_without_a_device_has_no_screen() -> None:
    event = envelope_json(
        request_json("LaunchRequest", "en-US", datetime(2026, 1, 1, tzinfo=UTC)),
        session_id="s", new=True, attributes={},
    )  # fmt: skip
    del event["context"]["System"]["device"]
    assert "directives" not in handler(event)["response"]


def test_a_cramp_is_answered_with_its_line_and_its_figure() -> None:
    directive = shown(answer("CrampNowIntent", slots={"BodyPart": "calf"}))
    data = directive["datasources"]["charley"]
    calf = next(m for m in CONTENT.movements if m.id == "calf.bed")
    assert data["line"] == calf.say
    assert data["ask"] == CONTENT.phrases["relief.check"]
    assert directive["document"]["graphics"]["figure"] == screen.graphic("calf.bed")
    assert "toes" in data["drawn"]


@pytest.mark.parametrize("movement", CONTENT.movements, ids=lambda m: m.id)
def test_every_movement_has_a_drawing_and_fits_into_a_response(movement: Any) -> None:
    assert movement.id in SCENES
    again = answer("AMAZON.RepeatIntent", in_movement(movement.id))
    directive = shown(again)
    assert directive["document"]["graphics"]["figure"] == screen.graphic(movement.id)
    assert directive["datasources"]["charley"]["line"] == movement.say
    assert len(json.dumps(again).encode()) < ROOM < LIMIT


@pytest.mark.parametrize("position", ["seated", "standing"])
def test_the_bedtime_routine_shows_its_two_stretches(position: str) -> None:
    slots = {"Position": position} if position == "standing" else {}
    first = answer("BedtimeRoutineIntent", slots=slots)
    assert first["sessionAttributes"]["answer"]["topic"] == "bedtime_routine"
    second = answer("AMAZON.YesIntent", first["sessionAttributes"])
    for response, stretch in ((first, "calf"), (second, "hamstring")):
        figure = shown(response)["document"]["graphics"]["figure"]
        assert figure == screen.graphic(f"bedtime.{stretch}.{position}")
        assert len(json.dumps(response).encode()) < ROOM


def test_a_red_flag_shows_words_and_no_figure() -> None:
    row = next(d for d in CONTENT.dangers if d.level == "emergency" and d.utterances)
    assert row.utterances
    directive = shown(answer(row.utterances.intent))
    data = directive["datasources"]["charley"]
    assert data["drawn"] == ""
    assert "graphics" not in directive["document"]
    assert row.say.startswith(data["line"][:40]) or data["line"] in row.say


def test_the_child_gets_its_own_line_beside_the_figure() -> None:
    data = shown(answer("ChildCrampIntent"))["datasources"]["charley"]
    assert data["line"] == CONTENT.phrases["relief.child"]
    assert data["drawn"]


def test_long_texts_end_with_a_sentence() -> None:
    reply = Reply(say=("This is a sentence. " * 40,), topic="causes")
    line = screen.line_of(reply, CONTENT)
    assert len(line) <= screen.LONGEST_LINE
    assert line.endswith("sentence.")


def everything() -> Iterator[Reply]:
    """Whatever may have to be shown: movements, answers, dangers, phrases."""
    check = CONTENT.phrases["relief.check"]
    for movement in CONTENT.movements:
        yield Reply(say=(movement.say,), topic="relief_now", ask=check, card=movement.say, movement=movement.id)
    for name in ("relief.child", "relief.pregnant"):
        line = CONTENT.phrases[name]
        yield Reply(say=(line,), topic="relief_now", ask=check, card=line, movement="calf.bed")
    for question in CONTENT.questions:
        for each in question.answers:
            for text in filter(None, (each.say, each.more)):
                yield Reply(say=(text,), topic="causes", ask=CONTENT.phrases["more.ask"])
    for row in CONTENT.dangers:
        yield Reply(say=(row.say,), topic="red_flag", ask=CONTENT.phrases["relief.check"])
    for phrase in CONTENT.phrases.values():
        yield Reply(say=(phrase,), topic="help", ask=CONTENT.phrases["launch.ask"])


@pytest.mark.parametrize("viewport", VIEWPORTS)
def test_everything_fits_and_can_be_read_from_a_bed(viewport: str) -> None:
    width, height, shape = VIEWPORTS[viewport]
    for reply in everything():
        directive = screen.directive(reply, CONTENT)
        page = layout(directive.document, directive.datasources, width, height, shape)
        where = f"{viewport}: {page}"
        assert page["letterSize"] >= 0.039 * min(width, height), where
        lines = wrapped(page["line"], page["textWidth"], page["letterSize"])
        asked = wrapped(page["ask"], page["textWidth"], page["letterSize"] * 0.72)
        high = len(lines) * page["letterSize"] * 1.2
        if asked:
            high += page["letterSize"] * (0.4 + len(asked) * 0.72 * 1.2)
        if page["drawn"] and not page["wide"]:
            high += page["figureHeight"]
        assert high <= height * 0.96, where
        if page["drawn"] and page["wide"]:
            assert page["figureWidth"] + page["textWidth"] <= width
        if shape == "round":
            # The outermost lines are the first and the last; under a figure only the last.
            outer = [(asked[-1], 0.72) if asked else (lines[-1], 1.0)]
            if not page["drawn"]:
                outer.append((lines[0], 1.0))
            for text, share in outer:
                corner = math.hypot(length(text, page["letterSize"] * share) / 2, high / 2)
                assert corner <= width / 2, where


def test_the_colours_are_dim_but_can_be_told_apart() -> None:
    document = json.dumps(screen._document())
    paper, *letters = re.findall(r"#[0-9a-f]{6}", document)
    assert luminance(paper) < 0.005
    for colour in letters:
        assert luminance(colour) < 0.5
        assert (luminance(colour) + 0.05) / (luminance(paper) + 0.05) >= 4.5


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def length(text: str, size: float) -> float:
    """Width of a text, with the widths of a common sans-serif (in tenths of an em, rounded up)."""
    narrow, wide = "iljtfrI.,;:'’!()- ", "mwMW"
    return size * sum(0.34 if c in narrow else 0.87 if c in wide else 0.68 if c.isupper() else 0.57 for c in text)


def wrapped(text: str, width: float, size: float) -> list[str]:
    """Lines of a text, broken at spaces."""
    lines: list[str] = []
    for word in text.split():
        assert length(word, size) <= width, word
        if lines and length(f"{lines[-1]} {word}", size) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def layout(document: Any, data: Any, width: float, height: float, shape: str) -> dict[str, Any]:
    """What the document's bindings come to on a viewport."""
    names: dict[str, Any] = {"payload": data, "viewport": {"width": width, "height": height, "shape": shape}}
    frame = document["mainTemplate"]["items"][0]
    for binding in frame["bind"]:
        names[binding["name"]] = Expression(binding["value"], names).value()
    return {**names["show"], **{k: v for k, v in names.items() if k not in ("payload", "viewport", "show")}}


class Expression:
    """Evaluates the few parts of APL's data-binding syntax that the document uses."""

    def __init__(self, text: str, names: Mapping[str, Any]) -> None:
        match = re.fullmatch(r"\$\{(.*)\}", text)
        assert match, text
        self.tokens = re.findall(r"'[^']*'|[A-Za-z_][\w.]*|\d+\.?\d*|==|!=|&&|\S", match[1])
        self.names = names

    def value(self) -> Any:
        result = self._ternary()
        assert not self.tokens, self.tokens
        return result

    def _take(self, *wanted: str) -> str:
        return self.tokens.pop(0) if self.tokens and self.tokens[0] in wanted else ""

    def _ternary(self) -> Any:
        test = self._binary(0)
        if not self._take("?"):
            return test
        first = self._ternary()
        assert self._take(":")
        second = self._ternary()
        return first if test else second

    def _binary(self, level: int) -> Any:
        levels = (("&&",), ("==", "!="), ("<", ">"), ("+", "-"), ("*", "/"))
        if level == len(levels):
            return self._single()
        left = self._binary(level + 1)
        while sign := self._take(*levels[level]):
            right = self._binary(level + 1)
            left = {
                "&&": lambda a, b: a and b, "==": lambda a, b: a == b, "!=": lambda a, b: a != b,
                "<": lambda a, b: a < b, ">": lambda a, b: a > b, "+": lambda a, b: a + b,
                "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b,
            }[sign](left, right)  # fmt: skip
        return left

    def _single(self) -> Any:
        if self._take("!"):
            return not self._single()
        if self._take("("):
            inner = self._ternary()
            assert self._take(")")
            return inner
        token = self.tokens.pop(0)
        if token.startswith("'"):
            return token[1:-1]
        if token[0].isdigit():
            return float(token)
        if token in ("Math.min", "Math.sqrt"):
            assert self._take("(")
            arguments = [self._ternary()]
            while self._take(","):
                arguments.append(self._ternary())
            assert self._take(")")
            return min(arguments) if token == "Math.min" else math.sqrt(*arguments)
        found: Any = self.names
        for part in token.split("."):
            found = found[part]
        return found
