"""The triage table as a pure function of facts (clinical fact sheet, section D)."""

from __future__ import annotations

import pytest

from skill import dangers
from skill.compiled import compiled_content
from skill.session import Session
from skill.triage import assess
from skill.turn import SlotIn, Turn

CONTENT = compiled_content()


@pytest.mark.parametrize(
    ("facts", "level"),
    [
        (set(), None),
        ({"pregnant"}, None),
        ({"swollen"}, "urgent"),
        ({"hot"}, "urgent"),
        ({"red"}, "urgent"),
        ({"swollen", "breathless"}, "emergency"),
        ({"swollen", "pregnant"}, "urgent"),
        ({"cold", "pale"}, "emergency"),
        ({"chest_pain"}, "emergency"),
        ({"checked_yes"}, "emergency"),
        ({"ten_minutes"}, "urgent"),
    ],
)
def test_levels(facts: set[str], level: str | None) -> None:
    row = assess(CONTENT, facts)
    assert (row.level if row else None) == level


def test_the_line_fits_what_was_said_last_among_equals() -> None:
    facts = {"swollen", "numb"}
    swollen, numb = assess(CONTENT, facts, {"swollen"}), assess(CONTENT, facts, {"numb"})
    assert swollen is not None
    assert numb is not None
    assert swollen.id != numb.id


def turn(intent: str, **slots: str) -> Turn:
    return Turn(intent, {name: SlotIn(value, value) for name, value in slots.items()})


def test_signs_combine_across_turns() -> None:
    session = Session(facts={"swollen"}, danger="D17")
    row = dangers.due(CONTENT, session, turn("DangerSignIntent", Sign="breathless"))
    assert row is not None
    assert row.level == "emergency"


def test_a_denied_sign_takes_back_what_was_said() -> None:
    session = Session(facts={"swollen"}, danger="D17")
    assert "swollen" not in dangers.learn(CONTENT, session, turn("NoSignIntent", Sign="swollen"))
    assert "swollen" not in dangers.learn(CONTENT, session, turn("CrampNowIntent", Sign="denied_swollen"))


def test_an_everyday_word_beside_a_danger_does_not_hide_it() -> None:
    row = dangers.due(CONTENT, Session(), turn("ChestPainIntent", Sign="nothing"))
    assert row is not None
    assert row.level == "emergency"


def test_yes_counts_only_as_an_answer_to_the_check() -> None:
    assert dangers.due(CONTENT, Session(asked="check"), turn("AMAZON.YesIntent")) is not None
    assert dangers.due(CONTENT, Session(asked="easing"), turn("AMAZON.YesIntent")) is None


def test_a_standing_danger_does_not_stand_in_the_way_of_stop() -> None:
    session = Session(facts={"swollen"}, danger="D17")
    assert dangers.due(CONTENT, session, turn("AMAZON.StopIntent")) is None
    assert dangers.due(CONTENT, session, turn("StillHurtingIntent")) is not None
