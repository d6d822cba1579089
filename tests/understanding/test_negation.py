"""What is denied, and how far a denial reaches."""

from __future__ import annotations

import pytest

from local_runner.understanding import FALLBACK, Understander
from local_runner.understanding.negation import denied, heads, without_denied
from local_runner.understanding.words import utterance


@pytest.mark.parametrize(
    ("said", "denies"),
    [
        ("it's not swollen", "swollen"),
        ("it isn't hot", "hot"),
        ("no swelling", "swelling"),
        ("there's no redness", "redness"),
        ("without any pain", "any pain"),
        ("neither swollen nor hot", "swollen nor hot"),
        ("it's not swollen or red", "swollen or red"),
        ("not swollen and it's red", "swollen"),
        ("it's not my calf it's my foot", "my calf"),
        ("it's not swollen my foot is cold", "swollen"),
        ("my leg isn't swollen but it's cold", "swollen"),
        ("i don't know why i get cramps", "know"),
        ("it won't stop cramping", "stop"),
        ("the pain is not going away", "going away"),
        ("no it is swollen", ""),
        ("isn't it dangerous", ""),
        ("why don't i get them by day", ""),
        ("my calf is swollen", ""),
    ],
)
def test_scope(said: str, denies: str) -> None:
    words = utterance(said).words
    assert " ".join(w for w, d in zip(words, denied(words), strict=True) if d) == denies


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("my calf is cramping but it's not swollen", "my calf is cramping but"),
        ("it's swollen but my chest doesn't hurt", "it is swollen but"),
        ("my calf won't stop cramping", "my calf cramping"),
        ("i don't know why i get cramps", "why i get cramps"),
        ("it's not swollen", ""),
    ],
)
def test_what_is_left_when_denials_are_taken_out(said: str, left: str) -> None:
    words = utterance(said).words
    assert " ".join(words[i] for i in without_denied(words)) == left


def test_heads_are_what_is_denied_not_of_what() -> None:
    assert heads(utterance("i can't feel my left leg").words) == ["feel"]
    assert heads(utterance("no chest pain").words) == ["chest", "pain"]


@pytest.mark.parametrize(
    "said",
    [
        "my roses are not wilting",
        "it isn't wilting",
        "the tomatoes aren't dying",
        "my lawn doesn't look sick",
        "there are no holes in the leaves",
        "the leaves of the rose bush aren't yellow at all",
    ],
)
def test_the_opposite_of_a_sample_is_not_the_sample(gardener: Understander, said: str) -> None:
    assert gardener.understand(said).intent != "WiltingIntent"


@pytest.mark.parametrize(
    "said",
    [
        "the roses won't grow",
        "my apple tree isn't growing at all",
        "i can't see any shoots yet",
        "nothing is growing here",
    ],
)
def test_a_denial_that_samples_contain_is_understood(gardener: Understander, said: str) -> None:
    assert gardener.understand(said).intent == "NotGrowingIntent"


def test_what_samples_only_deny_is_not_affirmed(gardener: Understander) -> None:
    assert gardener.understand("i can see some shoots").intent != "NotGrowingIntent"
    assert gardener.understand("the seeds did come up").intent != "NotGrowingIntent"


def test_what_is_affirmed_beside_a_denial_counts(gardener: Understander) -> None:
    got = gardener.understand("my roses are wilting but the lawn isn't dying")
    assert got.intent == "WiltingIntent"
    assert got.slots["Plant"].id == "rose"


def test_a_denied_value_fills_no_slot(gardener: Understander) -> None:
    got = gardener.understand("water not the roses but the lawn please")
    assert got.intent in ("WaterIntent", FALLBACK)
    if got.slots:
        assert got.slots["Plant"].id == "lawn"
