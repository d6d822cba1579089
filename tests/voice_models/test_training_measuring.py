"""How the recipe measures: the published benchmark's mixing, and slots out of what was heard."""

from __future__ import annotations

import numpy as np
import pytest

from voice_models.training.evaluation import FRAME, mix, parse, peak_energy

VALUES = {
    "size": ["medium", "small", "eight ounce"],
    "roast": ["medium roast", "dark roast"],
    "milk": ["a little bit of milk", "a bit of milk", "milk"],
    "drink": ["house coffee", "coffee"],
}


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("a small medium roast house coffee", {"size": "small", "roast": "medium roast", "drink": "house coffee"}),
        ("medium roast medium coffee", {"size": "medium", "roast": "medium roast", "drink": "coffee"}),
        ("coffee with a little bit of milk", {"drink": "coffee", "milk": "a little bit of milk"}),
        ("coffees", {}),
        ("", {}),
    ],
)
def test_longer_values_win_and_no_word_counts_twice(text: str, slots: dict[str, str]) -> None:
    assert parse(text, VALUES) == slots


def test_peak_energy_is_that_of_the_loudest_frame() -> None:
    samples = np.concatenate([np.zeros(FRAME), np.full(FRAME, 100.0), np.full(FRAME, 10.0)])
    assert peak_energy(samples) == pytest.approx(10_000)


@pytest.mark.parametrize("snr_db", [24.0, 6.0])
def test_noise_is_mixed_at_the_ratio_of_peak_energies_and_half_of_full_scale(snr_db: float) -> None:
    rng = np.random.default_rng(0)
    speech = np.concatenate([np.zeros(8 * FRAME), rng.normal(scale=3000, size=8 * FRAME)]).astype(np.int16)
    noise = rng.normal(scale=500, size=40 * FRAME).astype(np.int16)
    mixed = mix(speech, noise, snr_db, offset=5)
    assert mixed.dtype == np.int16
    assert np.abs(mixed).max() == pytest.approx(16383, abs=1)
    chosen = noise[5 : 5 + len(speech)].astype(float)
    parts, *_ = np.linalg.lstsq(np.stack([speech.astype(float), chosen], 1), mixed.astype(float), rcond=None)
    ratio = 10 * np.log10(peak_energy(speech * parts[0]) / peak_energy(chosen * parts[1]))
    assert ratio == pytest.approx(snr_db, abs=0.1)
