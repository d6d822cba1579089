"""Every drawing by its movement id, as SVG; and a sheet of them all, to look at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from skill.drawings import ink, lying, sitting, standing
from skill.drawings.ink import Ink

FOLDER = Path(__file__).parent / "svg"
"""Where the drawings are kept."""

SCENES: Mapping[str, Callable[[], Ink]] = {**lying.SCENES, **sitting.SCENES, **standing.SCENES}
"""Movement id → what draws it."""


def drawings() -> dict[str, str]:
    """Every drawing as the text of its SVG file, by movement id.

    Raises:
        ImpossiblePoseError: a scene asks for a pose that no body can take.
    """
    return {name: scene().svg() for name, scene in sorted(SCENES.items())}


def sheet(svgs: Mapping[str, str], columns: int = 4) -> str:
    """All drawings on one page, as SVG, each with its name."""
    wide, high = ink.WIDTH + 10, ink.HEIGHT + 24
    rows = -(-len(svgs) // columns)
    cells = []
    for i, (name, svg) in enumerate(svgs.items()):
        x, y = i % columns * wide + 5, i // columns * high + 5
        paths = svg.split("</title>")[1].removesuffix("</svg>\n")
        cells.append(
            f'<g transform="translate({x} {y})"><rect width="{ink.WIDTH}" height="{ink.HEIGHT}" fill="{ink.PAPER}"/>'
            f'{paths}<text x="4" y="{ink.HEIGHT + 14}" font-size="13" fill="#ddd">{name}</text></g>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {columns * wide} {rows * high}">'
        f'<rect width="100%" height="100%" fill="#333"/>{"".join(cells)}</svg>\n'
    )
