"""Where voice models are, and what is in one: a directory in Vosk's layout, checked before Vosk sees it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from local_runner.errors import RecogniserError
from local_runner.hearing import UNKNOWN_WORD
from local_runner.recognition.fst import read_const_fst
from voice_models.places import installed

OFFICIAL_MODEL = "vosk-model-small-en-us-0.15"
OWN_MODEL = "charley-en"
_MEND = "fetch it again with `charley voices fetch NAME`, or choose another with --model"


@dataclass(frozen=True)
class VoiceModel:
    """A voice model on disk whose files are all there."""

    path: Path

    @classmethod
    def open(cls, path: Path) -> VoiceModel:
        """Check a directory.

        Raises:
            RecogniserError: it is missing, or is not a whole voice model.
        """
        if not path.is_dir():
            raise RecogniserError(f"there is no voice model in {path}", _MEND)
        needed = ["am/final.mdl", "conf/model.conf"]
        if not (path / "graph/HCLG.fst").exists():
            needed += ["graph/HCLr.fst", "graph/Gr.fst", "graph/words.txt"]
        if missing := [name for name in needed if not (path / name).is_file() or not (path / name).stat().st_size]:
            raise RecogniserError(
                f"the voice model in {path} is damaged ({', '.join(missing)} missing or empty)", _MEND
            )
        if not ((path / "conf/mfcc.conf").is_file() or (path / "conf/fbank.conf").is_file()):
            raise RecogniserError(f"the voice model in {path} is damaged (no conf/mfcc.conf or conf/fbank.conf)", _MEND)
        return cls(path.resolve())

    @property
    def name(self) -> str:
        """Its directory's name."""
        return self.path.name

    @property
    def has_open_graph(self) -> bool:
        """Whether the language model can be replaced (HCLr and Gr apart; not one static HCLG)."""
        return not (self.path / "graph/HCLG.fst").exists()

    @cached_property
    def words(self) -> dict[str, int]:
        """The vocabulary: word → number in the graph."""
        table: dict[str, int] = {}
        try:
            with open(self.path / "graph/words.txt", encoding="utf-8") as lines:
                for line in lines:
                    word, _, number = line.rstrip("\n").rpartition(" ")
                    table[word] = int(number)
        except (OSError, UnicodeDecodeError, ValueError) as error:
            raise RecogniserError(f"the voice model in {self.path} is damaged (graph/words.txt)", _MEND) from error
        return {w: n for w, n in table.items() if w == UNKNOWN_WORD or not w.startswith(("<", "[", "#"))}

    @cached_property
    def word_costs(self) -> dict[str, float] | None:
        """Word → cost in the voice model's own language model, or None if that is not a plain unigram."""
        try:
            fst = read_const_fst(self.path / "graph/Gr.fst")
        except (OSError, ValueError):
            return None
        if len(fst.states) != 1:
            return None
        by_number = {int(n): float(c) for n, c in zip(fst.arcs["input"], fst.arcs["cost"], strict=True)}
        return {w: by_number[n] for w, n in self.words.items() if n in by_number and w != UNKNOWN_WORD}

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over names, sizes and times of the files: changes when any of them does."""
        digest = hashlib.sha256(str(self.path).encode())
        for file in sorted(self.path.rglob("*")):
            if file.is_file():
                stat = file.stat()
                digest.update(f"{file.relative_to(self.path)} {stat.st_size} {stat.st_mtime_ns}\n".encode())
        return digest.hexdigest()


def default_voice_model() -> Path:
    """The official model if it has been fetched, else the one that ships with Charley.

    Raises:
        RecogniserError: neither is there.
    """
    for name in (OFFICIAL_MODEL, OWN_MODEL):
        if path := installed(name):
            return path
    raise RecogniserError("no voice model is installed", f"run `charley voices fetch {OFFICIAL_MODEL}`")


def find_voice_model(name_or_path: str | None) -> Path:
    """What ``--model`` means: the name of an installed model, or a directory; the default for None.

    Raises:
        RecogniserError: there is neither.
    """
    if name_or_path is None:
        return default_voice_model()
    if path := installed(name_or_path):
        return path
    path = Path(name_or_path).expanduser()
    if path.is_dir():
        return path
    raise RecogniserError(
        f"there is no voice model {name_or_path!r}",
        "give a directory, or a name that `charley voices list` shows as installed",
    )
