"""SVG → AVG, the vector graphics that an APL document carries inside itself.

AVG (format 1.2; Amazon's "Alexa Vector Graphics Format") takes groups and paths with fill, stroke and transforms. Its
groups have no colours, so what a path inherits in SVG is written on the path itself. Whatever has no counterpart is
refused, rather than left out of the drawing.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET  # only our own files are read
from collections.abc import Mapping
from typing import Any

from skill.errors import SkillError

VERSION = "1.2"

_SVG = "{http://www.w3.org/2000/svg}"
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)"
_NUMBERS = {
    "fill-opacity": "fillOpacity",
    "stroke-dashoffset": "strokeDashOffset",
    "stroke-miterlimit": "strokeMiterLimit",
    "stroke-opacity": "strokeOpacity",
    "stroke-width": "strokeWidth",
}
_WORDS = {
    "stroke-linecap": ("strokeLineCap", {"butt", "round", "square"}),
    "stroke-linejoin": ("strokeLineJoin", {"miter", "round", "bevel"}),
}
_INHERITED = frozenset({"fill", "stroke", "stroke-dasharray", *_NUMBERS, *_WORDS})
_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})|[a-z]+")
_TRANSFORM = re.compile(rf"(?:\s*(?:rotate|scale|skewX|skewY|translate)\({_NUMBER}(?:[\s,]+{_NUMBER}){{0,2}}\)\s*)+")
_IGNORED = frozenset({_SVG + "title", _SVG + "desc", _SVG + "metadata"})


class DrawingError(SkillError):
    """A drawing cannot be shown on an Alexa screen."""


def svg_to_avg(svg: str, name: str = "drawing") -> dict[str, Any]:
    """The text of an SVG file as an AVG object, JSON-ready.

    Raises:
        DrawingError: not SVG, or something in it that AVG cannot show; ``name`` says where.
    """
    try:
        root = ET.fromstring(svg)  # noqa: S314
    except ET.ParseError as error:
        raise DrawingError(f"{name}: not SVG ({error}): draw it again with script/draw") from error
    if root.tag != _SVG + "svg":
        raise DrawingError(f"{name}: the outermost element is not svg: draw it again with script/draw")
    box = [float(n) for n in re.findall(_NUMBER, root.get("viewBox", ""))]
    if len(box) != 4 or box[:2] != [0, 0]:
        raise DrawingError(f"{name}: the viewBox must be '0 0 width height'")
    width, height = _short(box[2]), _short(box[3])
    items = _children(root, {k: v for k, v in root.attrib.items() if k in _INHERITED}, name)
    return {
        "type": "AVG",
        "version": VERSION,
        "description": root.findtext(_SVG + "title") or name,
        "width": width,
        "height": height,
        "viewportWidth": width,
        "viewportHeight": height,
        "items": items,
    }


def _children(parent: ET.Element, inherited: Mapping[str, str], name: str) -> list[dict[str, Any]]:
    items = []
    for child in parent:
        if child.tag in _IGNORED:
            continue
        if child.tag not in (_SVG + "g", _SVG + "path"):
            raise DrawingError(f"{name}: <{child.tag.removeprefix(_SVG)}> has no counterpart in AVG: make it a path")
        known = _INHERITED | {"id", "transform", "opacity"} | ({"d"} if child.tag == _SVG + "path" else set())
        for attribute in child.attrib.keys() - known:
            raise DrawingError(f"{name}: the attribute {attribute!r} has no counterpart in AVG: leave it out")
        style = {**inherited, **{k: v for k, v in child.attrib.items() if k in _INHERITED}}
        inner = _children(child, style, name) if child.tag == _SVG + "g" else [_path(child, style, name)]
        around = _around(child, name)
        if around:
            items.append({"type": "group", **around, "items": inner})
        else:
            items.extend(inner)
    return items


def _around(element: ET.Element, name: str) -> dict[str, Any]:
    """What only a group can carry: transform and opacity."""
    found: dict[str, Any] = {}
    transform = element.get("transform")
    if transform:
        if not _TRANSFORM.fullmatch(transform):
            raise DrawingError(f"{name}: AVG cannot do transform={transform!r}: use rotate, scale, skew or translate")
        found["transform"] = transform
    if "opacity" in element.attrib:
        found["opacity"] = _number(element.attrib["opacity"], "opacity", name)
    return found


def _path(element: ET.Element, style: Mapping[str, str], name: str) -> dict[str, Any]:
    data = " ".join(element.get("d", "").split())
    if not re.match(r"[Mm]", data) or re.search(r"[^MmLlHhVvCcSsQqTtAaZz\d\s,.+-]", data):
        raise DrawingError(f"{name}: a path without usable data: {data[:20]!r}")
    item: dict[str, Any] = {"type": "path", "pathData": data}
    # SVG fills with black unless told otherwise, AVG with nothing; neither strokes.
    for attribute, default in (("fill", "black"), ("stroke", "none")):
        colour = style.get(attribute, default)
        if not _COLOUR.fullmatch(colour):
            raise DrawingError(f"{name}: {attribute}={colour!r}: colours are #rgb, #rrggbb or a name")
        if colour != "none":
            item[attribute] = colour
    for attribute, value in style.items():
        belongs = attribute.split("-")[0] in item
        if attribute in _NUMBERS and belongs:
            item[_NUMBERS[attribute]] = _number(value, attribute, name)
        elif attribute in _WORDS and belongs:
            key, words = _WORDS[attribute]
            if value not in words:
                raise DrawingError(f"{name}: {attribute}={value!r}: one of {', '.join(sorted(words))}")
            item[key] = value
        elif attribute == "stroke-dasharray" and belongs and value != "none":
            item["strokeDashArray"] = [_number(v, attribute, name) for v in re.split(r"[\s,]+", value.strip())]
    return item


def _number(text: str, attribute: str, name: str) -> float | int:
    if not re.fullmatch(_NUMBER, text.strip()):
        raise DrawingError(f"{name}: {attribute}={text!r} is not a plain number")
    return _short(float(text))


def _short(value: float) -> float | int:
    return int(value) if value == int(value) else value
