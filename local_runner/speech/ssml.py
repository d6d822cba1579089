"""SSML → segments of speech and silence.

Elements, values and defaults as in Amazon's SSML reference for Alexa; what a synthesiser at the bedside cannot do
(``audio``, ``voice``, ``lang``, ``phoneme``, …) is passed over with a note, and its words are spoken plainly.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field, replace
from typing import Any
from xml.parsers import expat

from local_runner.errors import SkillError
from local_runner.speech.say_as import spoken
from local_runner.speech.segments import Emphasis, Segment, Silence, Speech, plain_text

LONGEST_BREAK = 10.0
"""Seconds; Alexa's limit for one ``break``. Longer ones are shortened to it."""

_BREAKS = {"none": 0.0, "x-weak": 0.0, "weak": 0.25, "medium": 0.4, "strong": 0.7, "x-strong": 1.2}
"""Seconds. Alexa defines x-weak as none, medium as after a comma, strong as after a sentence, x-strong as after a
paragraph; these are about what espeak-ng leaves at those places."""
_RATES = {"x-slow": 0.6, "slow": 0.8, "medium": 1.0, "fast": 1.25, "x-fast": 1.6}
_PITCHES = {"x-low": 0.72, "low": 0.85, "medium": 1.0, "high": 1.2, "x-high": 1.45}
_VOLUMES = {"silent": float("-inf"), "x-soft": -12.0, "soft": -6.0, "medium": 0.0, "loud": 3.0, "x-loud": 4.08}
_EMPHASES: dict[str, Emphasis] = {"strong": "strong", "moderate": "moderate", "none": "none", "reduced": "reduced"}

_TRANSPARENT = {"speak", "p", "s", "w", "amazon:domain", "amazon:emotion"}
_SPOKEN_PLAINLY = {"voice", "lang", "phoneme", "mark", "alexa:name"}


class SsmlError(SkillError):
    """The skill's answer is not well-formed SSML."""


@dataclass(frozen=True)
class Script:
    """An answer, ready to be spoken."""

    segments: tuple[Segment, ...]
    notes: tuple[str, ...] = ()
    """What could not be done as written, one clause each."""

    @property
    def text(self) -> str:
        """The words alone."""
        return plain_text(self.segments)


def parse_ssml(ssml: str) -> tuple[Segment, ...]:
    """The segments of an answer. Text without a ``<speak>`` element is taken as plain text.

    Raises:
        SsmlError: it is not well-formed; the message gives line and column.
    """
    return _parse(ssml).segments


def read_ssml(ssml: str) -> Script:
    """As ``parse_ssml``, but never silent: what is not well-formed is spoken without its tags, and a note says so."""
    try:
        return _parse(ssml)
    except SsmlError as error:
        words = html.unescape(re.sub(r"<[^>]*>", " ", ssml))
        segments = (Speech(said),) if (said := " ".join(words.split())) else ()
        return Script(segments, (error.problem,))


def _parse(ssml: str) -> Script:
    if not re.match(r"\s*(<\?xml[^>]*>\s*)?<speak\b", ssml):
        text = " ".join(ssml.split())
        return Script((Speech(text),) if text else ())
    reader = _Reader()
    # Without a namespace separator expat takes 'amazon:effect' as a name like any other, as Alexa does.
    parser = expat.ParserCreate()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    parser.StartDoctypeDeclHandler = _no_doctype
    parser.buffer_text = True
    try:
        parser.Parse(_known_entities(ssml), True)
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code)
        raise SsmlError(
            f"the answer is not well-formed SSML ({reason}, line {error.lineno}, column {error.offset + 1})",
            "correct the skill's response",
        ) from error
    reader.flush()
    return Script(tuple(_without_outer_pauses(reader.segments)), tuple(reader.notes))


def _no_doctype(*_: Any) -> None:
    raise SsmlError("the answer carries a document type declaration, which SSML for Alexa has no use for", "remove it")


def _known_entities(ssml: str) -> str:
    """HTML's named entities as characters, and an ampersand that begins no entity as ``&amp;``: people write both."""

    def replaced(found: re.Match[str]) -> str:
        name = found[1]
        if name is None:
            return "&amp;"
        if name.startswith("#") or name in ("amp", "lt", "gt", "quot", "apos"):
            return found[0]
        character = html.unescape(found[0])
        return character if character != found[0] else f"&amp;{name};"

    return re.sub(r"&(?:(#?\w+);)?", replaced, ssml)


@dataclass
class _Reader:
    """Collects segments while expat walks through the document."""

    segments: list[Segment] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _manners: list[Speech] = field(default_factory=lambda: [Speech("")])
    _words: list[str] = field(default_factory=list)
    _replacing: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """Open ``sub`` and ``say-as`` elements; their text is read as a whole."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        manner = self._manners[-1]
        if name in ("sub", "say-as"):
            self._pause_words()
            self._replacing.append((name, attributes))
        elif name == "break":
            self.flush()
            self._silence(_break_seconds(attributes, self.notes))
        elif name == "prosody":
            self.flush()
            manner = _prosody(manner, attributes, self.notes)
        elif name == "emphasis":
            self.flush()
            manner = replace(manner, emphasis=_EMPHASES.get(attributes.get("level", "moderate"), "moderate"))
        elif name == "amazon:effect":
            self.flush()
            if attributes.get("name") == "whispered":
                manner = replace(manner, whispered=True)
            else:
                self.notes.append(f"no effect called {attributes.get('name', '(none)')!r}")
        elif name == "audio":
            self.notes.append("audio is not played at the bedside")
        elif name in _TRANSPARENT:
            if name in ("p", "s"):
                self.flush()
        else:
            known = "is spoken plainly" if name in _SPOKEN_PLAINLY else "is not an element of SSML for Alexa"
            self.notes.append(f"<{name}> {known}")
        self._manners.append(manner)

    def end(self, name: str) -> None:
        if name in ("sub", "say-as"):
            self._end_replacing()
        elif name in ("p", "s"):
            self.flush()
            self.segments.append(_OwnPause(_BREAKS["x-strong" if name == "p" else "medium"]))
        elif name in ("prosody", "emphasis", "amazon:effect"):
            self.flush()
        self._manners.pop()

    def characters(self, text: str) -> None:
        self._words.append(text)

    def flush(self) -> None:
        """Close the stretch of speech that is open."""
        if self._replacing:
            return
        text = " ".join("".join(self._words).split())
        self._words.clear()
        if any(character.isalnum() for character in text):
            self.segments.append(replace(self._manners[-1], text=text))

    def _pause_words(self) -> None:
        # A marker that the closing tag finds again: the words before it are not part of the element.
        self._words.append("\0")

    def _end_replacing(self) -> None:
        name, attributes = self._replacing.pop()
        inside: list[str] = []
        while (word := self._words.pop()) != "\0":
            inside.insert(0, word)
        text = "".join(inside)
        if name == "sub":
            self._words.append(attributes.get("alias", text))
            return
        kind = attributes.get("interpret-as", "")
        self._words.append(spoken(text, kind, attributes.get("format", "")))

    def _silence(self, seconds: float) -> None:
        if seconds <= 0:
            return
        if self._replacing:
            self.notes.append("a break inside sub or say-as is passed over")
            return
        self.segments.append(Silence(seconds))


class _OwnPause(Silence):
    """The pause that a paragraph or a sentence has of itself: a ``break`` beside it takes its place."""


def _without_outer_pauses(segments: list[Segment]) -> list[Segment]:
    """Merge neighbouring silences: breaks add up, a paragraph's own pause does not; and none of those at the ends."""
    merged: list[Segment] = []
    for segment in segments:
        last = merged[-1] if merged else None
        if not (isinstance(segment, Silence) and isinstance(last, Silence)):
            merged.append(segment)
        elif isinstance(segment, _OwnPause) or isinstance(last, _OwnPause):
            longer = max(segment.seconds, last.seconds)
            both_own = isinstance(segment, _OwnPause) and isinstance(last, _OwnPause)
            merged[-1] = _OwnPause(longer) if both_own else Silence(longer)
        else:
            merged[-1] = Silence(segment.seconds + last.seconds)
    while merged and isinstance(merged[-1], _OwnPause):
        merged.pop()
    while merged and isinstance(merged[0], _OwnPause):
        merged.pop(0)
    return [Silence(segment.seconds) if isinstance(segment, _OwnPause) else segment for segment in merged]


def _break_seconds(attributes: dict[str, str], notes: list[str]) -> float:
    if "time" not in attributes:
        return _BREAKS.get(attributes.get("strength", "medium"), _BREAKS["medium"])
    found = re.fullmatch(r"\s*\+?(\d+(?:\.\d+)?|\.\d+)\s*(ms|s)\s*", attributes["time"])
    if not found:
        notes.append(f"a break of {attributes['time']!r} cannot be read: it needs 's' or 'ms'")
        return _BREAKS["medium"]
    seconds = float(found[1]) / (1000 if found[2] == "ms" else 1)
    if seconds > LONGEST_BREAK:
        notes.append(f"a break of {seconds:g} s is shortened to {LONGEST_BREAK:g} s, Alexa's longest")
    return min(seconds, LONGEST_BREAK)


def _prosody(manner: Speech, attributes: dict[str, str], notes: list[str]) -> Speech:
    if (rate := attributes.get("rate")) is not None:
        factor = _RATES.get(rate) or _percent(rate)
        if factor is None:
            notes.append(f"a rate of {rate!r} cannot be read")
        else:
            # Alexa: at least 20 %, at most 200 %.
            manner = replace(manner, rate=min(max(manner.rate * factor, 0.2), 2.0))
    if (pitch := attributes.get("pitch")) is not None:
        factor = _PITCHES.get(pitch) or _percent(pitch, relative=True)
        if factor is None:
            notes.append(f"a pitch of {pitch!r} cannot be read")
        else:
            # Alexa: from -33.3 % to +50 %.
            manner = replace(manner, pitch=min(max(manner.pitch * factor, 0.667), 1.5))
    if (volume := attributes.get("volume")) is not None:
        decibels = _VOLUMES.get(volume, _decibels(volume))
        if decibels is None:
            notes.append(f"a volume of {volume!r} cannot be read")
        else:
            manner = replace(manner, volume=min(manner.volume + decibels, _VOLUMES["x-loud"]))
    return manner


def _percent(text: str, relative: bool = False) -> float | None:
    found = re.fullmatch(r"\s*([+-])?(\d+(?:\.\d+)?)\s*%\s*", text)
    if not found:
        return None
    value = float(found[2]) / 100
    if found[1] == "-":
        return max(1 - value, 0.01)
    return 1 + value if relative or found[1] == "+" else max(value, 0.01)


def _decibels(text: str) -> float | None:
    found = re.fullmatch(r"\s*([+-]?\d+(?:\.\d+)?)\s*dB\s*", text, re.IGNORECASE)
    return float(found[1]) if found else None
