"""The questions, their slots and sources, held against the rules of the clinical fact sheet and of Alexa."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from skill.content_loader import CONTENT, load_content
from skill.content_types import Answer, Content, Question
from skill.content_yaml import read_entry
from skill.errors import ContentError
from skill.medical_document import DOCUMENT, example_question, load_statements, render

OWN_SLOT_TYPES = (
    "Cause", "FoodDrink", "Medicine", "Painkiller", "Prevention", "Quinine", "Remedy", "Supplement", "Who", "Worry",
)  # fmt: skip

NEVER_SAY = [
    r"nothing to worry about",
    r"(not|isn't|is not) a (blood )?clot",
    r"push through",
    r"walk it off",
    r"(take|eat) (a |some |more )?(banana|magnesium|potassium|calcium|vitamin)",
    r"supplements? (is|are) (considered )?safe",
    r"(stop|start|keep) (taking )?(your|the|a) (statin|inhaler|tablet|medicine|pill)",
    r"drink (more|plenty|lots|a lot|extra)\b",
    r"(six|eight) glasses",
    r"leg cramp",
    r"hey charley",
    r"help my leg",
    r"\b(guarantee|promise|certainly|definitely|always works)\b",
    r"\bwill (stop|go away|cure|be fine|be gone)\b",
    r"completely safe|perfectly safe|no risk",
]
"""The 'never say' list, promises, and the wake phrases, as patterns over lower-case speech."""

EMERGENCY_NUMBERS = r"\b(911|999|112|111|000|101|811|nine one one|nine nine nine|one one two|one one one|triple zero)\b"

DOSES = (
    r"\b(milligrams?|micrograms?|mg|mcg|grams?|international units?|i u|teaspoons?|tablespoons?|tablespoonful|"
    r"capsules? a day|(one|two|three|four) (tablets?|pills?|capsules?|times a day))\b"
)

PLACE_WORDS = r"\b(n h s|nhs|a and e|g p|er|casualty|e r|urgent care|medicare|walgreens|boots)\b"


@pytest.fixture(scope="module")
def content() -> Content:
    return load_content()


def answers(content: Content) -> Iterator[tuple[Question, Answer]]:
    for question in content.questions:
        for answer in question.answers:
            yield question, answer


def spoken_lines(content: Content) -> list[tuple[str, str]]:
    lines = [(a.id, text) for _, a in answers(content) for text in (a.say, a.more, a.card) if text]
    return lines + [(source.id, source.spoken) for source in content.sources.values()]


def sentences(text: str) -> list[str]:
    return [s for s in re.split(r"(?<=[.?!])\s+", text) if s]


@pytest.mark.parametrize("pattern", [*NEVER_SAY, EMERGENCY_NUMBERS, DOSES, PLACE_WORDS])
def test_forbidden_words_are_said_nowhere(content: Content, pattern: str) -> None:
    found = [f"{where}: {line}" for where, line in spoken_lines(content) if re.search(pattern, line.lower())]
    assert not found


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (NEVER_SAY[0], "it's nothing to worry about"),
        (NEVER_SAY[1], "it isn't a clot"),
        (NEVER_SAY[4], "eat a banana"),
        (NEVER_SAY[6], "stop your statin"),
        (NEVER_SAY[7], "drink more water"),
        (NEVER_SAY[9], "most leg cramps ease"),
        (EMERGENCY_NUMBERS, "call 999"),
        (DOSES, "take two tablets"),
    ],
)
def test_the_patterns_catch_what_they_are_for(pattern: str, line: str) -> None:
    assert re.search(pattern, line)


def test_tonic_and_quinine_are_named_only_to_be_advised_against(content: Content) -> None:
    for _, answer in answers(content):
        for text in (answer.say, answer.more):
            if re.search(r"\b(quinine|tonic)\b", text.lower()):
                whole = f"{answer.say} {answer.more}".lower()
                assert "don't use quinine or tonic water" in whole or "leave tonic water alone" in whole, answer.id


def test_every_line_is_short_enough_to_listen_to(content: Content) -> None:
    for _, answer in answers(content):
        assert len(sentences(answer.say)) <= 2, answer.id
        assert len(sentences(answer.more)) <= 4, answer.id
        assert len(answer.say) <= 240, f"{answer.id}: {len(answer.say)}"
        assert len(answer.more) <= 420, f"{answer.id}: {len(answer.more)}"
        assert max(len(s.split()) for s in sentences(answer.say)) <= 32, answer.id


def test_every_line_is_written_for_the_ear(content: Content) -> None:
    for where, line in spoken_lines(content):
        assert re.fullmatch(r"[A-Za-z ,.;:'-]+", line), f"{where}: a sign that cannot be heard: {line}"
    for _, answer in answers(content):
        for text in filter(None, (answer.say, answer.more)):
            assert text[0].isupper(), f"{answer.id}: the engine adds the question, so a line is a statement"
            assert text.endswith("."), f"{answer.id}: the engine adds the question, so a line is a statement"
            # Capitals are read letter by letter or shouted; the names of two vitamins are letters.
            shouted = set(re.findall(r"\b[A-Z]+\b", text)) - {"I", "A", "D", "B", "K"}
            assert not shouted, f"{answer.id}: {shouted}"


def test_who_asks_about_supplements_or_medicines_is_sent_to_a_pharmacist_or_doctor(content: Content) -> None:
    for question, answer in answers(content):
        if question.id in ("supplements", "quinine", "medicines", "painkillers"):
            whole = f"{answer.say} {answer.more}".lower()
            assert re.search(r"pharmacist|doctor|team", whole) or answer.id == "supplements.iron", answer.id


@pytest.mark.parametrize(
    ("answer", "level"),
    [
        ("every_night.default", "doctor"),
        ("medicines.statin", "doctor"),
        ("medicines.water_tablet", "doctor"),
        ("diabetes_feet.default", "doctor"),
        ("heavy_drinking.default", "doctor"),
        ("crawly_legs.default", "doctor"),
        ("supplements.potassium", "doctor"),
        ("supplements.summary", "doctor"),
        ("quinine.default", "doctor"),
        ("calls.default", None),
        ("privacy.default", None),
    ],
)
def test_levels_of_the_triage_table(content: Content, answer: str, level: str | None) -> None:
    assert {a.id: a.level for _, a in answers(content)}[answer] == level


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        ("every_night.default", "Book a doctor's appointment, because regular cramps can have a treatable cause."),
        ("medicines.statin", "Speak to your doctor or pharmacist before your next statin tablet."),
        ("medicines.water_tablet", "Ring your pharmacist or doctor before you change anything."),
        ("diabetes_feet.default", "Tell your diabetes team about the cramps. Don't use heat or ice on numb feet."),
        ("heavy_drinking.default", "Don't stop heavy drinking suddenly on your own."),
        ("crawly_legs.default", "Get up carefully and walk, or rub your legs."),
        ("quinine.default", "Please don't use quinine or tonic water for cramps. Ask your doctor about safer options."),
        ("prevention.stretching", "It may help, and it's safe for most people. Give it six weeks."),
        ("prevention.water", "Drink normally in the day. If your fluids are limited, ask first."),
        ("supplements.vitamin_k", "One study looked promising. Ask a pharmacist first, and not with warfarin."),
        ("foods.pickle_juice", "It's only been tested in liver disease, and it's very salty."),
    ],
)
def test_lines_that_the_fact_sheet_words_are_said_word_for_word(content: Content, answer: str, line: str) -> None:
    assert line in {a.id: a.say for _, a in answers(content)}[answer]


def test_every_answer_names_its_sources_and_every_general_one_is_marked(content: Content) -> None:
    for _, answer in answers(content):
        assert answer.sources, answer.id
        assert len(set(answer.sources)) == len(answer.sources), answer.id
        assert set(answer.sources) <= set(content.sources), answer.id
    assert content.sources["GK"].confirmed == "general"
    assert [s.id for s in content.sources.values() if s.confirmed == "general"] == ["GK"]


def test_every_source_of_the_fact_sheet_is_here(content: Content) -> None:
    never_assigned = {21, 24, 60}  # numbers that the fact sheet skips; sixty exists as R60b alone
    numbers = {int(m.group(1)) for s in content.sources if (m := re.fullmatch(r"R(\d+)", s))}
    assert numbers == set(range(1, 68)) - never_assigned
    assert {"R5a", "R5b", "R29b", "R38b", "R56a", "R59b", "R60b", "R61a", "R66b", "CKS", "GK"} <= set(content.sources)


def test_samples_obey_the_rules_of_the_platform(content: Content) -> None:
    for question in content.questions:
        for sample in question.utterances.ask:
            plain = re.sub(r"\{(\w+)\}", "x", sample)
            assert re.fullmatch(r"[a-z' .]+", plain), f"{question.id}: {sample}"
            without_abbreviations = re.sub(r"\b[a-z]\.(?=( |$))", "", plain)
            assert "." not in without_abbreviations, f"{question.id}: a period outside an abbreviation: {sample}"
            assert "  " not in sample, sample
            used = re.findall(r"\{(\w+)\}", sample)
            assert set(used) <= set(question.utterances.slots), f"{question.id}: {sample}"
            assert len(used) == len(set(used)), sample


def test_slot_values_obey_the_rules_of_the_platform(content: Content) -> None:
    for name in OWN_SLOT_TYPES:
        for value in content.slot_types[name].values:
            for form in (value.name, *value.synonyms):
                assert re.fullmatch(r"[a-z' .]+", form), f"{name}: {form}"
                assert len(form) <= 140
            assert value.synonyms, f"{name}: {value.id}"
            assert len(set(value.synonyms) | {value.name}) == 1 + len(value.synonyms), f"{name}: {value.id} repeats"


def test_no_sample_stands_twice(content: Content) -> None:
    seen: dict[str, str] = {}
    for question in content.questions:
        for sample in question.utterances.ask:
            bare = re.sub(r"\{\w+\}", "{}", sample)
            key = sample if "{}" in bare else bare
            assert key not in seen, f"'{sample}' stands in {seen[key]} and {question.id}"
            seen[key] = question.id


def test_no_sample_with_its_slot_filled_in_is_a_sample_of_another_question(content: Content) -> None:
    plain = {s: q.id for q in content.questions for s in q.utterances.ask if "{" not in s}
    for question in content.questions:
        for sample in question.utterances.ask:
            names = re.findall(r"\{(\w+)\}", sample)
            if len(names) != 1:
                continue
            for value in content.slot_types[question.utterances.slots[names[0]]].values:
                for form in (value.name, *value.synonyms):
                    said = sample.replace(f"{{{names[0]}}}", form)
                    assert plain.get(said, question.id) == question.id, f"'{said}': {plain.get(said)}, {question.id}"


def test_every_question_can_be_asked_in_many_ways(content: Content) -> None:
    for question in content.questions:
        assert len(question.utterances.ask) >= 30, f"{question.id}: {len(question.utterances.ask)}"


def test_every_answer_can_be_reached_and_every_slot_value_has_one(content: Content) -> None:
    for question, answer in answers(content):
        assert example_question(content, question, answer)
    for name, question_id in {
        "Cause": "cause", "Supplement": "supplements", "FoodDrink": "foods", "Medicine": "medicines",
        "Remedy": "remedy", "Prevention": "prevention_method", "Worry": "worry",
    }.items():  # fmt: skip
        question = next(q for q in content.questions if q.id == question_id)
        answered = {i for a in question.answers for i in a.when.get(name, ())}
        assert answered == {v.id for v in content.slot_types[name].values}, name


def test_answer_ids_are_unique(content: Content) -> None:
    ids = [a.id for _, a in answers(content)]
    assert len(set(ids)) == len(ids)


def test_every_statement_is_taken_up_or_deliberately_unsaid(content: Content) -> None:
    statements, _ = load_statements()
    assert [s.id for s in statements] == [*(f"S{n}" for n in range(1, 59)), *(f"O{n}" for n in range(1, 21))]
    covered = {number for _, answer in answers(content) for number in answer.covers}
    assert not [s.id for s in statements if s.id not in covered and not s.unsaid]
    rows = {f"D{n}" for n in range(1, 52)}
    assert covered <= {s.id for s in statements} | rows
    assert {"D35", "D36", "D37", "D40", "D41", "D43", "D44", "D45"} <= covered


def test_what_must_not_be_said_has_its_reason() -> None:
    statements, never = load_statements()
    contradicted = {s.id for s in statements if s.verdict == "contradict"}
    assert contradicted == {"S45", "S46", "S47", "S48", "S49", "S52"}
    assert all(s.unsaid for s in statements if s.id in contradicted)
    assert len(never) >= 9


def test_a_contradicted_statement_needs_a_reason(tmp_path: Path) -> None:
    (tmp_path / "statements.yaml").write_text("statements:\n  S1: {says: Salt cures., verdict: contradict}\n")
    with pytest.raises(ContentError, match=r"statements\.yaml:2: .*needs 'unsaid'"):
        load_statements(tmp_path)


def test_an_unknown_verdict_is_refused(tmp_path: Path) -> None:
    (tmp_path / "statements.yaml").write_text("statements:\n  S1: {says: Salt cures., verdict: maybe}\n")
    with pytest.raises(ContentError, match="'verdict' must be one of"):
        load_statements(tmp_path)


def test_the_medical_page_is_in_step_and_says_that_nobody_has_reviewed_it(content: Content) -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == render(content), "run: python -m skill.medical_document"
    assert "Reviewed by: nobody yet" in DOCUMENT.read_text(encoding="utf-8")


def test_statements_file_is_yaml_of_our_form_and_ships_with_the_package() -> None:
    assert read_entry(CONTENT / "statements.yaml", CONTENT)
    project = tomllib.loads((CONTENT.parent.parent / "pyproject.toml").read_text(encoding="utf-8"))
    assert "skill" in project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]


def test_the_held_out_questions_are_no_samples(content: Content) -> None:
    lines = (Path(__file__).parent / "questions_heldout.tsv").read_text(encoding="utf-8").splitlines()
    held_out = [line.split("\t") for line in lines if line and not line.startswith("#")]
    samples = {sample for utterances in content.utterances for sample in utterances.ask}
    assert len(held_out) >= 100
    assert not [text for _, text in held_out if text in samples]
    assert {topic for topic, _ in held_out} == {q.utterances.topic for q in content.questions}
