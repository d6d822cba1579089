"""The recipe's sound side: labels that follow the speed, noise at the asked ratio, and alignment by Viterbi."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from voice_models.training.augmentation import SUBSAMPLING, Copy, Mixer, labels, make_copy, mask, power, subsample, tone
from voice_models.training.dataset import is_development, plan_shards, read_copies, write_copies
from voice_models.training.fbank import BINS
from voice_models.training.phones import PDF_COUNT, UNITS
from voice_models.training.realignment import best_path, paths, phones_of
from voice_models.training.settings import MINIATURE
from voice_models.training.workplace import append_rows, read_rows

CALF = [("K", 10, 6), ("AE", 16, 12), ("F", 28, 9)]


def test_labels_name_each_frame_and_leave_the_rest_silent() -> None:
    unit, number = labels(CALF, 50)
    assert [UNITS[index] for index in unit[[0, 10, 15, 16, 28, 36, 37]]] == ["SIL", "K", "K", "AE", "F", "F", "SIL"]
    assert list(number[[0, 10, 16, 28, 40]]) == [-1, 0, 1, 2, -1]


def test_the_first_frame_of_a_phone_has_its_own_output() -> None:
    pdfs, units = subsample(*labels(CALF, 50), np.arange(0, 50, SUBSAMPLING))
    assert [UNITS[index] for index in units] == ["SIL", "K", "AE", "F", "SIL"]
    starts = pdfs % 2 == 0
    assert starts.sum() == 5
    assert starts[0]
    assert [UNITS[pdf // 2] for pdf in pdfs[starts]] == ["SIL", "K", "AE", "F", "SIL"]


def test_two_equal_phones_in_a_row_stay_two() -> None:
    _, units = subsample(*labels([("S", 0, 9), ("S", 9, 9)], 18), np.arange(0, 18, SUBSAMPLING))
    assert [UNITS[index] for index in units] == ["S", "S"]


def test_a_copy_keeps_its_words_at_every_speed_and_fits_its_labels() -> None:
    sound = np.random.default_rng(1).normal(scale=0.1, size=8000).astype(np.float32)
    lengths = set()
    for seed in range(12):
        copy = make_copy(sound, CALF, [], np.random.default_rng(seed))
        assert [UNITS[index] for index in copy.units] == ["SIL", "K", "AE", "F", "SIL"]
        assert len(copy.pdfs) == -(-len(copy.features) // SUBSAMPLING)
        assert copy.features.shape[1] == BINS
        lengths.add(len(copy.features))
    assert len(lengths) > 6


def flat(level: float, frames: int = 300) -> np.ndarray:
    return np.full((frames, BINS), level, np.float32)


@pytest.mark.parametrize("snr_db", [20.0, 0.0, -10.0])
def test_noise_is_added_at_the_asked_ratio(snr_db: float) -> None:
    speech = flat(10.0)
    mixed = Mixer([flat(3.0)]).add(speech, power(speech), snr_db, np.random.default_rng(0))
    wanted = power(speech) * (1 + 10 ** (-snr_db / 10))
    assert power(mixed) == pytest.approx(wanted, rel=0.03)


def test_the_sum_of_equal_parts_varies_as_phases_do() -> None:
    speech = flat(10.0, 4000)
    mixed = Mixer([flat(3.0)]).add(speech, power(speech), 0.0, np.random.default_rng(0))
    spread = mixed.std(0)
    assert spread[0] > 2 * spread[-1] > 0.1  # few FFT bins in a low mel band, many in a high one


def test_an_occasion_is_never_the_same_twice_and_always_finite() -> None:
    copy = Copy(flat(8.0).astype(np.float16), np.full(100, 4, np.int16), np.array([2], np.int16))
    mixer, rng = Mixer([flat(3.0), flat(-2.0)]), np.random.default_rng(0)
    first, second = mixer.occasion(copy, rng), mixer.occasion(copy, rng)
    assert np.isfinite(first).all()
    assert not np.allclose(first, second)


def test_a_tone_is_smooth() -> None:
    response = tone(np.random.default_rng(2))
    assert response.shape == (BINS,)
    assert np.abs(np.diff(response)).max() < 0.6


def test_masks_blank_some_and_leave_most() -> None:
    features = np.ones((200, BINS), np.float32)
    for seed in range(5):
        mask(features, np.random.default_rng(seed))
    assert 0.2 < features.mean() < 1


def test_shards_read_back_as_they_were_written(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    three = np.arange(3).astype(np.int16)
    copies = [
        Copy(rng.normal(size=(n, BINS)).astype(np.float16), np.arange(n // 3).astype(np.int16), three) for n in (30, 60)
    ]
    path = tmp_path / "shard.npz"
    write_copies(path, copies)
    for before, after in zip(copies, read_copies(path), strict=True):
        assert (before.features == after.features).all()
        assert (before.pdfs == after.pdfs).all()
        assert (before.units == after.units).all()
    assert list(tmp_path.iterdir()) == [path]


def test_held_out_voices_never_reach_a_training_shard(tmp_path: Path) -> None:
    rows = [
        {"name": f"{voice}-{number}", "engine": "flite", "voice": voice, "phones": [["K", 0, 5]] if number else None}
        for voice in ("awb", "slt")
        for number in range(300)
    ]
    shards = plan_shards(rows, tmp_path, MINIATURE)
    training = [row for shard in shards if shard.path.name.startswith("train") for row in shard.rows]
    development = [row for shard in shards if shard.path.name.startswith("dev") for row in shard.rows]
    assert {row["voice"] for row in training} == {"slt"}
    assert (
        len(training) + MINIATURE.copies * sum(row["voice"] == "slt" for row in development) == MINIATURE.copies * 299
    )
    assert all(is_development(row, MINIATURE) for row in development)
    assert len({shard.seed for shard in shards}) == len(shards)
    assert [shard.path for shard in shards] == [shard.path for shard in plan_shards(rows[::-1], tmp_path, MINIATURE)]


WORDS = {"calf": [("K", "AE", "F")], "a": [("AH",), ("EY",)]}


def scores_for(spoken: list[tuple[str, int]]) -> np.ndarray:
    """Scores that favour the given units for so many decisions each."""
    scores = np.full((sum(count for _, count in spoken), PDF_COUNT), -5.0, np.float32)
    at = 0
    for phone, count in spoken:
        unit = UNITS.index(phone)
        scores[at, 2 * unit] = scores[at + 1 : at + count, 2 * unit + 1] = 1.0
        at += count
    return scores


@pytest.mark.parametrize("vowel", ["AH", "EY"])
@pytest.mark.parametrize("pause", [0, 7])
def test_viterbi_finds_the_pronunciation_the_pauses_and_the_times(vowel: str, pause: int) -> None:
    spoken = [("SIL", 4), (vowel, 3), *([("SIL", pause)] if pause else []), ("K", 2), ("AE", 5), ("F", 3), ("SIL", 6)]
    ways = paths(["a", "calf"], WORDS)
    found = best_path(scores_for(spoken), ways)
    assert found is not None
    assert found[1] == pytest.approx(1.0)
    phones = phones_of(found[0], ways, offset=0)
    assert [phone for phone, _, _ in phones] == [phone for phone, _ in spoken]
    assert [length for _, _, length in phones[1:]] == [count * SUBSAMPLING for _, count in spoken[1:]]


def test_a_sentence_longer_than_its_sound_does_not_fit() -> None:
    assert best_path(scores_for([("SIL", 3)]), paths(["calf", "calf"], WORDS)) is None


def test_padding_is_taken_off_the_clock() -> None:
    ways = paths(["a"], WORDS)
    found = best_path(scores_for([("SIL", 10), ("AH", 4), ("SIL", 6)]), ways)
    assert found is not None
    assert phones_of(found[0], ways, offset=30) == [("AH", 0, 11), ("SIL", 11, 18)]


def test_rows_survive_an_interrupted_run(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps({"name": "a"}) + '\n{"name": "b", "pho')
    assert read_rows(path) == [{"name": "a"}]
    assert list(append_rows(path, [[{"name": "c"}], [{"name": "d"}]])) == [[{"name": "c"}], [{"name": "d"}]]
    assert read_rows(path) == [{"name": "a"}, {"name": "c"}, {"name": "d"}]
