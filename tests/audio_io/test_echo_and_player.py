"""Echo cancellation and the player: pure signal processing, judged by levels."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from local_runner.audio import FRAME_SAMPLES
from local_runner.audio.echo import EchoCanceller
from local_runner.audio.player import Player

RATE = 16_000


def babble(seconds: float, seed: int, level: float = -25.0) -> NDArray[np.float64]:
    """Noise with the spectrum and the bursts of speech."""
    generator = np.random.default_rng(seed)
    count = int(seconds * RATE)
    white = generator.normal(size=count + 64)
    coloured = np.convolve(white, np.exp(-np.arange(64) / 8), mode="valid")[:count]
    bursts = np.repeat(generator.uniform(size=count // 3200 + 1) > 0.35, 3200)[:count]
    sound = coloured * np.convolve(bursts, np.hanning(800) / 400, mode="same")
    return sound / np.sqrt(np.mean(sound**2)) * 32768 * 10 ** (level / 20)


def level(samples: NDArray[np.generic]) -> float:
    return float(10 * np.log10(np.mean(np.square(samples.astype(float))) / 32768**2 + 1e-12))


def room_echo(played: NDArray[np.float64], delay: int = 1900) -> NDArray[np.float64]:
    response = np.zeros(delay + 1200)
    response[delay] = 0.6
    response[delay:] += np.random.default_rng(3).normal(0, 0.04, 1200) * np.exp(-np.arange(1200) / 300)
    return np.convolve(played, response)[: len(played)]


def cancelled(heard: NDArray[np.float64], played: NDArray[np.float64], canceller: EchoCanceller) -> NDArray[np.int16]:
    heard16, played16 = (np.clip(x, -32768, 32767).astype(np.int16) for x in (heard, played))
    frames = range(0, len(heard16) - FRAME_SAMPLES + 1, FRAME_SAMPLES)
    return np.concatenate(
        [canceller.cancel(heard16[i : i + FRAME_SAMPLES], played16[i : i + FRAME_SAMPLES]) for i in frames]
    )


def test_an_echo_is_taken_out_and_whoever_talks_into_it_is_kept() -> None:
    played = babble(12, 1)
    echo = room_echo(played)
    somebody = np.zeros_like(played)
    somebody[8 * RATE : 10 * RATE] = babble(2, 2, level(echo))
    canceller = EchoCanceller()
    left = cancelled(echo + somebody + np.random.default_rng(4).normal(0, 20, len(played)), played, canceller)
    assert canceller.learned
    assert canceller.trusted
    before, talking, after = (slice(a * RATE, b * RATE) for a, b in ((5, 8), (8, 10), (10, 12)))
    assert level(left[before]) < level(echo[before]) - 15
    assert level(left[after]) < level(echo[: len(left)][after]) - 15
    assert level(left[talking] - somebody[talking]) < level(somebody[talking]) - 10


def test_without_an_echo_nothing_is_changed() -> None:
    played, somebody = babble(6, 1), babble(6, 2)
    canceller = EchoCanceller()
    left = cancelled(somebody, played, canceller)
    assert not canceller.learned
    assert np.array_equal(left, somebody.astype(np.int16)[: len(left)])
    assert canceller.trusted


def test_silence_on_the_loudspeaker_costs_nothing_and_changes_nothing() -> None:
    frame = np.full(FRAME_SAMPLES, 100, np.int16)
    canceller = EchoCanceller()
    assert all(canceller.cancel(frame, np.zeros(FRAME_SAMPLES, np.int16)) is frame for _ in range(5))


@pytest.fixture
def player() -> Player:
    player = Player(RATE)
    player.play("a", np.full(RATE, 10_000, np.int16))
    return player


def test_it_plays_everything_in_order_and_says_what_is_over(player: Player) -> None:
    player.play("b", np.full(100, 5, np.int16))
    sound = np.concatenate([player.pull(700) for _ in range(24)])
    assert np.array_equal(sound[:RATE], np.full(RATE, 10_000))
    assert np.array_equal(sound[RATE : RATE + 100], np.full(100, 5))
    assert not sound[RATE + 100 :].any()
    assert player.take_finished() == ["a", "b"]
    assert not player.busy


def test_stopping_fades_within_a_fortieth_of_a_second_and_does_not_click(player: Player) -> None:
    player.pull(1000)
    player.stop()
    sound = player.pull(1000).astype(int)
    assert not sound[RATE // 40 :].any()
    assert np.abs(np.diff(sound)).max() < 100
    player.pull(10)
    assert not player.busy
    player.play("c", np.full(100, 7, np.int16))
    assert player.pull(100).tolist() == [7] * 100


def test_something_new_after_a_stop_is_not_lost(player: Player) -> None:
    player.pull(1000)
    player.stop()
    player.play("c", np.full(2000, 7, np.int16))
    assert np.count_nonzero(player.pull(3000) == 7) > 1900


def test_a_pause_holds_the_place_to_the_sample(player: Player) -> None:
    total = np.count_nonzero(player.pull(1000))
    player.pause()
    paused = player.pull(5000)
    total += np.count_nonzero(paused)
    assert not paused[500:].any()
    assert player.busy
    player.resume()
    while player.busy:
        total += np.count_nonzero(player.pull(640))
    assert total == pytest.approx(RATE, abs=5)
