"""Movements sitting on the edge of the bed, seen from the side, or from the front where an ankle rests on a knee."""

from __future__ import annotations

from skill.drawings import ink
from skill.drawings.figure import Figure, Leg, draw_arm, draw_leg, draw_muscle
from skill.drawings.furniture import FLOOR, bed, floor, towel
from skill.drawings.ink import Ink, angle, direction
from skill.drawings.standing import front_limb, front_trunk

SCALE = 1.06
SEAT = 66
"""Height of the bed's top."""
HIP = complex(116, SEAT + 11.5 * SCALE)
ANKLE = FLOOR + 10 * SCALE
FAR_SIDE = complex(4, 2)


def _on_edge(title: str, spine: float = 90, *, curl: float = 0, right: float = 132) -> tuple[Ink, Figure]:
    """The end of the bed on the left, somebody sitting on its edge and looking right."""
    paper = Ink(title)
    floor(paper)
    bed(paper, 14, right, top=SEAT)
    return paper, Figure(HIP, spine, scale=SCALE, curl=curl)


def _far_foot_flat(body: Figure) -> Leg:
    return body.leg_to(complex(170, ANKLE), at=FAR_SIDE)


def _heel_down(body: Figure) -> Leg:
    """The working leg straight out, its heel on the floor, its toes up."""
    return body.leg_to(complex(202, ANKLE - 1), foot=72, toes=10)


def calf_seated() -> Ink:
    paper, body = _on_edge("Sitting on the bed's edge, one leg straight: a towel round the foot, pulled toward you", 88)
    leg = _heel_down(body)
    hand = complex(176, 96)
    draw_leg(paper, _far_foot_flat(body), ink.FAR)
    body.draw_trunk(paper)
    draw_leg(paper, leg, ink.WORKING)
    draw_muscle(paper, leg, "calf")
    towel(paper, hand, leg.ball, leg.sole)
    draw_arm(paper, body.arm_to(hand), ink.BODY, SCALE)
    paper.arrow([complex(226, 82), complex(196, 112)])
    return paper


def hamstring_seated() -> Ink:
    paper, body = _on_edge("Sitting on the bed's edge: one leg straight, heel down, leaning forward, back straight", 62)
    leg = _heel_down(body)
    draw_leg(paper, _far_foot_flat(body), ink.FAR)
    body.draw_trunk(paper)
    draw_leg(paper, leg, ink.WORKING)
    draw_muscle(paper, leg, "hamstring")
    draw_arm(paper, body.arm_to(complex(164, 86)), ink.BODY, SCALE)
    paper.arc_arrow(HIP, 112, 66, 40)
    return paper


def whole_leg_seated() -> Ink:
    paper, body = _on_edge("Sitting, one foot flat on the floor: the sore leg straightened, its toes lifted")
    leg = body.leg(80, 2, 20, 14)
    draw_leg(paper, _far_foot_flat(body), ink.FAR)
    body.draw_trunk(paper)
    draw_leg(paper, leg, ink.WORKING)
    for muscle in ("calf", "hamstring"):
        draw_muscle(paper, leg, muscle)
    draw_arm(paper, body.arm(-22, 10), ink.BODY, SCALE)
    paper.arc_arrow(leg.knee, 66, -58, -22)
    paper.arc_arrow(leg.ankle, 44, angle(leg.tip - leg.ankle) + 4, angle(leg.tip - leg.ankle) + 48)
    return paper


def quadriceps_seated() -> Ink:
    paper, body = _on_edge("Sitting tall on the bed's edge: the foot slid back under it, the knee bending", right=136)
    leg = body.leg(80, 124, 26, 8)
    leg = body.leg_to(leg.ankle.real + 1j * (ANKLE + 6), foot=342, toes=18)
    draw_leg(paper, _far_foot_flat(body), ink.FAR)
    body.draw_trunk(paper)
    draw_leg(paper, leg, ink.WORKING)
    draw_muscle(paper, leg, "quadriceps")
    draw_arm(paper, body.arm(-20, 8), ink.BODY, SCALE)
    paper.arrow([complex(252, 30), complex(202, 30)])
    return paper


def hip_seated() -> Ink:
    paper = Ink("Sitting sideways on the bed's edge: the near leg slid back, sitting tall")
    floor(paper)
    bed(paper, 60, 176, top=SEAT)
    body = Figure(complex(130, SEAT + 11.5 * SCALE), 90, scale=SCALE)
    leg = body.leg_to(complex(74, FLOOR + 20), foot=296, toes=60)
    draw_leg(paper, body.leg_to(complex(198, ANKLE), at=FAR_SIDE), ink.FAR)
    body.draw_trunk(paper)
    draw_leg(paper, leg, ink.WORKING)
    draw_muscle(paper, leg, "groin")
    draw_arm(paper, body.arm(30, 30), ink.BODY, SCALE)
    paper.arrow([complex(58, 31), complex(20, 31)])
    return paper


def buttock_seated() -> Ink:
    paper, body = _on_edge("Sitting, one ankle on the other knee, leaning forward a little from the hips", 66)
    far = body.leg_to(complex(172, ANKLE), at=FAR_SIDE)
    draw_leg(paper, far, ink.FAR)
    body.draw_trunk(paper)
    # The near knee points at us and the shin lies across the other thigh, so both are seen shortened.
    knee, ankle = body.hip + complex(28, 12), far.knee + complex(-4, 14)
    toe = ankle + complex(17, -7)
    front_limb(paper, [body.hip, knee, ankle], (11, 9.5, 6), ink.WORKING)
    front_limb(paper, [ankle, toe, toe + complex(7, -5)], (6, 4.4, 3), ink.WORKING)
    paper.stroke(ink.MUSCLE, 3.4, ink.line([body.hip + 7.5 * direction(d) for d in (150, 190, 230, 270, 300)]))
    draw_arm(paper, body.arm_to(knee + complex(16, 10)), ink.BODY, SCALE)
    paper.arc_arrow(body.hip, 110, 70, 44)
    return paper


def _along_bed(title: str, spine: float) -> tuple[Ink, Figure, Leg]:
    """One leg straight along the bed, the near foot on the floor: seated as the bedtime routine has it."""
    paper = Ink(title)
    floor(paper)
    bed(paper, 30, 296, top=SEAT)
    body = Figure(complex(118, SEAT + 11.5 * SCALE), spine, scale=SCALE)
    leg = body.leg(179 - spine, 0, 20, 12, FAR_SIDE)
    return paper, body, leg


def _other_foot_down(paper: Ink, body: Figure) -> None:
    body.draw_trunk(paper)
    draw_leg(paper, body.leg_to(body.hip + complex(38, ANKLE - body.hip.imag)), ink.BODY)


def bedtime_calf_seated() -> Ink:
    paper, body, leg = _along_bed("Bedtime, sitting: one leg straight along the bed, its toes pulled toward you", 90)
    draw_leg(paper, leg, ink.WORKING)
    draw_muscle(paper, leg, "calf")
    _other_foot_down(paper, body)
    draw_arm(paper, body.arm(-24, 14), ink.BODY, SCALE)
    zero = angle(leg.tip - leg.ankle)
    paper.arc_arrow(leg.ankle, 46, zero + 2, zero + 50)
    return paper


def bedtime_hamstring_seated() -> Ink:
    paper, body, leg = _along_bed("Bedtime, sitting: one leg straight along the bed, leaning forward from the hips", 62)
    draw_leg(paper, leg, ink.WORKING)
    draw_muscle(paper, leg, "hamstring")
    _other_foot_down(paper, body)
    draw_arm(paper, body.arm_to(leg.knee + complex(10, 13)), ink.BODY, SCALE)
    paper.arc_arrow(body.hip, 112, 70, 44)
    return paper


PELVIS = complex(160, 82)
"""Where somebody sits who is seen from the front."""


def _front(title: str) -> tuple[Ink, complex, complex]:
    """Somebody sitting on the bed, from the front: the paper, the chest and the head."""
    paper = Ink(title)
    floor(paper)
    paper.fill(ink.FURNITURE, ink.box(30, 34, 290, 70, 5))
    paper.stroke(ink.EDGE, 1.6, ink.box(30, 34, 290, 70, 5))
    for x in (44, 276):
        paper.stroke(ink.EDGE, 5, ink.line([complex(x, FLOOR + 2), complex(x, 32)]))
    return paper, PELVIS + 54j, PELVIS + 88j


def _front_leg(paper: Ink, hip: complex, knee: complex, ankle: complex, toe: complex, colour: str) -> None:
    front_limb(paper, [hip, knee, ankle], (12, 9.5, 6), colour)
    front_limb(paper, [ankle, toe], (6, 4.6), colour)


def _crossed(title: str) -> tuple[Ink, complex, complex, complex]:
    """An ankle on the other knee, from the front: the paper, the chest, the working knee and its ankle."""
    paper, chest, head = _front(title)
    _front_leg(paper, PELVIS + 11, PELVIS + complex(26, -8), complex(190, FLOOR + 11), complex(200, FLOOR + 5), ink.FAR)
    front_trunk(paper, PELVIS, chest, head, 1.1)
    knee, ankle = PELVIS + complex(-50, 2), PELVIS + complex(34, 8)
    front_limb(paper, [PELVIS - 11, knee, ankle], (12, 9.5, 6), ink.WORKING)
    return paper, chest, knee, ankle


def foot_seated() -> Ink:
    paper, chest, _, ankle = _crossed("Sitting, one ankle on the other knee: a hand pulls the toes back")
    ball = ankle + complex(15, 17)
    tip = ball + complex(-3, 11)
    front_limb(paper, [ankle + complex(4, -3), ball, tip], (7, 5.4, 4), ink.WORKING)
    paper.stroke(ink.MUSCLE, 3.4, ink.line([ankle + complex(9, -1), ball + complex(3, -2)]))
    front_limb(paper, [chest + complex(17, 0), chest + complex(50, -18), tip + complex(1, 3)], (7, 5.6, 5), ink.BODY)
    thumb = ankle + complex(6, 2)
    front_limb(paper, [chest - 17, chest + complex(-34, -32), thumb + complex(-16, 8)], (7, 5.6, 5), ink.BODY)
    paper.arc_arrow(ankle, 50, 32, 78)
    return paper


def shin_seated() -> Ink:
    paper, chest, knee, ankle = _crossed("Sitting, one ankle on the other knee: the top of the foot eased down")
    ball = ankle + complex(22, -7)
    front_limb(paper, [ankle, ball, ball + complex(9, -6)], (6.5, 5, 3.8), ink.WORKING)
    shin = angle(ankle - knee)
    up = 4 * direction(shin + 90)
    paper.stroke(ink.MUSCLE, 3.4, ink.line([knee + (ankle - knee) * 0.2 + up, knee + (ankle - knee) * 0.92 + up]))
    front_limb(paper, [chest + complex(17, 0), chest + complex(46, -22), ball + complex(0, 7)], (7, 5.6, 5), ink.BODY)
    front_limb(paper, [chest - 17, chest + complex(-40, -26), knee + complex(14, 12)], (7, 5.6, 5), ink.BODY)
    paper.arc_arrow(ankle, 50, 28, -22)
    return paper


def inner_thigh_seated() -> Ink:
    paper, chest, head = _front("Sitting, from the front: feet wide apart, hands ease the knees outward")
    front_trunk(paper, PELVIS, chest, head, 1.1)
    for side, colour in ((1, ink.BODY), (-1, ink.WORKING)):
        knee = PELVIS + complex(side * 52, -6)
        ankle = complex(160 + side * 66, FLOOR + 11)
        _front_leg(paper, PELVIS + side * 12, knee, ankle, ankle + complex(side * 12, -6), colour)
        if colour == ink.WORKING:
            paper.stroke(ink.MUSCLE, 3.4, ink.line([PELVIS + complex(-18, -7), knee + complex(10, -5)]))
        joints = [chest + side * 17, chest + complex(side * 42, -24), knee + complex(-side * 2, 10)]
        front_limb(paper, joints, (7, 5.6, 5), ink.BODY)
        paper.arrow([knee + complex(side * 18, 6), knee + complex(side * 46, 6)])
    return paper


SCENES = {
    "calf.seated": calf_seated,
    "foot.seated": foot_seated,
    "hamstring.seated": hamstring_seated,
    "quadriceps.seated": quadriceps_seated,
    "shin.seated": shin_seated,
    "inner_thigh.seated": inner_thigh_seated,
    "hip.seated": hip_seated,
    "buttock.seated": buttock_seated,
    "whole_leg.seated": whole_leg_seated,
    "bedtime.calf.seated": bedtime_calf_seated,
    "bedtime.hamstring.seated": bedtime_hamstring_seated,
}
"""Movement id → its scene."""
