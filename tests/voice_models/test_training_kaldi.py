"""The files that Kaldi reads: binary formats byte by byte, and a whole model directory through the stock vosk wheel."""

from __future__ import annotations

import shutil
import struct
from pathlib import Path

import numpy as np
import pytest

from voice_models.training import decoding_graph
from voice_models.training.evaluation import Ear
from voice_models.training.fbank import BINS, LENGTH, SHIFT, fbank, mel_weights
from voice_models.training.kaldi_writer import Affine, Copy, Node, Relu, write_acoustic_model
from voice_models.training.phones import PDF_COUNT, UNITS

rng = np.random.default_rng(5)


def small_network(favourite: str) -> list[Node]:
    """A network whose scores hardly depend on the sound: `favourite` is always likeliest."""
    scores = np.full(PDF_COUNT, -5.0, np.float32)
    scores[2 * UNITS.index(favourite) : 2 * UNITS.index(favourite) + 2] = 0.0
    return [
        Affine("a", "Append(Offset(input, -1), input)", rng.normal(size=(8, 2 * BINS)).astype(np.float32) * 0.01,
               np.zeros(8, np.float32)),
        Relu("b", "a", 8),
        Copy("c", "Sum(b, Scale(0.75, a))", 8),
        Affine("scores", "c", np.full((PDF_COUNT, 8), 1e-4, np.float32), scores),
    ]  # fmt: skip


def test_matrices_of_eight_and_sixteen_bits_are_close_to_the_real_ones(tmp_path: Path) -> None:
    weights = rng.normal(size=(6, 5)).astype(np.float32)
    for bits, tag, kind, limit in ((8, b"CM3 ", "u1", 0.02), (16, b"CM2 ", "<u2", 1e-4)):
        path = tmp_path / f"{bits}.mdl"
        write_acoustic_model(path, [Affine("x", "input", weights, np.zeros(6, np.float32))], 5, bits)
        data = path.read_bytes()
        at = data.index(tag) + 4
        low, span, rows, columns = struct.unpack_from("<ffii", data, at)
        assert (rows, columns) == weights.shape
        levels = np.frombuffer(data, kind, 30, at + 16).reshape(6, 5)
        assert np.abs(low + span * levels / (2**bits - 1) - weights).max() < limit


def test_the_acoustic_model_names_its_parts_in_order(tmp_path: Path) -> None:
    path = tmp_path / "final.mdl"
    write_acoustic_model(path, small_network("SIL"), BINS)
    data = path.read_bytes()
    assert data.startswith(b"\0B<TransitionModel> <Topology> ")
    places = [
        data.index(token) for token in (b"</TransitionModel>", b"<Nnet3>", b"name=scores", b"</Nnet3>", b"<Priors>")
    ]
    assert places == sorted(places)


def have_tools() -> bool:
    try:
        decoding_graph.look_ahead_plugin()
    except decoding_graph.GraphError:
        return False
    return shutil.which("fstcompile") is not None


needs_tools = pytest.mark.skipif(not have_tools(), reason="needs Debian's libfst-tools and libfst22-plugins-base")


@needs_tools
def test_vosk_loads_a_model_written_here_and_hears_what_its_network_prefers(tmp_path: Path) -> None:
    from voice_models.training.model_directory import Decoding, write_model

    words = {"eye": [("AY",)], "calf": [("K", "AE", "F")], "too": [("T", "UW")]}
    sound = rng.normal(scale=500, size=16_000).astype(np.int16)
    heard = {}
    for favourite in ("SIL", "AY"):
        folder = tmp_path / favourite
        frequencies = {word: -3.0 for word in words}
        write_model(
            folder, small_network(favourite), words, words, Decoding(acoustic_scale=1.0), frequencies=frequencies
        )
        heard[favourite] = Ear(folder).hear(sound)
    assert heard["SIL"] == ""
    assert set(heard["AY"].split()) == {"eye"}


@needs_tools
def test_a_graph_that_openfst_refuses_is_reported(tmp_path: Path) -> None:
    with pytest.raises(decoding_graph.GraphError, match=r"refused Gr\.fst"):
        decoding_graph.run_tools("fstcompile --isymbols=/none", "0\t0\tx\tx\n", tmp_path / "Gr.fst")


def test_fbank_frames_are_counted_as_kaldi_counts_them() -> None:
    assert fbank(np.zeros(LENGTH - 1, np.float32)).shape == (0, BINS)
    assert fbank(np.zeros(LENGTH + 3 * SHIFT, np.float32)).shape == (4, BINS)


def test_fbank_equals_kaldis() -> None:
    # What kaldi-native-fbank 1.23 gives for this sound (dither 0): bins 0, 9, 20 and 39 of the first and last frame.
    time = np.arange(1600) / 16_000
    sound = (3000 * np.sin(2 * np.pi * 440 * time) + 2 * (np.arange(1600) * 7919 % 997 - 498)).astype(np.float32)
    features = fbank(sound)
    known = {0: [7.3513, 11.7877, 20.5884, 20.0639], 7: [8.4863, 11.7574, 20.5884, 20.0638]}
    for frame, values in known.items():
        assert features[frame, [0, 9, 20, 39]] == pytest.approx(values, abs=1e-3)


def test_a_warp_above_one_moves_formants_up() -> None:
    time = np.arange(4000) / 16_000
    tone = (1000 * np.sin(2 * np.pi * 1500 * time)).astype(np.float32)
    bins = [int(fbank(tone, warp).mean(0).argmax()) for warp in (0.88, 1.0, 1.12)]
    assert bins[0] < bins[1] < bins[2]


def test_mel_filters_cover_the_band_and_stop_at_its_edge() -> None:
    weights = mel_weights()
    assert weights.shape == (256, BINS)
    assert (weights.sum(0) > 0).all()
    assert not weights[int(7700 / 31.25) :].any()
