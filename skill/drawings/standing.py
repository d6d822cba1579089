"""Movements standing up, with something solid to hold."""

from __future__ import annotations

from skill.drawings import ink
from skill.drawings.figure import Figure, Leg, draw_arm, draw_leg, draw_muscle
from skill.drawings.furniture import FLOOR, chair, floor, lamp, table_edge, wall
from skill.drawings.ink import Ink, direction, limb

SCALE = 0.93
ANKLE = FLOOR + 10 * SCALE
"""Height of the ankle of a foot that stands flat."""
FAR_SIDE = complex(3, 0.5)


def _standing(title: str, hip: complex, spine: float = 90, *, curl: float = 0, nod: float = 0) -> tuple[Ink, Figure]:
    paper = Ink(title)
    floor(paper)
    return paper, Figure(hip, spine, scale=SCALE, curl=curl, nod=nod)


def _finish(paper: Ink, body: Figure, leg: Leg, far: Leg, muscles: tuple[str, ...], hands: tuple[complex, ...]) -> None:
    """Everything of the body, from far to near; the last hand is the near one."""
    if len(hands) > 1:
        draw_arm(paper, body.arm_to(hands[0]), ink.FAR, SCALE)
    draw_leg(paper, far, ink.FAR)
    body.draw_trunk(paper)
    draw_leg(paper, leg, ink.WORKING)
    for muscle in muscles:
        draw_muscle(paper, leg, muscle)
    draw_arm(paper, body.arm_to(hands[-1]), ink.BODY, SCALE)


def _lunge(title: str) -> Ink:
    """Hands on the wall, the working leg back with its knee straight and its heel down, the front knee bent."""
    paper, body = _standing(title, complex(150, 99.5), 76)
    wall(paper, 224)
    leg = body.leg_to(complex(105.5, ANKLE))
    far = body.leg_to(complex(178, ANKLE), at=FAR_SIDE)
    _finish(paper, body, leg, far, ("calf",), (complex(221, 156), complex(219, 147)))
    paper.arrow([leg.heel + complex(-14, 44), leg.heel + complex(-14, 4)])
    return paper


def calf_standing() -> Ink:
    return _lunge("Standing at a wall: the leg back, knee straight, heel pressed down, the front knee bent")


def bedtime_calf_standing() -> Ink:
    return _lunge("Bedtime, standing at a wall: one leg back, knee straight, heel down")


def foot_standing() -> Ink:
    paper, body = _standing("Standing, holding on: the foot pressed flat on the floor", complex(140, 111))
    table_edge(paper, 180, 112)
    leg = body.leg_to(complex(141, ANKLE))
    far = body.leg_to(complex(134, ANKLE), at=FAR_SIDE)
    _finish(paper, body, leg, far, ("arch",), (complex(188, 119), complex(184, 117)))
    paper.arrow([complex(104, 92), complex(104, 34)])
    return paper


def hamstring_standing() -> Ink:
    paper, body = _standing(
        "Standing, holding a chair: the heel forward with its knee straight, the other knee bent", complex(128, 96), 84
    )
    chair(paper, 192, seat=62, back=112, facing=1)
    leg = body.leg_to(complex(175, ANKLE - 2), foot=34)
    far = body.leg_to(complex(130, ANKLE), at=FAR_SIDE)
    _finish(paper, body, leg, far, ("hamstring",), (complex(192, 116), complex(188, 114)))
    paper.arrow([complex(92, 122), complex(72, 98)])
    return paper


def bedtime_hamstring_standing() -> Ink:
    paper, body = _standing(
        "Bedtime, standing: the heel on a low chair, knee straight, tipped forward from the hips",
        complex(122, 110.5),
        66,
    )
    wall(paper, 262)
    chair(paper, 256, seat=52, back=106, depth=56, facing=-1)
    leg = body.leg_to(complex(199.5, 67), foot=66)
    far = body.leg_to(complex(120, ANKLE), at=FAR_SIDE)
    _finish(paper, body, leg, far, ("hamstring",), (complex(170, 99),))
    paper.arc_arrow(body.hip, 98, 62, 38)
    return paper


def quadriceps_standing() -> Ink:
    paper, body = _standing(
        "Standing, holding a chair: the knee bent behind, a hand brings the heel toward the bottom",
        complex(140, 109),
        90,
    )
    chair(paper, 190, seat=62, back=118, facing=1)
    leg = body.leg(-6, 141, -34)
    far = body.leg_to(complex(138, ANKLE), at=FAR_SIDE)
    _finish(paper, body, leg, far, ("quadriceps",), (complex(188, 122), leg.ankle + complex(1, 4)))
    paper.arrow([complex(84, 66), complex(84, 104)])
    return paper


def shin_standing() -> Ink:
    paper, body = _standing(
        "Standing, holding on: the toes rest on the floor behind, the knee eased forward", complex(140, 105)
    )
    table_edge(paper, 180, 110)
    # On the tops of its toes: sole up, foot pointing back and down.
    leg = body.leg_to(complex(100, FLOOR + 24), foot=270, toes=-44)
    far = body.leg_to(complex(144, ANKLE), at=FAR_SIDE)
    _finish(paper, body, leg, far, ("shin",), (complex(188, 117), complex(184, 115)))
    paper.arrow([leg.knee + complex(12, 0), leg.knee + complex(44, 0)])
    return paper


def hip_standing() -> Ink:
    paper, body = _standing(
        "Standing, holding a chair: the leg straight back, the bottom tucked under", complex(146, 108), 90
    )
    chair(paper, 193, seat=58, back=111, facing=1)
    leg = body.leg_to(complex(108, ANKLE + 5), foot=343, toes=17)
    far = body.leg_to(complex(167, ANKLE), at=FAR_SIDE)
    _finish(paper, body, leg, far, ("groin",), (complex(194, 116), complex(191, 114)))
    paper.arrow([complex(104, 104), complex(130, 106)])
    return paper


def buttock_standing() -> Ink:
    paper, body = _standing("Standing, a hand on the wall: a few slow, short steps", complex(150, 110), 89)
    paper.fill(ink.FURNITURE, ink.box(196, FLOOR, 304, 192))
    paper.stroke(ink.EDGE, 2.4, ink.line([complex(196, FLOOR), complex(196, 192)]))
    leg = body.leg_to(complex(170, ANKLE + 2), foot=12)
    far = body.leg_to(complex(128, ANKLE + 8), foot=-26, toes=24, at=FAR_SIDE)
    _finish(paper, body, leg, far, ("buttock",), (complex(206, 140), body.hip + complex(10, -8)))
    paper.arrow([complex(206, 32), complex(262, 32)])
    return paper


def whole_leg_standing() -> Ink:
    paper, body = _standing("Standing with the light on, holding on: both heels pressed down", complex(146, 111))
    table_edge(paper, 188, 112)
    lamp(paper, 56, 140)
    leg = body.leg_to(complex(148, ANKLE))
    far = body.leg_to(complex(136, ANKLE), at=FAR_SIDE)
    _finish(paper, body, leg, far, ("calf", "hamstring"), (complex(194, 119), complex(190, 117)))
    paper.arrow([complex(112, 84), complex(112, 28)])
    return paper


def inner_thigh_standing() -> Ink:
    paper = Ink("Standing wide, from the front, holding a chair: the good knee bent sideways, the sore leg straight")
    floor(paper)
    pelvis = complex(176, 80)
    chest, head = pelvis + complex(4, 50), pelvis + complex(5, 78)
    for x in (232, 272):
        paper.stroke(ink.EDGE, 5, ink.line([complex(x, FLOOR + 3), complex(x, 112)]))
    paper.stroke(ink.EDGE, 7, ink.line([complex(232, 110), complex(272, 110)]))
    paper.stroke(ink.EDGE, 5, ink.line([complex(232, 90), complex(272, 90)]))
    paper.stroke(ink.EDGE, 7, ink.line([complex(232, 60), complex(272, 60)]))
    good_knee, good_ankle = pelvis + complex(38, -24), complex(216, FLOOR + 10)
    sore_hip, sore_ankle = pelvis - 10, complex(92, FLOOR + 10)
    front_limb(paper, [pelvis + 10, good_knee, good_ankle], (10, 8, 5), ink.BODY)
    front_limb(paper, [good_ankle, good_ankle + complex(11, -5)], (5, 4.4), ink.BODY)
    front_trunk(paper, pelvis, chest, head)
    knee = (sore_hip + sore_ankle) / 2
    front_limb(paper, [sore_hip, knee, sore_ankle], (10, 7.5, 5), ink.WORKING)
    front_limb(paper, [sore_ankle, sore_ankle + complex(-11, -5)], (5, 4.4), ink.WORKING)
    inner = 4 * direction(-40)
    paper.stroke(ink.MUSCLE, 3.2, ink.line([sore_hip + (knee - sore_hip) * t + inner for t in (0.15, 0.9)]))
    front_limb(paper, [chest + complex(16, 0), chest + complex(32, -20), complex(236, 113)], (6, 5, 4.6), ink.BODY)
    hand = pelvis + complex(-14, 4)
    front_limb(paper, [chest + complex(-16, 0), chest + complex(-36, -26), hand], (6, 5, 4.6), ink.BODY)
    paper.arrow([complex(84, 96), complex(116, 96)])
    return paper


def front_trunk(paper: Ink, pelvis: complex, chest: complex, head: complex, scale: float = 1) -> None:
    """A torso and a head from the front."""
    for side in (1, -1):
        paper.fill(ink.BODY, limb(pelvis + side * 6 * scale, chest + side * 13 * scale, 10 * scale, 9 * scale))
    paper.fill(ink.BODY, limb(pelvis, chest, 12 * scale, 12 * scale))
    paper.fill(ink.BODY, limb(chest, head, 6 * scale, 5 * scale))
    paper.fill(ink.BODY, ink.circle(head, 12 * scale))


def front_limb(paper: Ink, joints: list[complex], radii: tuple[float, ...], colour: str, *, gap: float = 1.8) -> None:
    """A limb from the front, through its joints, with a gap of paper around it."""
    parts = list(zip(joints, joints[1:], radii, radii[1:], strict=False))
    for p, q, r1, r2 in parts:
        paper.fill(ink.PAPER, limb(p, q, r1 + gap, r2 + gap))
    for p, q, r1, r2 in parts:
        paper.fill(colour, limb(p, q, r1, r2))


SCENES = {
    "calf.standing": calf_standing,
    "foot.standing": foot_standing,
    "hamstring.standing": hamstring_standing,
    "quadriceps.standing": quadriceps_standing,
    "shin.standing": shin_standing,
    "inner_thigh.standing": inner_thigh_standing,
    "hip.standing": hip_standing,
    "buttock.standing": buttock_standing,
    "whole_leg.standing": whole_leg_standing,
    "bedtime.calf.standing": bedtime_calf_standing,
    "bedtime.hamstring.standing": bedtime_hamstring_standing,
}
"""Movement id → its scene."""
