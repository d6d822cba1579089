"""Plain shapes around the figures: beds, walls, chairs, a towel, a lamp."""

from __future__ import annotations

from skill.drawings import ink
from skill.drawings.ink import Ink, box, direction, limb, line, polygon

FLOOR = 14
"""Height of the floor."""
MATTRESS = 52
"""Height of the mattress's top where somebody lies on it, seen from the side."""


def floor(paper: Ink, left: float = 16, right: float = 304) -> None:
    """The floor, as a line."""
    paper.stroke(ink.EDGE, 2.4, line([complex(left, FLOOR), complex(right, FLOOR)]))


def bed(paper: Ink, left: float, right: float, *, top: float = MATTRESS, pillow: complex | None = None) -> None:
    """A bed from the side, its mattress's top at a height; with its legs, and a pillow if there is a head for it."""
    thickness = 17
    for x in (left + 10, right - 10):
        paper.stroke(ink.EDGE, 5, line([complex(x, top - thickness), complex(x, FLOOR + 2)]))
    paper.fill(ink.EDGE, box(left, top - thickness - 4, right, top - thickness + 2, 2))
    paper.fill(ink.FURNITURE, box(left, top - thickness, right, top, 5))
    paper.stroke(ink.EDGE, 1.6, box(left, top - thickness, right, top, 5))
    if pillow is not None:
        paper.fill(ink.EDGE, box(pillow.real - 22, top, pillow.real + 18, top + pillow.imag, 7))


def bed_from_above(paper: Ink) -> None:
    """A bed from above, its pillow on the left."""
    paper.fill(ink.FURNITURE, box(12, 14, 308, 186, 12))
    paper.stroke(ink.EDGE, 2, box(12, 14, 308, 186, 12))
    paper.fill(ink.EDGE, box(22, 56, 76, 144, 14))


def pillow_from_above(paper: Ink, left: float, bottom: float, right: float, top: float) -> None:
    """Another pillow on the bed."""
    paper.fill(ink.EDGE, box(left, bottom, right, top, 9))


def wall(paper: Ink, x: float, *, bottom: float = FLOOR, top: float = 192) -> None:
    """A wall to the right of ``x``."""
    paper.fill(ink.FURNITURE, box(x, bottom, x + 16, top))
    paper.stroke(ink.EDGE, 2.4, line([complex(x, bottom), complex(x, top)]))


def chair(paper: Ink, x: float, *, seat: float = 60, back: float = 110, depth: float = 44, facing: int = 1) -> None:
    """A chair from the side; ``x`` is where its back stands, and it faces right (1) or left (-1)."""
    front = x + facing * depth
    paper.stroke(ink.EDGE, 5, line([complex(x, FLOOR + 3), complex(x, back)]))
    paper.stroke(ink.EDGE, 5, line([complex(front, FLOOR + 3), complex(front, seat)]))
    paper.stroke(ink.EDGE, 7, line([complex(x, seat), complex(front, seat)]))


def towel(paper: Ink, hand: complex, ball: complex, sole: complex) -> None:
    """A towel from a hand round the ball of a foot."""
    paper.stroke("#a39787", 3.6, line([hand, ball - sole * 7, ball + sole * 5]))


def lamp(paper: Ink, x: float, y: float) -> None:
    """A lamp that is on."""
    at = complex(x, y)
    paper.stroke(ink.EDGE, 3.5, line([at, complex(x, FLOOR + 2)]))
    paper.stroke(ink.EDGE, 4, line([complex(x - 9, FLOOR + 2), complex(x + 9, FLOOR + 2)]))
    paper.fill(
        ink.ARROW, polygon([at + complex(-8, 20), at + complex(8, 20), at + complex(14, 0), at + complex(-14, 0)])
    )
    for degrees in (215, 245, 295, 325):
        ray = direction(degrees)
        paper.stroke(ink.ARROW, 1.6, line([at + 16 * ray, at + 24 * ray]))


def table_edge(paper: Ink, x: float, height: float) -> None:
    """A chest of drawers, to hold on to, to the right of ``x``."""
    paper.fill(ink.FURNITURE, box(x, FLOOR, x + 46, height, 3))
    paper.stroke(ink.EDGE, 2.4, box(x, FLOOR, x + 46, height, 3))
    for y in (height * 0.42, height * 0.72):
        paper.stroke(ink.EDGE, 2, line([complex(x + 6, y), complex(x + 40, y)]))


def pillow_between(paper: Ink, p: complex, q: complex) -> None:
    """A pillow between two points, thick and soft."""
    paper.fill(ink.EDGE, limb(p, q, 19, 17))
