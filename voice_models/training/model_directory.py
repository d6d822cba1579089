"""A Vosk model directory: the acoustic model, its settings, and a decoding graph over common words."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from voice_models.training import lexicon as lexicons
from voice_models.training.decoding_graph import word_boundaries, write_lexicon_graph, write_loop_grammar
from voice_models.training.fbank import BINS, CONFIG
from voice_models.training.kaldi_writer import Node, write_acoustic_model
from voice_models.training.lexicon import Lexicon
from voice_models.training.phones import PHONE_IDS, SILENCE
from voice_models.training.prompts import pattern_words


@dataclass(frozen=True)
class Decoding:
    """How Vosk searches; written into conf/model.conf."""

    beam: float = 14.0
    """Paths worse than the best by more than this are dropped."""
    lattice_beam: float = 2.0
    """Alternatives kept around the best path; above 2, the unknown word makes lattices explode."""
    max_active: int = 3000
    """States kept at each decision."""
    acoustic_scale: float = 1.0
    """Weight of sounds against words."""
    endpoint_s: tuple[float, float, float] = (1.5, 1.5, 1.5)
    """Silence after which an utterance is over: likely complete, perhaps complete, in any case (Kaldi's rules 2–4)."""

    def text(self) -> str:
        """conf/model.conf."""
        rules = "".join(
            f"--endpoint.rule{rule}.min-trailing-silence={seconds}\n" for rule, seconds in enumerate(self.endpoint_s, 2)
        )
        return (
            f"--min-active=200\n--max-active={self.max_active}\n--beam={self.beam}\n--lattice-beam={self.lattice_beam}\n"
            f"--acoustic-scale={self.acoustic_scale}\n--frame-subsampling-factor=3\n"
            f"--endpoint.silence-phones={PHONE_IDS[SILENCE]}\n{rules}"
        )


UNKNOWN_COST = 2.0
"""Cost of each phone of an unknown word. Low hears unknown words everywhere, high nowhere."""

STRANGER = -14.0
"""Log frequency of a word that the general language model does not know."""


def vocabulary(full: Lexicon, common: int, others: Iterable[str]) -> Lexicon:
    """The words of the shipped graph: the most common ones, the recipe's own, and `others` with a pronunciation."""
    own = lexicons.read_dictionary(lexicons.EXTRA)
    return lexicons.choose(full, [*lexicons.common_words(full, common), *own, *pattern_words(), *others])


def write_model(
    folder: Path,
    nodes: Sequence[Node],
    words: Lexicon,
    full: Lexicon,
    decoding: Decoding,
    bits: int = 8,
    frequencies: Mapping[str, float] | None = None,
) -> None:
    """Write a complete model directory.

    Args:
        folder: made anew except for its README.
        nodes: the network.
        words: the words of the decoding graph.
        full: every word with a known pronunciation, for graphs that are built later.
        decoding: search settings.
        bits: bits a weight, 8, 16 or 32.
        frequencies: natural log of each word's frequency, for the general Gr.fst; default PocketSphinx's.
    """
    for part in ("am", "conf", "graph"):
        shutil.rmtree(folder / part, ignore_errors=True)
    graph = folder / "graph"
    (graph / "phones").mkdir(parents=True)
    (folder / "conf").mkdir()
    write_acoustic_model(folder / "am" / "final.mdl", nodes, BINS, bits)
    (folder / "conf" / "fbank.conf").write_text(CONFIG, encoding="ascii")
    (folder / "conf" / "model.conf").write_text(decoding.text(), encoding="ascii")
    (graph / "phones" / "word_boundary.int").write_text("\n".join(word_boundaries()) + "\n", encoding="ascii")
    (graph / "disambig_tid.int").write_bytes(b"")  # Vosk wants the file; this graph has no disambiguation symbols
    numbers = write_lexicon_graph(graph / "HCLr.fst", words, UNKNOWN_COST)
    known = lexicons.frequencies(words) if frequencies is None else frequencies
    costs = {numbers[word]: -known.get(word, STRANGER) for word in words}
    write_loop_grammar(graph / "Gr.fst", costs)
    table = sorted(numbers.items(), key=lambda pair: pair[1])
    (graph / "words.txt").write_text("<eps> 0\n" + "".join(f"{word} {n}\n" for word, n in table), encoding="utf-8")
    lexicons.write_lexicon(folder / "lexicon.txt.gz", full)
