"""The drawings: in step with what draws them, anatomically possible, and turned into vector graphics without loss."""

from __future__ import annotations

import json
import re
import struct
import subprocess
import sys
import xml.etree.ElementTree as ET
import zlib
from pathlib import Path

import pytest

from skill import screen
from skill.compiled import compiled_content
from skill.drawings import ink
from skill.drawings.avg import DrawingError, svg_to_avg
from skill.drawings.figure import SHANK, THIGH, Figure, ImpossiblePoseError
from skill.drawings.ink import angle
from skill.drawings.scenes import FOLDER, SCENES, sheet

SVG = "{http://www.w3.org/2000/svg}"
NAMES = sorted(path.stem for path in FOLDER.glob("*.svg"))
BEDTIME = {f"bedtime.{part}.{position}" for part in ("calf", "hamstring") for position in ("seated", "standing")}


def wrap(inner: str, box: str = "0 0 100 100", more: str = "") -> str:
    """A small SVG file."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}"{more}>{inner}</svg>'


def test_there_is_a_drawing_for_every_movement_and_none_for_nothing() -> None:
    assert set(NAMES) == {m.id for m in compiled_content().movements} | BEDTIME


def test_the_drawings_are_in_step_with_what_draws_them(repository: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(repository / "script" / "draw"), "--check"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def test_no_two_movements_share_a_drawing_or_a_title() -> None:
    scenes = {name: SCENES[name]() for name in NAMES}
    twins = {"calf.standing", "bedtime.calf.standing"}  # the same stretch
    pictures = [re.sub(r"<title>.*</title>", "", scene.svg()) for name, scene in scenes.items() if name not in twins]
    assert len(set(pictures)) == len(pictures)
    assert len({scene.title for scene in scenes.values()}) == len(scenes)


@pytest.mark.parametrize("name", NAMES)
def test_a_drawing_stays_on_its_page(name: str) -> None:
    root = ET.fromstring((FOLDER / f"{name}.svg").read_text(encoding="utf-8"))
    for path in root.iter(SVG + "path"):
        for x, y in re.findall(r"(?:[ML]| [01] )(-?[\d.]+) (-?[\d.]+)", path.attrib["d"]):
            assert 0 <= float(x) <= ink.WIDTH, path.attrib["d"]
            assert 0 <= float(y) <= ink.HEIGHT, path.attrib["d"]


@pytest.mark.parametrize("name", NAMES)
def test_a_drawing_shows_the_working_leg_and_where_it_goes(name: str) -> None:
    text = (FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    for colour in (ink.WORKING, ink.MUSCLE, ink.ARROW, ink.BODY):
        assert colour in text


@pytest.mark.parametrize("name", NAMES)
def test_a_drawing_becomes_vector_graphics_shape_by_shape(name: str) -> None:
    text = (FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    avg = svg_to_avg(text, name)
    assert (avg["type"], avg["version"]) == ("AVG", "1.2")
    assert (avg["width"], avg["height"], avg["viewportWidth"], avg["viewportHeight"]) == (320, 200, 320, 200)
    paths = list(ET.fromstring(text).iter(SVG + "path"))
    assert [item["pathData"] for item in avg["items"]] == [path.attrib["d"] for path in paths]
    for item, path in zip(avg["items"], paths, strict=True):
        assert item.get("fill", "none") == path.attrib["fill"]
        assert item.get("stroke") == path.attrib.get("stroke")
    assert avg["description"] == SCENES[name]().title
    assert len(json.dumps(avg)) < 8000


def test_the_paper_of_the_drawings_is_the_colour_of_the_screen() -> None:
    document = json.loads((Path(screen.__file__).parent / "screen_document.json").read_text(encoding="utf-8"))
    assert document["mainTemplate"]["items"][0]["backgroundColor"] == ink.PAPER


def test_the_sheet_has_every_drawing() -> None:
    page = sheet({name: SCENES[name]().svg() for name in NAMES})
    ET.fromstring(page)
    for name in NAMES:
        assert f">{name}</text>" in page


class TestFigure:
    """Joints bend the way joints do."""

    standing = Figure(100 + 100j, 90)

    def test_a_straight_leg_hangs_straight_down_with_the_foot_forward(self) -> None:
        leg = self.standing.leg(0, 0)
        assert leg.ankle == pytest.approx(100 + (100 - THIGH - SHANK) * 1j)
        assert leg.tip.real > leg.ankle.real > leg.heel.real
        assert leg.heel.imag < leg.ankle.imag

    def test_the_hip_bends_forward_and_the_knee_back(self) -> None:
        leg = self.standing.leg(90, 90)
        assert leg.knee == pytest.approx(100 + THIGH + 100j)
        assert leg.ankle == pytest.approx(100 + THIGH + (100 - SHANK) * 1j)
        assert self.standing.leg(0, 90).ankle.real < 100

    def test_a_bent_up_ankle_brings_the_toes_toward_the_shin(self) -> None:
        def gap(ankle: float) -> float:
            leg = self.standing.leg(0, 0, ankle)
            return abs(leg.tip - leg.knee)

        assert gap(20) < gap(0) < gap(-40)

    def test_an_arm_reaches_where_it_is_told_with_its_elbow_bent_as_elbows_bend(self) -> None:
        target = 130 + 120j
        arm = self.standing.arm_to(target)
        assert arm.hand == pytest.approx(target)
        bend = (angle(arm.hand - arm.elbow) - angle(arm.elbow - arm.shoulder)) % 360
        assert 0 < bend < 150

    def test_a_leg_reaches_where_it_is_told(self) -> None:
        leg = self.standing.leg_to(110 + 20j)
        assert leg.ankle == pytest.approx(110 + 20j)
        assert leg.foot % 360 == pytest.approx(0)

    @pytest.mark.parametrize(
        ("hip", "knee", "ankle", "problem"),
        [(-40, 0, 0, "hip at -40"), (0, -15, 0, "knee at -15"), (0, 160, 0, "knee at 160"), (0, 0, 60, "ankle at 60")],
    )
    def test_what_no_joint_can_do_is_refused(self, hip: float, knee: float, ankle: float, problem: str) -> None:
        with pytest.raises(ImpossiblePoseError, match=problem):
            self.standing.leg(hip, knee, ankle)

    def test_what_is_too_far_away_is_refused(self) -> None:
        with pytest.raises(ImpossiblePoseError, match="away"):
            self.standing.arm_to(300 + 100j)


class TestConverter:
    """SVG means the same when it has become AVG."""

    def test_a_path_without_colour_is_black_in_svg(self) -> None:
        (item,) = svg_to_avg(wrap('<path d="M0 0L9 9Z"/>'))["items"]
        assert item == {"type": "path", "pathData": "M0 0L9 9Z", "fill": "black"}

    def test_what_is_inherited_stands_on_the_path(self) -> None:
        (item,) = svg_to_avg(
            wrap('<g fill="none" stroke="#abc" stroke-width="2.50"><path stroke-linecap="round" d="M0 0L9 9"/></g>')
        )["items"]
        assert item == {
            "type": "path", "pathData": "M0 0L9 9", "stroke": "#abc", "strokeWidth": 2.5, "strokeLineCap": "round",
        }  # fmt: skip

    def test_every_property_has_its_name(self) -> None:
        (item,) = svg_to_avg(
            wrap(
                '<path d="M0 0L9 9" fill="red" fill-opacity=".5" stroke="#010203" stroke-opacity="0.4"'
                ' stroke-dasharray="2, 1" stroke-dashoffset="1" stroke-linejoin="bevel" stroke-miterlimit="3"/>'
            )
        )["items"]
        assert item == {
            "type": "path", "pathData": "M0 0L9 9", "fill": "red", "fillOpacity": 0.5, "stroke": "#010203",
            "strokeOpacity": 0.4, "strokeDashArray": [2, 1], "strokeDashOffset": 1, "strokeLineJoin": "bevel",
            "strokeMiterLimit": 3,
        }  # fmt: skip

    def test_transform_and_opacity_need_a_group(self) -> None:
        items = svg_to_avg(
            wrap('<g transform="translate(3 4) rotate(10)"><path d="M0 0Z"/></g><path opacity="0.5" d="M1 1Z"/>')
        )["items"]
        assert [item["type"] for item in items] == ["group", "group"]
        assert items[0]["transform"] == "translate(3 4) rotate(10)"
        assert items[1]["opacity"] == 0.5
        assert items[1]["items"][0]["pathData"] == "M1 1Z"

    @pytest.mark.parametrize(
        ("svg", "problem"),
        [
            ("<svg", "not SVG"),
            ("<html/>", "not svg"),
            (wrap("", "5 0 10 10"), "viewBox"),
            (wrap('<rect width="4" height="4"/>'), "<rect> has no counterpart"),
            (wrap("<text>hello</text>"), "<text> has no counterpart"),
            (wrap('<path style="fill:red" d="M0 0Z"/>'), "'style' has no counterpart"),
            (wrap('<path fill-rule="evenodd" d="M0 0Z"/>'), "'fill-rule' has no counterpart"),
            (wrap('<path fill="url(#a)" d="M0 0Z"/>'), "colours are"),
            (wrap('<path d="url(x)"/>'), "without usable data"),
            (wrap("<path/>"), "without usable data"),
            (wrap('<path stroke="red" stroke-width="2px" d="M0 0Z"/>'), "not a plain number"),
            (wrap('<path stroke="red" stroke-linecap="flat" d="M0 0Z"/>'), "one of butt"),
            (wrap('<g transform="matrix(1 0 0 1 0 0)"><path d="M0 0Z"/></g>'), "AVG cannot do"),
        ],
    )
    def test_what_cannot_be_shown_is_refused_with_the_name_of_the_drawing(self, svg: str, problem: str) -> None:
        with pytest.raises(DrawingError, match=re.escape(problem)) as caught:
            svg_to_avg(svg, "calf.bed")
        assert str(caught.value).startswith("calf.bed: ")
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("size", [108, 512])
def test_the_icons_are_real_pictures_of_the_right_size(repository: Path, size: int) -> None:
    data = (repository / "skill" / "skill-package" / "assets" / "images" / f"icon_{size}.png").read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    width, height, depth, colours = struct.unpack(">IIBB", data[16:26])
    assert (width, height, depth) == (size, size, 8)
    packed, at = b"", 8
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        if data[at + 4 : at + 8] == b"IDAT":
            packed += data[at + 8 : at + 8 + length]
        assert struct.unpack(">I", data[at + 8 + length : at + 12 + length])[0] == zlib.crc32(
            data[at + 4 : at + 8 + length]
        )
        at += 12 + length
    channels = {2: 3, 6: 4}[colours]
    pixels = zlib.decompress(packed)
    assert len(pixels) == size * (size * channels + 1)
    assert len(set(pixels)) > 50  # not one flat colour
