"""From an interaction model to what to listen for."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest
from expansion import expanded

from local_runner.interaction_model import InteractionModel
from local_runner.listening import ClassToken, ListeningModel, listening_model, phrases_model
from local_runner.spoken_forms import BUILT_IN_PHRASES, spoken_words


def model(intents: list[dict[str, Any]], types: list[dict[str, Any]] | None = None) -> InteractionModel:
    language = {"invocationName": "my skill", "intents": intents, "types": types or []}
    return InteractionModel.parse({"interactionModel": {"languageModel": language}})


SKILL = model(
    [
        {
            "name": "Order",
            "slots": [{"name": "size", "type": "Size", "samples": ["the {size} one"]}],
            "samples": ["Get me a {size} coffee", "a {size} latte", "get me 2 a.m. coffees"],
        },
        {"name": "Wait", "slots": [{"name": "time", "type": "AMAZON.DURATION"}], "samples": ["wait {time}"]},
        {"name": "Find", "slots": [{"name": "what", "type": "AMAZON.SearchQuery"}], "samples": ["find {what}"]},
        {"name": "AMAZON.StopIntent"},
        {"name": "AMAZON.FallbackIntent"},
    ],
    [
        {
            "name": "Size",
            "values": [{"name": {"value": "12 oz.", "synonyms": ["small-ish"]}}, {"name": {"value": "Large"}}],
        }
    ],
)


def weights(listening: ListeningModel) -> dict[str, float]:
    found: dict[str, float] = defaultdict(float)
    for sentence in listening.sentences:
        found[sentence.intent] += sentence.weight
    return dict(found)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Stretch for 10 seconds", "stretch for ten seconds"),
        ("at 3 a.m.", "at three a m"),
        ("at three a. m.", "at three a m"),
        ("the 2nd left-hand one, please", "the second left hand one please"),
        ("I’d like 1,250 grams", "i'd like one thousand two hundred and fifty grams"),
        ("3.5%", "three point five percent"),
        ("R&B", "r and b"),
        ("don't  --  stop!", "don't stop"),
        ("crème brûlée", "crème brûlée"),
        ("😀 …", ""),
        ("1.2.3", "one two three"),
    ],
)
def test_text_becomes_what_is_said(text: str, said: str) -> None:
    assert " ".join(spoken_words(text)) == said


def test_samples_slots_and_slot_samples() -> None:
    sentences = [s.tokens for s in listening_model(SKILL).sentences if s.intent == "Order"]
    size = ClassToken("Size")
    assert sentences == [
        ("get", "me", "a", size, "coffee"),
        ("a", size, "latte"),
        ("get", "me", "two", "a", "m", "coffees"),
        ("the", size, "one"),
    ]


def test_values_and_synonyms_fill_a_slot() -> None:
    assert listening_model(SKILL).word_class("Size").phrases == (("twelve", "oz"), ("small", "ish"), ("large",))


def test_built_in_intents_have_their_usual_phrases() -> None:
    said = {" ".join(map(str, s.tokens)) for s in listening_model(SKILL).sentences if s.intent == "AMAZON.StopIntent"}
    assert said >= {"stop", "be quiet", "that's enough"}


def test_what_is_said_for_built_in_intents_belongs_to_one_or_is_alike() -> None:
    everything = [p for phrases in BUILT_IN_PHRASES.values() for p in phrases]
    shared = {p for p in everything if everything.count(p) > 1}
    assert shared <= {"go on"}


def test_an_intent_weighs_the_same_however_many_samples_it_has() -> None:
    found = weights(listening_model(SKILL))
    assert found["Order"] == pytest.approx(found["Wait"]) == pytest.approx(2 * found["AMAZON.StopIntent"])
    assert "AMAZON.FallbackIntent" not in found


def test_what_is_expected_gets_half() -> None:
    found = weights(listening_model(SKILL, ["Wait", "AMAZON.StopIntent", "NotInThisModel"]))
    awaited = found["Wait"] + found["AMAZON.StopIntent"]
    assert awaited == pytest.approx(sum(found.values()) / 2)
    assert weights(listening_model(SKILL, ["NotInThisModel"])) == weights(listening_model(SKILL))


def test_built_in_slots_can_be_said() -> None:
    said = {" ".join(words) for words in expanded(listening_model(SKILL), 3000)}
    assert any(s.startswith("wait twenty") for s in said)
    assert listening_model(SKILL).word_class("AMAZON.SearchQuery").open
    assert {"thirty", "seconds"} <= listening_model(SKILL).vocabulary


def test_every_built_in_slot_has_words() -> None:
    from local_runner.spoken_forms import built_in_slots

    for name in built_in_slots():
        skill = model([{"name": "X", "slots": [{"name": "s", "type": name}], "samples": ["say {s}"]}])
        assert all(words[0] == "say" and len(words) > 1 for words in expanded(listening_model(skill), 40)), name


def test_a_slot_that_nobody_can_fill_takes_its_samples_with_it() -> None:
    skill = model([{"name": "X", "slots": [{"name": "s", "type": "Nothing"}], "samples": ["say {s}", "say it", "{q}"]}])
    assert [s.tokens for s in listening_model(skill).sentences] == [("say", "it")]


def test_the_fingerprint_follows_the_contents() -> None:
    same = listening_model(SKILL).fingerprint
    assert same == listening_model(SKILL).fingerprint
    assert same != listening_model(SKILL, ["Wait"]).fingerprint
    assert phrases_model(["a b"]).fingerprint != phrases_model(["a b", "c"]).fingerprint
