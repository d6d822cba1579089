"""What the voices read, who reads it, and which words the model knows: the recipe's text side."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

import pytest
import yaml

from voice_models.training import lexicon, prompts, voices
from voice_models.training.phones import (
    PDF_COUNT,
    PHONE_IDS,
    PHONES,
    UNIT_OF_PHONE_ID,
    UNITS,
    forward_transition,
    loop_transition,
    positioned,
)
from voice_models.training.pronouncing import from_mnemonics
from voice_models.training.settings import FULL, MINIATURE, is_held_out

KNOWN = {"my", "calf", "hurts", "stop", "the", "fan", "turn", "on", "off"}


def test_every_phone_has_four_places_and_one_unit() -> None:
    assert len(PHONES) == 39
    assert len(PHONE_IDS) == 2 + 4 * 39
    assert sorted(PHONE_IDS.values()) == list(range(1, len(PHONE_IDS) + 1))
    assert PDF_COUNT == 2 * 41
    assert {UNITS[UNIT_OF_PHONE_ID[PHONE_IDS[f"AH_{place}"]]] for place in "BEIS"} == {"AH"}


def test_transition_ids_are_all_different() -> None:
    ids = [number for phone in PHONE_IDS.values() for number in (forward_transition(phone), loop_transition(phone))]
    assert sorted(ids) == list(range(1, 2 * len(PHONE_IDS) + 1))


@pytest.mark.parametrize(
    ("phones", "names"),
    [
        (["AH"], ["AH_S"]),
        (["T", "UW"], ["T_B", "UW_E"]),
        (["K", "AE", "F"], ["K_B", "AE_I", "F_E"]),
        (["SPN"], ["SPN"]),
    ],
)
def test_phones_know_their_place_in_the_word(phones: list[str], names: list[str]) -> None:
    assert positioned(phones) == [PHONE_IDS[name] for name in names]


def test_a_dictionary_keeps_every_pronunciation_and_drops_stress(tmp_path: Path) -> None:
    path = tmp_path / "words.dict"
    path.write_text("calf K AE1 F\nread R EH1 D\nread(2) R IY1 D # a comment\nread(3) R EH2 D\n")
    assert lexicon.read_dictionary(path) == {"calf": [("K", "AE", "F")], "read": [("R", "EH", "D"), ("R", "IY", "D")]}


@pytest.mark.parametrize("line", ["calf K AE X", "calf"])
def test_a_damaged_dictionary_is_named_with_its_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "words.dict"
    path.write_text(f"a AH\n{line}\n")
    with pytest.raises(lexicon.LexiconError, match=r"words\.dict:2.*mend it"):
        lexicon.read_dictionary(path)


def test_a_missing_dictionary_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(lexicon.LexiconError, match="give another path"):
        lexicon.read_dictionary(tmp_path / "none")


def test_a_written_lexicon_reads_back_and_is_the_same_bytes_each_time(tmp_path: Path) -> None:
    words = {"b": [("B", "IY")], "a": [("AH",), ("EY",)]}
    first, second = tmp_path / "1.txt.gz", tmp_path / "2.txt.gz"
    lexicon.write_lexicon(first, words)
    lexicon.write_lexicon(second, dict(reversed(words.items())))
    assert lexicon.read_dictionary(first) == words
    assert first.read_bytes() == second.read_bytes()
    assert gzip.decompress(first.read_bytes()).decode() == "a AH\na EY\nb B IY\n"


def test_the_extra_words_are_well_formed() -> None:
    extra = lexicon.read_dictionary(lexicon.EXTRA)
    assert extra["charley"] == [("CH", "AA", "R", "L", "IY")]
    assert all(word == prompts.normalise(word) for word in extra)


def test_pieces_hold_all_words_in_order() -> None:
    sentence = [str(number) for number in range(57)]
    cut = list(prompts.pieces([sentence], random.Random(3), longest=10))
    assert " ".join(cut).split() == sentence
    assert all(1 <= len(piece.split()) <= 10 for piece in cut)


def test_every_pattern_names_lists_that_exist() -> None:
    data = yaml.safe_load(prompts.PATTERNS.read_text(encoding="utf-8"))
    for pattern in data["patterns"]:
        for seed in range(20):
            sentence = prompts.expand(pattern, data["lists"], random.Random(seed))
            assert "{" not in sentence


def test_patterns_are_plain_text() -> None:
    data = yaml.safe_load(prompts.PATTERNS.read_text(encoding="utf-8"))
    for name, entries in data["lists"].items():
        assert all(isinstance(entry, str) for entry in entries), name  # 'no' and 'yes' must be quoted in YAML


def test_an_interaction_model_is_spoken_with_its_slot_values(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    language = {
        "intents": [
            {"name": "A", "samples": ["my {Part} hurts"], "slots": [{"name": "Part", "type": "BodyPart"}]},
            {"name": "B", "samples": []},
        ],
        "types": [{"name": "BodyPart", "values": [{"name": {"value": "Calf", "synonyms": ["calf muscle"]}}]}],
    }
    path.write_text(json.dumps({"interactionModel": {"languageModel": language}}))
    said = set(prompts.model_samples(path, random.Random(0), 50))
    assert said == {"my calf hurts", "my calf muscle hurts"}


def test_prompts_hold_known_words_only_and_repeat_with_the_seed(tmp_path: Path) -> None:
    text = tmp_path / "text"
    text.write_text("My calf hurts.\nXylophones hurt, my calf HURTS\n")
    arguments = dict(known=KNOWN, common=["fan", "calf", "it's"], texts=[text], models=[], requests=300, lists=50)
    found = prompts.collect(**arguments, seed=4)
    assert found == prompts.collect(**arguments, seed=4)
    assert found != prompts.collect(**arguments, seed=5)
    assert {word for prompt in found for word in prompt.split()} <= KNOWN
    assert len(found) == len(set(found)) > 20


def test_readings_repeat_with_the_seed_and_keep_to_the_counts() -> None:
    counts = {"espeak": 30, "flite:kal16": 5, "flite:slt": 5, "festival:ked": 5}
    readings = voices.plan_readings(["stop", "my calf hurts"], counts, ["f1", "m1"], seed=1)
    assert readings == voices.plan_readings(["stop", "my calf hurts"], counts, ["f1", "m1"], seed=1)
    assert len(readings) == len({reading.name for reading in readings}) == 45
    assert {reading.voice for reading in readings if reading.engine == "flite"} == {"kal16", "slt"}
    assert all(reading.pitch == 0 for reading in readings if reading.voice == "kal16")
    assert all(reading.voice.endswith(("+f1", "+m1")) for reading in readings if reading.engine == "espeak")


def test_an_invented_voice_is_one_that_espeak_can_read() -> None:
    first, second = (voices.invented_variant(random.Random(seed)) for seed in (1, 2))
    assert first != second
    keys = [line.split()[0] for line in first.splitlines()]
    assert keys[:4] == ["language", "name", "gender", "pitch"]
    assert keys.count("formant") == 9


def test_held_out_speakers_are_known_by_full_name_or_by_variant() -> None:
    assert is_held_out("flite:awb", MINIATURE)
    assert not is_held_out("flite:slt", MINIATURE)
    assert is_held_out("espeak:en-gb+linda", FULL)
    assert not is_held_out("espeak:en-gb+belinda", FULL)


def test_every_word_of_the_patterns_has_a_pronunciation_here_or_in_the_dictionary() -> None:
    pocketsphinx = pytest.importorskip("pocketsphinx", reason="needs pocketsphinx, whose wheel carries the dictionary")
    assert pocketsphinx
    full = lexicon.full_lexicon()
    assert prompts.pattern_words() - full.keys() == set()


@pytest.mark.parametrize(
    ("line", "phones"),
    [
        ("w_'O@_f_3_r_,I_n", "W AO R F ER IH N"),
        (" d_'u:_v_eI", "D UW V EY"),
        ("'i:_d_I#_m_@", "IY D IH M AH"),
        ("dZ_'V_dZ", "JH AH JH"),
        ("tS_'i:_z h_'i@3", "CH IY Z HH IH R"),
    ],
)
def test_what_espeak_would_say_becomes_our_phones(line: str, phones: str) -> None:
    assert from_mnemonics(line) == tuple(phones.split())


def test_a_phoneme_of_another_language_gives_no_pronunciation() -> None:
    assert from_mnemonics("k_'y:_s") is None
    assert from_mnemonics("") is None
