"""Movements in bed: on the back, seen from the side; on the good side, seen from above."""

from __future__ import annotations

from skill.drawings import ink
from skill.drawings.figure import SHANK, Figure, Leg, draw_arm, draw_foot, draw_leg, draw_muscle
from skill.drawings.furniture import MATTRESS, bed, bed_from_above, pillow_between, pillow_from_above, wall
from skill.drawings.ink import Ink, angle, direction, limb

SCALE = 1.28
HIP = complex(136, MATTRESS + 11.5 * SCALE)
FAR_SIDE = complex(-2, 5)
"""How much higher the far leg lies on the page."""
TOP_HIP = complex(142, 110)
"""The hip of somebody on the side, seen from above."""


def _on_back(title: str, *, foot_end: float = 304, pillow: float = 9) -> tuple[Ink, Figure]:
    paper = Ink(title)
    body = Figure(HIP, 180, scale=SCALE, nod=16)
    bed(paper, 10, foot_end, pillow=complex(body.head.real, pillow))
    return paper, body


def _resting(paper: Ink, body: Figure, far: Leg | None = None) -> None:
    """The far leg, the trunk and an arm at the side: what does not work."""
    draw_leg(paper, far or body.leg(0, 0, -28, 0, FAR_SIDE), ink.FAR)
    body.draw_trunk(paper)


def _arm_at_side(paper: Ink, body: Figure) -> None:
    draw_arm(paper, body.arm(4, 4), ink.BODY, SCALE)


def _nearer(paper: Ink, leg: Leg, muscle: str, turn: int) -> None:
    """The foot once more, larger, in a ring above: where it goes is what the movement is about.

    ``turn`` is 1 where the toes go toward the shin, -1 where they go away from it.
    """
    ring, radius, scale = complex(238, 149), 44, 1.75
    paper.fill(ink.PAPER, ink.circle(ring, radius))
    paper.stroke(ink.EDGE, 2, ink.circle(ring, radius))
    shank = angle(leg.ankle - leg.knee)
    ankle = ring + (complex(10, -16) if turn > 0 else complex(-5, 2))
    knee = ankle - scale * SHANK * direction(shank)
    near = Leg(knee, knee, ankle, leg.foot, leg.toes, scale)
    draw_foot(paper, near, ink.WORKING)
    if muscle in ("instep", "arch"):
        draw_muscle(paper, near, muscle)
    zero = angle(near.tip - ankle)
    if turn > 0:
        paper.arc_arrow(ankle, 36, zero + 18, zero + 62)
    else:
        paper.arc_arrow(ankle, 36, zero + 84, zero + 26)


def toes_to_shin(title: str, muscles: tuple[str, ...]) -> Ink:
    """The leg straight, the toes pulled up toward the shin."""
    paper, body = _on_back(title)
    leg = body.leg(0, 0, 20, 12)
    _resting(paper, body)
    draw_leg(paper, leg, ink.WORKING)
    for muscle in muscles:
        draw_muscle(paper, leg, muscle)
    _arm_at_side(paper, body)
    _nearer(paper, leg, "", 1)
    return paper


def calf_bed() -> Ink:
    return toes_to_shin("Lying: one leg straight, its toes pulled up toward the shin", ("calf",))


def whole_leg_bed() -> Ink:
    paper = toes_to_shin("Lying: the whole leg stretched out, toes pulled up", ("calf", "hamstring"))
    paper.arrow([complex(140, 108), complex(190, 108)])
    return paper


def calf_bed_reach() -> Ink:
    paper, body = _on_back("Lying: the foot flat against a wall, heel pushed away, toes toward the nose", foot_end=288)
    leg = body.leg(0, 0, 4, 22)
    wall(paper, leg.heel.real + 4.6 * SCALE, bottom=30, top=150)
    _resting(paper, body, body.leg(0, 0, 4, 8, FAR_SIDE))
    draw_leg(paper, leg, ink.WORKING)
    draw_muscle(paper, leg, "calf")
    _arm_at_side(paper, body)
    paper.arrow([complex(150, 112), complex(204, 112)])
    paper.arc_arrow(leg.ankle, 52, angle(leg.tip - leg.ankle) + 2, angle(leg.tip - leg.ankle) + 42)
    return paper


def foot_bed_reach() -> Ink:
    paper, body = _on_back("Lying: the ball of the foot pressed against a wall, toes bent back", foot_end=286)
    leg = body.leg_to(complex(244, MATTRESS + 6 * SCALE), foot=64, toes=46)
    wall(paper, leg.ball.real + 3.2 * SCALE, bottom=30, top=100)
    _resting(paper, body, body.leg_to(complex(226, MATTRESS + 14), foot=62, at=FAR_SIDE))
    draw_leg(paper, leg, ink.WORKING)
    draw_muscle(paper, leg, "arch")
    _arm_at_side(paper, body)
    paper.arrow([complex(190, 122), complex(240, 122)])
    return paper


def _foot_pointed(title: str, muscle: str, toes: float) -> Ink:
    paper, body = _on_back(title)
    leg = body.leg(0, 0, -46, toes)
    _resting(paper, body, body.leg(0, 0, 2, 0, FAR_SIDE))
    draw_leg(paper, leg, ink.WORKING)
    draw_muscle(paper, leg, muscle)
    _arm_at_side(paper, body)
    _nearer(paper, leg, muscle, -1)
    return paper


def shin_bed() -> Ink:
    return _foot_pointed("Lying: the toes pointed down, away from the knee", "shin", -6)


def foot_bed_toes_up() -> Ink:
    return _foot_pointed("Lying: the toes curled down and the foot pointed", "instep", -46)


def foot_bed() -> Ink:
    paper = Ink("Sitting up in bed: one knee bent, a hand pulls its toes back")
    hip = complex(112, MATTRESS + 11.5 * SCALE)
    body = Figure(hip, 98, scale=1.32, curl=58)
    bed(paper, 10, 304)
    draw_leg(paper, body.leg(82, 0, -26, 0, complex(0, 4)), ink.FAR)
    leg = body.leg_to(complex(178, MATTRESS + 9), foot=8, toes=58)
    body.draw_trunk(paper)
    draw_leg(paper, leg, ink.WORKING)
    draw_muscle(paper, leg, "arch")
    draw_arm(paper, body.arm_to(leg.tip + 2), ink.BODY, body.scale)
    paper.arc_arrow(leg.ball, 36, 2, 62)
    return paper


def hamstring_bed() -> Ink:
    paper, body = _on_back("Lying: the knee straightened, the heel pushed away")
    _resting(paper, body, body.leg_to(HIP + complex(64, -1), foot=0, at=FAR_SIDE))
    leg = body.leg(0, 0, 16, 8)
    draw_leg(paper, leg, ink.WORKING)
    draw_muscle(paper, leg, "hamstring")
    _arm_at_side(paper, body)
    paper.arrow([complex(206, 112), complex(262, 112)])
    return paper


def hamstring_bed_lift() -> Ink:
    paper, body = _on_back("Lying: the leg lifted nearly straight, hands behind the thigh")
    leg = body.leg(60, 10, 6)
    _resting(paper, body, body.leg(0, 0, -20))
    draw_leg(paper, leg, ink.WORKING)
    draw_muscle(paper, leg, "hamstring")
    thigh = angle(leg.knee - leg.hip)
    draw_arm(paper, body.arm_to(leg.hip + (leg.knee - leg.hip) * 0.56 + 9 * direction(thigh + 80)), ink.BODY, SCALE)
    paper.arc_arrow(leg.hip, 112, 14, 40)
    return paper


def hip_bed() -> Ink:
    paper, body = _on_back("Lying: the good knee hugged, the sore leg long and heavy on the bed")
    good = body.leg(118, 128, -14, 0, FAR_SIDE)
    draw_leg(paper, good, ink.BODY)
    body.draw_trunk(paper)
    leg = body.leg(-1, 0, -14)
    draw_leg(paper, leg, ink.WORKING)
    draw_muscle(paper, leg, "groin")
    draw_arm(paper, body.arm_to(good.knee + (good.ankle - good.knee) * 0.22 + 5), ink.BODY, SCALE)
    paper.arrow([complex(206, 96), complex(262, 96)])
    return paper


def buttock_bed() -> Ink:
    paper, body = _on_back("Lying: the knee hugged up toward the chest")
    leg = body.leg(118, 126, -8)
    _resting(paper, body)
    draw_leg(paper, leg, ink.WORKING)
    draw_muscle(paper, leg, "buttock")
    draw_arm(paper, body.arm_to(leg.knee + (leg.ankle - leg.knee) * 0.24 + 5), ink.BODY, SCALE)
    paper.arc_arrow(leg.hip, 100, 62, 98)
    return paper


def _on_side(title: str, *, nod: float = 12) -> tuple[Ink, Figure]:
    paper = Ink(title)
    bed_from_above(paper)
    return paper, Figure(TOP_HIP, 180, scale=1.24, curl=6, nod=nod)


def _arm_in_front(paper: Ink, body: Figure, colour: str = ink.BODY) -> None:
    draw_arm(paper, body.arm_to(body.waist + complex(14, 36)), colour, body.scale)


def quadriceps_bed() -> Ink:
    paper, body = _on_side("On the good side, from above: the sore knee bent, its heel eased toward the bottom")
    draw_leg(paper, body.leg(34, 44, -20), ink.FAR)
    draw_arm(paper, body.arm(100, 96), ink.FAR, body.scale)
    body.draw_trunk(paper)
    leg = body.leg(-14, 137, -44)
    draw_leg(paper, leg, ink.WORKING)
    draw_muscle(paper, leg, "quadriceps")
    draw_arm(paper, body.arm_to(leg.ankle + complex(2, 3)), ink.BODY, body.scale)
    paper.arc_arrow(leg.knee, 62, angle(leg.ankle - leg.knee) + 52, angle(leg.ankle - leg.knee) + 8)
    return paper


def hip_bed_pregnant() -> Ink:
    paper, body = _on_side("On the good side, from above: the sore knee drawn gently back")
    draw_leg(paper, body.leg(46, 62, -20), ink.FAR)
    draw_arm(paper, body.arm(100, 96), ink.FAR, body.scale)
    body.draw_trunk(paper, belly=1)
    leg = body.leg(-20, 114, -34)
    draw_leg(paper, leg, ink.WORKING)
    draw_muscle(paper, leg, "groin")
    _arm_in_front(paper, body)
    paper.arc_arrow(leg.hip, 86, 14, -16)
    return paper


def buttock_bed_side() -> Ink:
    paper, body = _on_side("On the good side, from above: the sore knee slid up a little, resting on a pillow")
    draw_leg(paper, body.leg(8, 14, -20), ink.FAR)
    draw_arm(paper, body.arm(100, 96), ink.FAR, body.scale)
    leg = body.leg(58, 74, -14)
    shin = angle(leg.ankle - leg.knee)
    pillow_between(paper, leg.knee + 5 * direction(shin - 70), leg.ankle + 3 * direction(shin - 90))
    body.draw_trunk(paper)
    draw_leg(paper, leg, ink.WORKING)
    draw_muscle(paper, leg, "buttock")
    _arm_in_front(paper, body)
    paper.arc_arrow(leg.hip, 79, 34, 64)
    return paper


def inner_thigh_bed() -> Ink:
    paper = Ink("On the back, from above: both knees bent, the sore one let fall outward onto a pillow")
    bed_from_above(paper)
    pelvis, chest, head = complex(146, 100), complex(82, 100), complex(50, 100)
    pillow_from_above(paper, 168, 22, 216, 58)
    # The good knee points at the ceiling, so its thigh and shin are seen shortened.
    for p, q, r1, r2 in (
        (pelvis + 12j, complex(186, 116), 13.0, 10.0),
        (complex(186, 116), complex(226, 110), 9, 6),
        (complex(226, 110), complex(244, 111), 6, 4),
    ):
        paper.fill(ink.PAPER, limb(p, q, r1 + 1.8, r2 + 1.8))
        paper.fill(ink.FAR, limb(p, q, r1, r2))
    paper.fill(ink.BODY, ink.circle(complex(188, 116), 9))  # the knee that is nearest to us
    for side in (1, -1):
        paper.fill(ink.BODY, limb(chest + side * 20j, complex(110, 100 + side * 46), 8, 6))
        paper.fill(ink.BODY, limb(complex(110, 100 + side * 46), complex(150, 100 + side * 44), 6, 5))
    paper.fill(ink.BODY, limb(pelvis + 12j, chest + 17j, 13, 13))
    paper.fill(ink.BODY, limb(pelvis - 12j, chest - 17j, 13, 13))
    paper.fill(ink.BODY, limb(pelvis, chest, 16, 16))
    paper.fill(ink.BODY, limb(chest, head, 8, 6))
    paper.fill(ink.BODY, ink.circle(head, 16))
    knee, ankle = complex(190, 48), complex(238, 88)
    for gap in (1.8, 0.0):
        for p, q, r1, r2 in (
            (pelvis - 13j, knee, 13, 9.5),
            (knee, ankle, 9.4, 6),
            (ankle, ankle + complex(18, 10), 6, 4),
        ):
            paper.fill(ink.PAPER if gap else ink.WORKING, limb(p, q, r1 + gap, r2 + gap))
    paper.stroke(ink.MUSCLE, 4, ink.line([complex(160, 86), complex(184, 58)]))
    paper.arrow([complex(196, 98), complex(196, 68)])
    return paper


SCENES = {
    "calf.bed": calf_bed,
    "calf.bed.reach": calf_bed_reach,
    "foot.bed": foot_bed,
    "foot.bed.reach": foot_bed_reach,
    "foot.bed.toes_up": foot_bed_toes_up,
    "hamstring.bed": hamstring_bed,
    "hamstring.bed.lift": hamstring_bed_lift,
    "quadriceps.bed": quadriceps_bed,
    "shin.bed": shin_bed,
    "inner_thigh.bed": inner_thigh_bed,
    "hip.bed": hip_bed,
    "hip.bed.pregnant": hip_bed_pregnant,
    "buttock.bed": buttock_bed,
    "buttock.bed.side": buttock_bed_side,
    "whole_leg.bed": whole_leg_bed,
}
"""Movement id → its scene."""
