"""From Vosk's answers to hypotheses with confidences."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_runner.recognition.hypotheses import Alternative, alternatives, joined, with_confidences


def reading(text: str, score: float, start: float = 0.0) -> Alternative:
    return Alternative(tuple((w, start + i, start + i + 0.9) for i, w in enumerate(text.split())), score)


def test_confidences_are_posteriors() -> None:
    best, second, third = with_confidences(
        [reading("my calf", math.log(6)), reading("my half", math.log(3)), reading("by calf", math.log(1))]
    )
    assert [h.text for h in (best, second, third)] == ["my calf", "my half", "by calf"]
    assert [w.confidence for w in best.words] == pytest.approx([0.9, 0.7])
    assert best.confidence == pytest.approx(0.8)
    assert second.words[1].confidence == pytest.approx(0.3)


def test_longer_words_count_more() -> None:
    first = Alternative((("a", 0.0, 0.1), ("long", 0.1, 1.0)), math.log(3))
    other = Alternative((("the", 0.0, 0.1), ("long", 0.1, 1.0)), math.log(1))
    assert with_confidences([first, other])[0].confidence == pytest.approx((0.1 * 0.75 + 0.9 * 1.0) / 1.0)


def test_the_same_words_twice_are_one_hypothesis() -> None:
    found = with_confidences([reading("stop", 2.0), reading("stop", 1.0, start=0.03), reading("top", 0.0)])
    assert [h.text for h in found] == ["stop", "top"]
    assert found[0].words[0].confidence == pytest.approx((math.e**2 + math.e) / (math.e**2 + math.e + 1), abs=1e-3)


def test_silence_is_as_sure_as_its_share() -> None:
    silent = with_confidences([Alternative((), math.log(3)), reading("stop", math.log(1))])[0]
    assert (silent.text, silent.words, silent.confidence) == ("", (), 0.75)


@given(st.lists(st.lists(st.tuples(st.sampled_from("abc"), st.floats(-30, 30)), min_size=1, max_size=5), max_size=4))
def test_stretches_are_joined_in_the_right_order(segments: list[list[tuple[str, float]]]) -> None:
    read = [[reading(text, score) for text, score in segment] for segment in segments]
    found = joined(read, 6)
    everything = [Alternative((), 0.0)]
    for segment in read:
        everything = [Alternative(a.words + b.words, a.score + b.score) for a in everything for b in segment]
    best = sorted((a.score for a in everything), reverse=True)[:6]
    assert [a.score for a in found] == pytest.approx(best)


def test_what_vosk_says() -> None:
    said = {
        "alternatives": [
            {
                "confidence": 120.5,
                "result": [
                    {"word": "[unk]", "start": 0.1, "end": 0.4},
                    {"word": "[unk]", "start": 0.4, "end": 0.9},
                    {"word": "stop", "start": 1.0, "end": 1.3},
                ],
                "text": "[unk] [unk] stop",
            },
            {"confidence": 100.0, "text": ""},
        ]
    }
    first, second = alternatives(json.dumps(said))
    assert first.words == (("[unk]", 0.1, 0.9), ("stop", 1.0, 1.3))
    assert second.words == ()
    assert alternatives('{"text": ""}') == ()
