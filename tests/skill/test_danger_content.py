"""The danger files: every row of the triage table is there, speaks safely, and can be reached by what people say."""

from __future__ import annotations

import re

import pytest

from skill.content_loader import load_content
from skill.content_types import LEVELS, Content, Danger
from skill.triage import assess, forbids_stretch, row_fact

ROWS = [f"D{n}" for n in (*range(1, 35), 38, 39, 42)]
"""Rows of the clinical fact sheet that are danger signs; the other rows are answers to questions."""

LEVEL_OF_ROW = (
    {f"D{n}": "emergency" for n in range(1, 17)}
    | {f"D{n}": "urgent" for n in range(17, 35) if n != 33}
    | {"D33": "doctor", "D33u": "urgent", "D22e": "emergency", "D25e": "emergency"}
    | {"D38": "doctor", "D39": "doctor", "D39u": "urgent", "D42": "doctor", "D50": "doctor"}
)

MIN_SAMPLES = 25
SAMPLE = re.compile(r"(?:[a-z]+(?:'[a-z]*)?|\{[A-Za-z]+\}(?:'s)?)(?: (?:[a-z]+(?:'[a-z]*)?|\{[A-Za-z]+\}(?:'s)?))*")
"""Alexa's characters for samples, less periods and hyphens, which people do not say."""

WAKE = ("hey charley", "help my leg", "leg cramp", "charley")
"""Said by Charley itself, these would wake it."""

STRETCHING = re.compile(
    r"\b(?:stretch|rub|massage|pull|straighten|flex|bend|walk it off|push your heel|point your)\w*", re.IGNORECASE
)
REFUSED = re.compile(r"\b(?:don't|don't rub or|don't stretch or|stop)(?: \w+){0,3}$", re.IGNORECASE)
"""What stands before a stretching word that is forbidden or ended, not asked for."""

STRETCH_STANDS = {"D32"}
"""Rows whose line in the clinical sheet is a gentle stretch and a call: the danger is in the salts, not in the leg."""

NAMES_COUNTRY = re.compile(r"\b(?:911|999|112|nhs|a&e|medicare|\d+)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def content() -> Content:
    return load_content()


def _rows(content: Content) -> dict[str, Danger]:
    return {d.id: d for d in content.dangers}


def _ids(content: Content, *types: str) -> set[str]:
    return {v.id for t in types for v in content.slot_types[t].values}


@pytest.mark.parametrize("row", ROWS)
def test_every_row_is_there(content: Content, row: str) -> None:
    assert row in _rows(content)
    assert row in _rows(content)[row].covers


@pytest.mark.parametrize(("row", "level"), sorted(LEVEL_OF_ROW.items()))
def test_each_row_has_its_level(content: Content, row: str, level: str) -> None:
    assert _rows(content)[row].level == level


def test_every_row_is_a_red_flag(content: Content) -> None:
    assert {d.topic for d in content.dangers} == {"red_flag"}


def test_urgent_lines_ask_for_no_stretch(content: Content) -> None:
    for danger in content.dangers:
        if not forbids_stretch(danger) or danger.id in STRETCH_STANDS:
            continue
        for match in STRETCHING.finditer(danger.say):
            before = re.split(r"[.!?]", danger.say[: match.start()])[-1]
            assert REFUSED.search(before.strip()), f"{danger.id} tells to {match.group()}: {danger.say}"


def test_emergency_lines_send_for_help_at_once(content: Content) -> None:
    for danger in content.dangers:
        if danger.level == "emergency":
            assert re.search(r"emergency (?:number|department)|poison centre|crisis line", danger.say), danger.id


def test_lines_do_not_wake_charley_or_name_a_country(content: Content) -> None:
    for danger in content.dangers:
        said = danger.say.lower()
        assert not any(w in said for w in WAKE), danger.id
        assert not NAMES_COUNTRY.search(danger.say), danger.id


def test_lines_do_not_reassure(content: Content) -> None:
    for danger in content.dangers:
        said = danger.say.lower()
        assert not any(w in said for w in ("nothing to worry", "not a clot", "isn't a clot", "stop your statin"))


def test_every_row_names_its_source(content: Content) -> None:
    assert all(d.sources for d in content.dangers)


def test_signs_that_make_a_row_exist(content: Content) -> None:
    known = _ids(content, "Sign", "Condition", "Person") | {"checked_yes", "ten_minutes"}
    for danger in content.dangers:
        assert frozenset().union(*danger.when) <= known, danger.id


def test_every_row_can_be_reached(content: Content) -> None:
    for danger in content.dangers:
        assert danger.utterances or danger.when, danger.id
        facts = {row_fact(danger)} if danger.utterances else set(danger.when[0])
        found = assess(content, facts)
        assert found is not None
        assert LEVELS.index(found.level) >= LEVELS.index(danger.level), danger.id


@pytest.mark.parametrize(
    ("facts", "level"),
    [
        ({"swollen"}, "urgent"),
        ({"one_leg_bigger"}, "urgent"),
        ({"cold"}, "emergency"),
        ({"pale"}, "emergency"),
        ({"numb"}, "urgent"),
        ({"no_feeling"}, "emergency"),
        ({"swollen", "breathless"}, "emergency"),
        ({"pregnant", "swollen"}, "urgent"),
        ({"pregnant", "headache"}, "emergency"),
        ({"after_surgery"}, "urgent"),
        ({"fever", "red"}, "urgent"),
        ({"fever", "red", "confused"}, "emergency"),
        ({"child", "fever"}, "emergency"),
        ({"child", "limping"}, "urgent"),
        ({"statin", "weak"}, "urgent"),
        ({"statin", "dark_urine"}, "emergency"),
        ({"blood_thinner", "bruised"}, "urgent"),
        ({"weak"}, "urgent"),
        ({"sudden_weakness"}, "emergency"),
        ({"dirty_wound", "jaw_locked"}, "emergency"),
        ({"both_swollen"}, "doctor"),
        ({"both_swollen", "breathless"}, "emergency"),
        ({"both_swollen", "pregnant"}, "urgent"),
        ({"twitching"}, "doctor"),
        ({"twitching", "weak"}, "urgent"),
        ({"dialysis"}, "urgent"),
    ],
)
def test_signs_add_up_to_the_highest_level(content: Content, facts: set[str], level: str) -> None:
    found = assess(content, facts)
    assert found is not None
    assert found.level == level


@pytest.mark.parametrize(
    "facts",
    [
        {"pregnant"},
        {"statin"},
        {"diabetic"},
        {"hip_replacement"},
        {"fever"},
        {"headache"},
        {"child"},
        {"nothing"},
        {"denied_swollen", "denied_hot"},
        {"none"},
        {"husband", "limping"},
    ],
)
def test_what_is_no_danger_by_itself(content: Content, facts: set[str]) -> None:
    assert assess(content, facts) is None


def test_pregnancy_swelling_is_sent_to_the_maternity_unit(content: Content) -> None:
    found = assess(content, {"pregnant", "swollen", "hot"})
    assert found is not None
    assert "maternity unit" in found.say


def test_denials_and_lookalikes_make_no_row(content: Content) -> None:
    harmless = {v.id for v in content.slot_types["Sign"].values if v.id == "nothing" or v.id.startswith("denied_")}
    assert "nothing" in harmless
    assert assess(content, harmless) is None


def test_every_denial_denies_a_sign(content: Content) -> None:
    ids = _ids(content, "Sign")
    assert {i.removeprefix("denied_") for i in ids if i.startswith("denied_")} <= ids


def _forms(content: Content, slot_type: str) -> dict[str, str]:
    return {form: v.id for v in content.slot_types[slot_type].values for form in (v.name, *v.synonyms)}


@pytest.mark.parametrize(
    ("said", "sign"),
    [
        ("puffy", "swollen"),
        ("like a balloon", "swollen"),
        ("twice the size of the other one", "one_leg_bigger"),
        ("ice cold", "cold"),
        ("gone white", "pale"),
        ("can't feel it", "no_feeling"),
        ("gone dead", "no_feeling"),
        ("pee looks like coke", "dark_urine"),
        ("can't catch my breath", "breathless"),
        ("isn't swollen", "denied_swollen"),
        ("not red", "denied_red"),
        ("hot water bottle", "nothing"),
        ("a cold", "nothing"),
        ("dead leg", "nothing"),
        ("two minutes", "nothing"),
        ("half an hour ago", "nothing"),
        ("half an hour", "too_long"),
    ],
)
def test_signs_are_named_as_people_name_them(content: Content, said: str, sign: str) -> None:
    assert _forms(content, "Sign")[said] == sign


@pytest.mark.parametrize(
    ("said", "part"),
    [
        ("arch", "foot"),
        ("toes", "foot"),
        ("back of my thigh", "hamstring"),
        ("hammy", "hamstring"),
        ("quads", "quadriceps"),
        ("front of my thigh", "quadriceps"),
        ("glute", "buttock"),
        ("bum", "buttock"),
        ("butt", "buttock"),
        ("shin bone", "shin"),
        ("groin", "inner_thigh"),
        ("hip crease", "inner_thigh"),
        ("thigh", "whole_leg"),
        ("both legs", "whole_leg"),
        ("achilles", "calf"),
    ],
)
def test_parts_are_named_as_people_name_them(content: Content, said: str, part: str) -> None:
    assert _forms(content, "BodyPart")[said] == part


def test_danger_intents_have_enough_samples(content: Content) -> None:
    for danger in content.dangers:
        if danger.utterances:
            assert len(danger.utterances.ask) >= MIN_SAMPLES, danger.id


def test_rows_without_an_intent_follow_from_signs(content: Content) -> None:
    silent = {d.id for d in content.dangers if d.utterances is None}
    assert all(_rows(content)[i].when for i in silent)


def _mine(content: Content) -> list[tuple[str, str]]:
    groups = (*content.conversation, *content.signs_intents, *(d.utterances for d in content.dangers if d.utterances))
    return [(u.intent, sample) for u in groups for sample in u.ask]


def test_samples_keep_to_alexas_characters(content: Content) -> None:
    for intent, sample in _mine(content):
        assert SAMPLE.fullmatch(sample), f"{intent}: {sample}"


def test_slots_in_samples_are_declared_once_each(content: Content) -> None:
    for utterances in content.utterances:
        for sample in utterances.ask:
            names = re.findall(r"\{(\w+)\}", sample)
            assert set(names) <= set(utterances.slots), f"{utterances.intent}: {sample}"
            assert len(names) == len(set(names)), f"{utterances.intent}: {sample}"


def test_no_sample_stands_twice(content: Content) -> None:
    seen: dict[str, str] = {}
    for intent, sample in _mine(content):
        assert sample not in seen, f"'{sample}' of {intent} stands in {seen[sample]} too"
        seen[sample] = intent


def test_a_row_is_never_reached_by_slots_alone(content: Content) -> None:
    """A sample of a row must say what the row is about, or any sign or condition at all would set it off."""
    bare = set(
        [
            "my",
            "his",
            "her",
            "the",
            "a",
            "an",
            "i",
            "i'm",
            "i've",
            "it",
            "it's",
            "is",
            "are",
            "has",
            "and",
            "in",
            "with",
            "of",
            "{}",
        ]
    )
    for danger in content.dangers:
        for sample in danger.utterances.ask if danger.utterances else ():
            if "{Sign}" in sample or "{Condition}" in sample:
                words = {w for w in re.sub(r"\{\w+\}(?:'s)?", "{}", sample).split()}
                assert words - bare, f"{danger.id}: {sample}"


def test_child_rows_speak_of_children_only(content: Content) -> None:
    """{Person} may be a grown-up, and a limp or a fever is no child's emergency in one."""
    for row in ("D12", "D34"):
        utterances = _rows(content)[row].utterances
        assert utterances is not None
        assert "Person" not in utterances.slots
