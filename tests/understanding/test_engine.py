"""One utterance to one intent: safety, exact, likely, rejected; slots with entity resolution; choice of hypotheses."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local_runner.hearing import Hypothesis, Recognition, Word
from local_runner.interaction_model import InteractionModel
from local_runner.understanding import FALLBACK, Understander


def ids(understander: Understander, text: str) -> dict[str, str | None]:
    return {s.name: s.id or s.value for s in understander.understand(text).slots.values()}


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("stop", "Stop"),
        ("Stop!", "Stop"),
        ("ow stop please", "Stop"),
        ("stop stop stop", "Stop"),
        ("uh cancel", "Cancel"),
        ("help", "Help"),
        ("please help", "Help"),
    ],
)
@pytest.mark.parametrize("expected", [(), ("PlantNameIntent", "WaterIntent")])
def test_safety_words_are_never_blocked(
    gardener: Understander, said: str, intent: str, expected: tuple[str, ...]
) -> None:
    got = gardener.understand(said, expected)
    assert got.intent == f"AMAZON.{intent}Intent"
    assert got.score == 1.0


@pytest.mark.parametrize(
    ("said", "intent", "slots"),
    [
        ("water the tomatoes", "WaterIntent", {"Plant": "tomato"}),
        ("Water the cherry tomatoes.", "WaterIntent", {"Plant": "tomato"}),
        ("uh water the the grass", "WaterIntent", {"Plant": "lawn"}),
        ("water the lawn for ten minutes", "WaterIntent", {"Plant": "lawn", "Time": "PT10M"}),
        ("roses", "PlantNameIntent", {"Plant": "rose"}),
        ("no the rose bush", "PlantNameIntent", {"Plant": "rose"}),
        ("water the roses no the lawn", "WaterIntent", {"Plant": "lawn"}),
        ("i have twenty two trees", "CountIntent", {"Number": "22"}),
        ("say that again", "AMAZON.RepeatIntent", {}),
        ("yes please", "AMAZON.YesIntent", {}),
    ],
)
def test_samples_word_for_word(gardener: Understander, said: str, intent: str, slots: dict[str, str]) -> None:
    assert gardener.understand(said).intent == intent
    assert ids(gardener, said) == slots


@pytest.mark.parametrize(
    ("said", "intent", "slots"),
    [
        ("could you give my tomato plants something to drink", "WaterIntent", {"Plant": "tomato"}),
        ("i think the roses want watering", "WaterIntent", {"Plant": "rose"}),
        ("my apple tree has turned all yellow and sad", "WiltingIntent", {"Plant": "apple"}),
        ("when should i be putting tomatoes in", "WhenToPlantIntent", {"Plant": "tomato"}),
        ("watter the tomatos", "WaterIntent", {"Plant": "tomato"}),
    ],
)
def test_paraphrases_and_misspellings(gardener: Understander, said: str, intent: str, slots: dict[str, str]) -> None:
    got = gardener.understand(said)
    assert (got.intent, got.rejected) == (intent, None)
    assert 0.5 <= got.score <= 1.0
    assert ids(gardener, said).items() >= slots.items()


@pytest.mark.parametrize(
    "said",
    [
        "what is the weather tomorrow",
        "did you lock the front door",
        "play something by mozart",
        "how much do i owe the bank",
        "what is the plant manager called",
    ],
)
def test_everything_else_is_rejected(gardener: Understander, said: str) -> None:
    got = gardener.understand(said)
    assert got.intent == FALLBACK
    assert got.rejected
    assert not got.slots


@pytest.mark.parametrize("said", ["", "   ", "…", "[unk]", "[unk] [unk]", "the", "it is", "uh the um", "of to"])
def test_nothing_said_is_nothing_understood(gardener: Understander, said: str) -> None:
    got = gardener.understand(said)
    assert got.intent == FALLBACK
    assert got.rejected


def test_a_rejection_says_what_it_would_have_been(gardener: Understander) -> None:
    got = gardener.understand("the roses are not wilting")
    assert got.intent == FALLBACK
    assert got.best_guess == "WiltingIntent"


def test_free_text_is_found_from_its_carrier(gardener: Understander) -> None:
    got = gardener.understand("please make a note that the hose is leaking by the shed")
    assert got.intent == "NoteIntent"
    assert got.slots["Text"].value == "the hose is leaking by the shed"
    assert not got.slots["Text"].custom


def test_entity_resolution(gardener: Understander) -> None:
    slot = gardener.understand("my turf is thirsty").slots["Plant"]
    assert (slot.value, slot.resolved, slot.id, slot.type, slot.custom) == ("turf", "lawn", "lawn", "Plant", True)


def test_what_the_session_expects_tips_the_scales(gardener: Understander) -> None:
    said = "those by the fence"
    assert (
        gardener.understand(said, ["PlantNameIntent"]).score >= gardener.understand(said).score
        or gardener.understand(said, ["PlantNameIntent"]).best_guess == "PlantNameIntent"
    )
    assert gardener.understand("water the lawn", ["NoSuchIntent", FALLBACK]).intent == "WaterIntent"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_text_at_all_has_an_answer(gardener: Understander, text: str) -> None:
    got = gardener.understand(text)
    assert 0.0 <= got.score <= 1.0
    assert (got.intent == FALLBACK) == (got.rejected is not None)
    assert got.heard == text


def hypothesis_of(text: str, confidence: float) -> Hypothesis:
    words = tuple(Word(w, i * 0.3, i * 0.3 + 0.3, confidence) for i, w in enumerate(text.split()))
    return Hypothesis(text, confidence, words)


def test_a_later_hypothesis_that_makes_sense_is_chosen(gardener: Understander) -> None:
    heard = Recognition((hypothesis_of("whatever the low sis", 0.8), hypothesis_of("water the roses", 0.7)))
    got = gardener.choose(heard)
    assert (got.intent, got.heard) == ("WaterIntent", "water the roses")


def test_speech_outside_the_vocabulary_is_not_for_the_skill(gardener: Understander) -> None:
    got = gardener.choose(Recognition((hypothesis_of("[unk] [unk] [unk] roses [unk]", 0.9),)))
    assert got.intent == FALLBACK
    assert got.best_guess == "PlantNameIntent"


def test_what_was_hardly_heard_is_not_acted_on(gardener: Understander) -> None:
    assert gardener.choose(Recognition((hypothesis_of("water the roses", 0.1),))).intent == FALLBACK
    assert gardener.choose(Recognition((hypothesis_of("stop", 0.1),))).intent == "AMAZON.StopIntent"


def test_the_free_decode_is_the_recognisers_to_weigh(gardener: Understander) -> None:
    # What was said to somebody else lowers the confidence of the words; that alone decides here.
    free = hypothesis_of("i will be home late on thursday then", 0.9)
    assert gardener.choose(Recognition((hypothesis_of("water the roses", 0.9),), free)).intent == "WaterIntent"
    assert gardener.choose(Recognition((hypothesis_of("water the roses", 0.2),), free)).intent == FALLBACK


def test_silence_is_nothing(gardener: Understander) -> None:
    assert gardener.choose(Recognition((Hypothesis("", 0.0),))).intent == FALLBACK


def test_a_model_without_samples_still_works() -> None:
    model = InteractionModel.parse(
        {
            "interactionModel": {
                "languageModel": {"invocationName": "nothing much", "intents": [{"name": "AMAZON.HelpIntent"}]}
            }
        }
    )
    understander = Understander.load(model)
    assert understander.understand("help").intent == "AMAZON.HelpIntent"
    assert understander.understand("what is the capital of peru").intent == FALLBACK
