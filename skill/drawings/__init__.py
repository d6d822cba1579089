"""Charley's drawings of the movements: posed figures → SVG (checked in) → Alexa vector graphics.

`figure` poses a body by its joints and refuses what no joint can do, `ink` puts it on paper, `lying`, `sitting` and
`standing` are the scenes, and `avg` turns the SVG files into what an Alexa screen draws. The skill itself only needs
`avg` and the folder `svg`; the rest makes that folder (`script/draw`).
"""
