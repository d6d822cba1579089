"""Paper, colours and shapes: what a drawing is made of, and its SVG text.

Points are complex numbers with the y axis pointing up, so that a turn is a multiplication; in SVG it points down.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Sequence
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 320, 200
"""Size of every drawing, in its own units."""

PAPER = "#0c0907"
"""Nearly black and warm: what is behind a drawing on the screen, and between limbs that cross."""
FURNITURE = "#221912"
EDGE = "#45352a"
BODY = "#856c54"
FAR = "#4f4031"
"""The limbs on the far side of the body."""
WORKING = "#b0703a"
"""The leg that has the cramp."""
MUSCLE = "#e5ad62"
"""The muscle that is stretched."""
ARROW = "#d9a066"


def direction(degrees: float) -> complex:
    """The unit vector at an angle; 0 points right, 90 up."""
    return cmath.rect(1, math.radians(degrees))


def angle(vector: complex) -> float:
    """Degrees of a vector, above -180 and up to 180."""
    return math.degrees(cmath.phase(vector))


class Ink:
    """One drawing, made shape by shape, back to front."""

    def __init__(self, title: str) -> None:
        self.title = title
        self._shapes: list[tuple[str, str]] = []

    def fill(self, colour: str, path: str) -> None:
        """An area. Neighbours of one colour become one path, which is smaller."""
        style = f'fill="{colour}"'
        if self._shapes and self._shapes[-1][0] == style:
            path = self._shapes.pop()[1] + path
        self._shapes.append((style, path))

    def stroke(self, colour: str, width: float, path: str) -> None:
        """A line with round ends and corners."""
        style = (
            f'fill="none" stroke="{colour}" stroke-width="{number(width)}" '
            'stroke-linecap="round" stroke-linejoin="round"'
        )
        if self._shapes and self._shapes[-1][0] == style:
            path = self._shapes.pop()[1] + path
        self._shapes.append((style, path))

    def arrow(self, points: Sequence[complex], colour: str = ARROW) -> None:
        """A line along the points with a head at its end."""
        *rest, tip = points
        back = rest[-1] - tip
        back /= abs(back)
        head = [tip, tip + 11 * back * direction(30), tip + 11 * back * direction(-30)]
        self.stroke(colour, 3.6, line([*rest, tip + 5 * back]))
        self.fill(colour, polygon(head))

    def arc_arrow(self, centre: complex, radius: float, start: float, end: float) -> None:
        """An arrow along a circle, from one angle to another (degrees; falling angles run clockwise)."""
        steps = max(4, round(abs(end - start) / 12))
        self.arrow([centre + radius * direction(start + (end - start) * i / steps) for i in range(steps + 1)])

    def svg(self) -> str:
        """The drawing as the text of an SVG file."""
        paths = "".join(f'  <path {style} d="{path}"/>\n' for style, path in self._shapes)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
            f'viewBox="0 0 {WIDTH} {HEIGHT}">\n  <title>{escape(self.title)}</title>\n{paths}</svg>\n'
        )


def number(value: float) -> str:
    """A number as short as one decimal allows."""
    text = f"{value:.1f}"
    return "0" if text in ("-0.0", "0.0") else text.removesuffix(".0")


def _point(p: complex) -> str:
    return f"{number(p.real)} {number(HEIGHT - p.imag)}"


def line(points: Sequence[complex]) -> str:
    """A path through the points."""
    return "M" + "L".join(map(_point, points))


def polygon(points: Sequence[complex]) -> str:
    """A closed path through the points."""
    return line(points) + "Z"


def limb(p: complex, q: complex, r1: float, r2: float) -> str:
    """A tapering limb: the hull of a circle of radius ``r1`` around ``p`` and one of ``r2`` around ``q``."""
    if abs(q - p) <= abs(r1 - r2) + 0.05:
        return circle(*((p, r1) if r1 > r2 else (q, r2)))
    along = (q - p) / abs(q - p)
    theta = math.acos((r1 - r2) / abs(q - p))
    turn = cmath.rect(1, theta)
    a, b = p + r1 * along * turn, q + r2 * along * turn
    c, d = q + r2 * along / turn, p + r1 * along / turn
    wide_p, wide_q = int(theta < math.pi / 2), int(theta > math.pi / 2)
    return (
        f"M{_point(a)}L{_point(b)}A{number(r2)} {number(r2)} 0 {wide_q} 1 {_point(c)}"
        f"L{_point(d)}A{number(r1)} {number(r1)} 0 {wide_p} 1 {_point(a)}Z"
    )


def circle(centre: complex, radius: float) -> str:
    """A circle."""
    r = number(radius)
    return (
        f"M{_point(centre - radius)}A{r} {r} 0 1 1 {_point(centre + radius)}A{r} {r} 0 1 1 {_point(centre - radius)}Z"
    )


def box(left: float, bottom: float, right: float, top: float, corner: float = 0) -> str:
    """A rectangle, its corners rounded."""
    c = min(corner, (right - left) / 2, (top - bottom) / 2)
    corners = [
        (complex(left + c, top), complex(right - c, top)),
        (complex(right, top - c), complex(right, bottom + c)),
        (complex(right - c, bottom), complex(left + c, bottom)),
        (complex(left, bottom + c), complex(left, top - c)),
    ]
    r = number(c)
    text = "M" + _point(corners[0][0])
    for i, (_, end) in enumerate(corners):
        text += "L" + _point(end)
        if c:
            text += f"A{r} {r} 0 0 1 {_point(corners[(i + 1) % 4][0])}"
    return text + "Z"
