"""A voice model with a skill's language model in it, kept in the user's cache."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Set
from dataclasses import asdict, dataclass
from pathlib import Path

from local_runner.errors import RecogniserError
from local_runner.listening import ListeningModel
from local_runner.recognition.decoding import DecodingSettings, model_conf
from local_runner.recognition.graph import GraphSettings, compile_graph
from local_runner.recognition.lexicon_graph import (
    can_be_added_to,
    read_lexicon_graph,
    with_words,
    write_lexicon_graph,
)
from local_runner.recognition.pronunciation import pronounce
from local_runner.recognition.voice_model import VoiceModel
from voice_models.training.phones import PHONES

_FORMAT = 4
"""Raised when prepared directories change, so that older ones are not used."""
_KEEP = 24
"""Prepared models kept in the cache; the least recently used go first."""


@dataclass(frozen=True)
class PreparedModel:
    """A directory that Vosk loads, and what was found out when it was made."""

    path: Path
    unheard: tuple[str, ...]
    """Words of the skill that the voice model cannot hear."""


def cache_folder() -> Path:
    """Where prepared models are kept."""
    import platformdirs

    return Path(platformdirs.user_cache_dir("charley")) / "recognition"


def prepare(
    voice: VoiceModel,
    listening: ListeningModel | None,
    graph: GraphSettings,
    decoding: DecodingSettings,
    cache: Path | None = None,
) -> PreparedModel:
    """The prepared model, from the cache or made now (a second or so).

    Without a listening model only the decoding settings are applied, and the voice model's own language is kept.

    Raises:
        RecogniserError: the voice model is damaged, or the cache cannot be written.
    """
    key = json.dumps(
        [
            _FORMAT,
            voice.fingerprint,
            listening.fingerprint if listening else None,
            asdict(graph) if listening else None,
            asdict(decoding),
        ]
    )
    folder = cache if cache is not None else cache_folder()
    target = folder / hashlib.sha256(key.encode()).hexdigest()[:32]
    try:
        notes = json.loads((target / "prepared.json").read_text())
        os.utime(target)
        return PreparedModel(target, tuple(notes["unheard"]))
    except (OSError, ValueError, KeyError):
        pass
    try:
        folder.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=".making-", dir=folder))
        try:
            unheard = _make(made, voice, listening, graph, decoding)
            (made / "prepared.json").write_text(json.dumps({"unheard": unheard, "voice_model": str(voice.path)}))
            _put(made, target)
        finally:
            shutil.rmtree(made, ignore_errors=True)
        _forget_old(folder)
    except OSError as error:
        raise RecogniserError(
            f"cannot write the recogniser's cache in {folder} ({error.strerror})",
            "free some space there, or set XDG_CACHE_HOME to a folder that can be written",
        ) from error
    return PreparedModel(target, unheard)


def _make(
    made: Path,
    voice: VoiceModel,
    listening: ListeningModel | None,
    graph: GraphSettings,
    decoding: DecodingSettings,
) -> tuple[str, ...]:
    for part in voice.path.iterdir():
        if part.name not in ("graph", "conf", "rescore", "rnnlm"):
            _link(part, made / part.name)
    (made / "conf").mkdir()
    for part in (voice.path / "conf").iterdir():
        if part.name != "model.conf":
            _link(part, made / "conf" / part.name)
    (made / "conf/model.conf").write_text(model_conf(voice.path / "conf/model.conf", decoding))
    (made / "graph").mkdir()
    for part in (voice.path / "graph").iterdir():
        if part.name != "Gr.fst" or listening is None:
            _link(part, made / "graph" / part.name)
    if listening is None:
        return ()
    words = voice.words | _add_words(made / "graph", voice, listening.vocabulary - voice.words.keys())
    compiled = compile_graph(listening, words, graph, voice.word_costs)
    (made / "graph/Gr.fst").write_bytes(compiled.fst)
    return compiled.unheard


def _add_words(graph: Path, voice: VoiceModel, words: Set[str]) -> dict[str, int]:
    """Make words hearable that the voice model does not know, where it can be done; their numbers in the graph."""
    if not words or not can_be_added_to(voice.path):
        return {}
    sounds = pronounce(words, voice.path)
    known = {word: [p for p in sounds[word] if p and set(p) <= set(PHONES)] for word in sorted(sounds)}
    known = {word: pronunciations for word, pronunciations in known.items() if pronunciations}
    if not known:
        return {}
    try:
        larger, numbers = with_words(read_lexicon_graph(voice.path / "graph/HCLr.fst"), known)
    except ValueError:
        # Not a graph of ours after all, or damaged: Vosk will say so.
        return {}
    (graph / "HCLr.fst").unlink()
    write_lexicon_graph(larger, graph / "HCLr.fst")
    table = (voice.path / "graph/words.txt").read_text(encoding="utf-8").rstrip("\n")
    (graph / "words.txt").unlink()
    (graph / "words.txt").write_text(
        "\n".join([table, *(f"{word} {number}" for word, number in numbers.items())]) + "\n", encoding="utf-8"
    )
    return numbers


def _link(source: Path, target: Path) -> None:
    """A symbolic link, or a copy where the system has no links."""
    try:
        target.symlink_to(source, target_is_directory=source.is_dir())
    except OSError:
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copyfile(source, target)


def _put(made: Path, target: Path) -> None:
    made.chmod(0o755)
    try:
        made.rename(target)
    except OSError:
        if not (target / "prepared.json").is_file():
            # A damaged leftover is in the way.
            shutil.rmtree(target, ignore_errors=True)
            made.rename(target)
        # Else another process has just made the same one.


def _forget_old(folder: Path) -> None:
    prepared = [p for p in folder.iterdir() if p.is_dir() and not p.name.startswith(".")]
    prepared.sort(key=lambda p: p.stat().st_mtime, reverse=True)
    for old in prepared[_KEEP:]:
        shutil.rmtree(old, ignore_errors=True)
