"""What a device with a screen shows beside what it says: the line, and the figure that does the movement.

The document (`screen_document.json`, Alexa Presentation Language 1.8) stays the same; the words travel as its data, and
the drawing as a graphic inside it, so that nothing is hosted anywhere. Without a screen nothing is added.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ask_sdk_core.handler_input import HandlerInput

from skill.content_types import Content
from skill.spoken import Reply, plain

if TYPE_CHECKING:
    from ask_sdk_model.interfaces.alexa.presentation.apl import RenderDocumentDirective

TOKEN = "charley"  # noqa: S105
"""Name of what is shown, by which Alexa would refer to it."""

LONGEST_LINE = 350
"""Characters that are shown at most; the voice says the rest."""

_HERE = Path(__file__).parent
_SVG = _HERE / "drawings" / "svg"


def add_to(handler_input: HandlerInput, reply: Reply, content: Content) -> None:
    """Add what is shown to the response that is being built, if the request came from a device with a screen."""
    if has_screen(handler_input):
        handler_input.response_builder.add_directive(directive(reply, content))


def has_screen(handler_input: HandlerInput) -> bool:
    """Whether the device says that it can show APL documents."""
    context = handler_input.request_envelope.context
    device = context.system.device if context and context.system else None
    interfaces = device.supported_interfaces if device else None
    return bool(interfaces and interfaces.alexa_presentation_apl)


def directive(reply: Reply, content: Content) -> RenderDocumentDirective:
    """The directive that shows a reply."""
    # Seventy modules, which a device without a screen should not wait for at a cold start.
    from ask_sdk_model.interfaces.alexa.presentation.apl import RenderDocumentDirective

    drawing = drawing_of(reply, content)
    line = line_of(reply, content)
    ask = reply.ask if reply.ask != line else ""
    document = dict(_document())
    drawn = ""
    if drawing:
        figure = graphic(drawing)
        document["graphics"] = {"figure": figure}
        drawn = figure["description"]
    # The document makes the letters as large as the number of them allows; APL cannot count them on every device.
    shown = {"line": line, "letters": len(line), "ask": ask, "askLetters": len(ask), "drawn": drawn}
    return RenderDocumentDirective(token=TOKEN, document=document, datasources={"charley": shown})


def drawing_of(reply: Reply, content: Content) -> str:
    """Name of the drawing that belongs to a reply, or nothing."""
    found = reply.movement
    if not found:
        # A part of the bedtime routine is known by the first line of its stretch.
        for step in content.routine:
            stretch = step.id.removesuffix(".left.1")
            if stretch != step.id:
                for position, line in (("seated", step.seated), ("standing", step.standing)):
                    if line in reply.say:
                        found = f"bedtime.{stretch}.{position}"
    return found if found and (_SVG / f"{found}.svg").is_file() else ""


def line_of(reply: Reply, content: Content) -> str:
    """The line that is shown: the movement's own, the stretch's first one, or what is said, whole sentences only."""
    if reply.movement:
        movement = next((m for m in content.movements if m.id == reply.movement), None)
        return reply.card or (movement.say if movement else plain(reply.say))
    for step in content.routine:
        if step.id.endswith(".left.1"):
            for line in (step.seated, step.standing):
                if line in reply.say:
                    return line
    return _shortened(plain(reply.say) or reply.ask)


def _shortened(text: str) -> str:
    sentences = re.split(r"(?<=[.?!]) ", text)
    kept = sentences[0]
    for sentence in sentences[1:]:
        if len(kept) + 1 + len(sentence) > LONGEST_LINE:
            break
        kept += " " + sentence
    return kept


@cache
def graphic(name: str) -> dict[str, Any]:
    """A drawing as an AVG object.

    Raises:
        OSError: there is no such drawing.
        DrawingError: its SVG has something that AVG cannot show.
    """
    from skill.drawings.avg import svg_to_avg

    return svg_to_avg((_SVG / f"{name}.svg").read_text(encoding="utf-8"), name)


@cache
def _document() -> dict[str, Any]:
    document: dict[str, Any] = json.loads((_HERE / "screen_document.json").read_text(encoding="utf-8"))
    return document
