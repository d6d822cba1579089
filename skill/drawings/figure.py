"""A body seen from its right side, posed by the angles of its joints, which are held to what joints can do.

Angles are degrees; bending is positive: the thigh forward, the heel back, the toes toward the shin, the arm forward.
The figure faces clockwise of its own spine: standing it looks right; lying with its head on the left it looks up. So
the near leg is the right leg. Seen from above, somebody lying on the left side has the same outline.
"""

from __future__ import annotations

from dataclasses import dataclass

from skill.drawings import ink
from skill.drawings.ink import Ink, angle, direction, limb

LIMITS = {
    "hip": (-25, 135),
    "knee": (-2, 145),
    "ankle": (-55, 36),
    "toes": (-50, 65),
    "shoulder": (-65, 185),
    "elbow": (-2, 150),
    "spine": (-15, 60),
}
"""Degrees that each joint can reach: what clinical textbooks give for a healthy adult, and a little more, since a
pelvis that tilts is not drawn; the ankle bends further up under the body's weight."""

TORSO, NECK, HEAD, THIGH, SHANK, UPPER_ARM, FOREARM, FOOT = 58, 7, 12, 48, 47, 36, 36, 20
"""Lengths at scale 1 (of the head, its radius), near the usual proportions of somebody about 190 tall."""


@dataclass(frozen=True)
class Leg:
    """A posed leg: where its joints are, and where its foot and toes point (degrees)."""

    hip: complex
    knee: complex
    ankle: complex
    foot: float
    toes: float
    scale: float

    @property
    def sole(self) -> complex:
        """The unit vector out of the sole."""
        return direction(self.foot - 90)

    @property
    def heel(self) -> complex:
        return self.ankle + self.scale * (5 * self.sole - 4.5 * direction(self.foot))

    @property
    def ball(self) -> complex:
        return self.ankle + self.scale * (5.5 * self.sole + FOOT * 0.8 * direction(self.foot))

    @property
    def tip(self) -> complex:
        """The end of the toes."""
        return self.ball + self.scale * 8 * direction(self.toes)


@dataclass(frozen=True)
class Arm:
    """A posed arm."""

    shoulder: complex
    elbow: complex
    hand: complex


class ImpossiblePoseError(ValueError):
    """A joint was asked for an angle, or a hand for a place, that no body reaches. Mend the scene."""


class Figure:
    """A body: its hip, the direction of its spine, how far it curls forward."""

    def __init__(self, hip: complex, spine: float, *, scale: float = 1, curl: float = 0, nod: float = 0) -> None:
        self.hip, self.spine, self.scale = hip, spine, scale
        self.back = spine - _within("spine", curl)
        self.waist = hip + scale * TORSO / 2 * direction(spine)
        self.shoulder = self.waist + scale * TORSO / 2 * direction(self.back)
        self.head = self.shoulder + scale * (NECK + HEAD) * direction(self.back - nod)
        self.face = direction(self.back - nod - 90)

    def leg(self, hip: float, knee: float, ankle: float = 0, toes: float = 0, at: complex = 0) -> Leg:
        """A leg by its angles; ``at`` moves the hip joint, for the far side."""
        root = self.hip + at
        thigh = self.spine + 180 + _within("hip", hip)
        shank = thigh - _within("knee", knee)
        foot = shank + 90 + _within("ankle", ankle)
        bend = root + self.scale * THIGH * direction(thigh)
        end = bend + self.scale * SHANK * direction(shank)
        return Leg(root, bend, end, foot, foot + _within("toes", toes), self.scale)

    def leg_to(self, ankle: complex, foot: float = 0, toes: float = 0, at: complex = 0) -> Leg:
        """A leg whose ankle is at a place and whose foot points where it is told to (flat on the floor by default)."""
        root = self.hip + at
        thigh, shank = _reach(root, ankle, self.scale * THIGH, self.scale * SHANK, turn=1)
        return self.leg(
            _turn(thigh - self.spine - 180), _turn(thigh - shank), _turn(foot - shank - 90), toes, at
        )  # fmt: skip

    def arm(self, shoulder: float, elbow: float = 0) -> Arm:
        """An arm by its angles."""
        upper = self.back + 180 + _within("shoulder", shoulder)
        bend = self.shoulder + self.scale * UPPER_ARM * direction(upper)
        return Arm(
            self.shoulder, bend, bend + self.scale * FOREARM * direction(upper + _within("elbow", elbow))
        )  # fmt: skip

    def arm_to(self, hand: complex) -> Arm:
        """An arm whose hand is at a place."""
        upper, fore = _reach(self.shoulder, hand, self.scale * UPPER_ARM, self.scale * FOREARM, turn=-1)
        shoulder = _turn(upper - self.back - 180)
        return self.arm(shoulder + 360 if shoulder < -150 else shoulder, _turn(fore - upper))

    def draw_trunk(self, paper: Ink, *, belly: float = 0) -> None:
        """Head, neck and torso; ``belly`` (0 to 1) is how pregnant it is."""
        s = self.scale
        chest = self.shoulder - s * 3 * direction(self.back)
        if belly:
            front = self.waist + direction(self.spine - 90) * s * 9 * belly - direction(self.spine) * s * 5
            paper.fill(ink.BODY, ink.circle(front, s * 15 * belly))
        paper.fill(ink.BODY, limb(self.hip, self.waist, s * 11.5, s * 10.5))
        paper.fill(ink.BODY, limb(self.waist, chest, s * 10.5, s * 11.5))
        paper.fill(ink.BODY, limb(self.shoulder, self.head, s * 6, s * 5))
        paper.fill(ink.BODY, ink.circle(self.head, s * HEAD))
        paper.fill(
            ink.BODY, limb(self.head + self.face * s * 9, self.head + self.face * s * 13.5, s * 3, s * 1.6)
        )  # fmt: skip


def draw_leg(paper: Ink, leg: Leg, colour: str) -> None:
    """A leg, with a thin gap of paper around it so that it stands out from what it crosses."""
    belly = leg.knee + (leg.ankle - leg.knee) * 0.28
    parts = [
        (leg.hip, leg.knee, 10.5, 7.5),
        (leg.knee, belly, 7.3, 7.4),
        (belly, leg.ankle, 7.4, 4.8),
        *_foot(leg),
    ]
    _draw(paper, parts, colour, leg.scale)


def draw_foot(paper: Ink, leg: Leg, colour: str) -> None:
    """The foot and the lower shin alone, for a view from nearer."""
    _draw(paper, [(leg.ankle + (leg.knee - leg.ankle) * 0.32, leg.ankle, 5.8, 4.8), *_foot(leg)], colour, leg.scale)


def _foot(leg: Leg) -> list[tuple[complex, complex, float, float]]:
    return [
        (leg.ankle, leg.heel, 4.8, 4.4),
        (leg.ankle, leg.ball, 4.8, 3.6),
        (leg.heel, leg.ball, 4.4, 3.6),
        (leg.ball, leg.tip, 3.6, 2.6),
    ]


def _draw(paper: Ink, parts: list[tuple[complex, complex, float, float]], colour: str, scale: float) -> None:
    for p, q, r1, r2 in parts:
        paper.fill(ink.PAPER, limb(p, q, scale * r1 + 1.8, scale * r2 + 1.8))
    for p, q, r1, r2 in parts:
        paper.fill(colour, limb(p, q, scale * r1, scale * r2))


def draw_arm(paper: Ink, arm: Arm, colour: str, scale: float) -> None:
    """An arm, with a gap of paper around it."""
    parts = [
        (arm.shoulder, arm.elbow, 6.5, 5),
        (arm.elbow, arm.hand, 5, 3.8),
        (arm.hand, arm.hand, 4.8, 4.8),
    ]
    _draw(paper, parts, colour, scale)


def draw_muscle(paper: Ink, leg: Leg, muscle: str) -> None:
    """The muscle that is stretched, as a bright stripe; its names are those in ``stripes``."""
    s = leg.scale
    shank, thigh = angle(leg.ankle - leg.knee), angle(leg.knee - leg.hip)
    foot = direction(leg.foot)
    stripes: dict[str, tuple[complex, complex]] = {
        "calf": _along(leg.knee, leg.ankle, 0.15, 0.8, s * 3.4 * direction(shank - 90)),
        "shin": _along(leg.knee, leg.ankle, 0.15, 0.9, s * 3 * direction(shank + 90)),
        "hamstring": _along(leg.hip, leg.knee, 0.2, 0.9, s * 4.6 * direction(thigh - 90)),
        "quadriceps": _along(leg.hip, leg.knee, 0.2, 0.9, s * 4.6 * direction(thigh + 90)),
        "groin": _along(leg.hip, leg.knee, -0.12, 0.4, s * 5 * direction(thigh + 90)),
        "buttock": _along(leg.hip, leg.knee, -0.1, 0.3, s * 6 * direction(thigh - 90)),
        "arch": (leg.heel + s * 2 * foot - s * leg.sole, leg.ball - s * leg.sole),
        "instep": (leg.ankle + s * 4 * foot - s * leg.sole, leg.ball - s * 1.5 * leg.sole),
    }
    paper.stroke(ink.MUSCLE, s * 3.2, ink.line(stripes[muscle]))


def _along(p: complex, q: complex, start: float, end: float, aside: complex) -> tuple[complex, complex]:
    return p + (q - p) * start + aside, p + (q - p) * end + aside


def _within(joint: str, degrees: float) -> float:
    low, high = LIMITS[joint]
    if not low - 0.5 <= degrees <= high + 0.5:
        raise ImpossiblePoseError(f"{joint} at {degrees:.0f}°: it goes from {low}° to {high}°")
    return degrees


def _reach(root: complex, end: complex, first: float, second: float, *, turn: int) -> tuple[float, float]:
    """Directions of two bones from a root to an end; the joint lies left of the line (1) or right of it (-1)."""
    distance = abs(end - root)
    if distance > (first + second) * 1.03:
        raise ImpossiblePoseError(f"{distance:.0f} away, but only {first + second:.0f} long")
    distance = min(distance, (first + second) * 0.9999)
    cosine = (first**2 + distance**2 - second**2) / (2 * first * distance)
    upper = angle(end - root) + turn * _degrees_of(cosine)
    joint = root + first * direction(upper)
    return upper, angle(end - joint)


def _degrees_of(cosine: float) -> float:
    if abs(cosine) > 1:
        raise ImpossiblePoseError("too near for bones of these lengths")
    return abs(angle(complex(cosine, (1 - cosine**2) ** 0.5)))


def _turn(degrees: float) -> float:
    """The same direction, from -180 up to 180."""
    return (degrees + 180) % 360 - 180
