"""Pronunciations: which words the ear knows, and the phones that each is made of."""

from __future__ import annotations

import gzip
import math
from collections.abc import Iterable, Mapping
from pathlib import Path

from voice_models.training.phones import PHONES

UNHEARD_OF = -100.0
"""PocketSphinx's log probability of a word outside its model is far below this."""

Lexicon = dict[str, list[tuple[str, ...]]]
"""Word → its pronunciations, the most common first."""

EXTRA = Path(__file__).parent / "data" / "extra_pronunciations.txt"
"""Words that a night-time helper or a spoken order needs and the dictionary lacks."""


class LexiconError(ValueError):
    """A pronouncing dictionary or word list cannot be read; the message says what to do."""


def _parse(lines: Iterable[str], source: str) -> Lexicon:
    known = set(PHONES)
    lexicon: Lexicon = {}
    for number, line in enumerate(lines, 1):
        word, *phones = line.split("#", 1)[0].split()[:40] or [""]
        if not word:
            continue
        phones = [phone.rstrip("012") for phone in phones]
        if not phones or not known.issuperset(phones):
            raise LexiconError(f"{source}:{number}: '{line.strip()}' is not a word followed by ARPABET phones; mend it")
        entry = lexicon.setdefault(word.split("(")[0].lower(), [])
        if tuple(phones) not in entry:
            entry.append(tuple(phones))
    return lexicon


def read_dictionary(path: Path) -> Lexicon:
    """A dictionary in CMU's text format (`word(2) P H OW N Z`, stress marks allowed), plain or `.gz`.

    Raises:
        LexiconError: the file is missing, or a line is not a word followed by known phones.
    """
    try:
        if path.suffix == ".gz":
            with gzip.open(path, "rt", encoding="utf-8") as lines:
                return _parse(lines, str(path))
        return _parse(path.read_text(encoding="utf-8").splitlines(), str(path))
    except OSError as error:
        raise LexiconError(f"cannot read the dictionary {path} ({error.strerror}); give another path") from error


def pocketsphinx_dictionary() -> Path:
    """The CMU dictionary (BSD licence, 134,000 words) inside the `pocketsphinx` wheel, which also aligns."""
    from pocketsphinx import get_model_path

    return Path(get_model_path()) / "en-us" / "cmudict-en-us.dict"


def full_lexicon(dictionary: Path | None = None) -> Lexicon:
    """Every word with a known pronunciation: the dictionary and then the extra words."""
    lexicon = read_dictionary(dictionary or pocketsphinx_dictionary())
    for word, pronunciations in read_dictionary(EXTRA).items():
        entry = lexicon.setdefault(word, [])
        entry.extend(each for each in pronunciations if each not in entry)
    return lexicon


def frequencies(words: Iterable[str]) -> dict[str, float]:
    """Natural log of how often each word is said, by the general language model in the `pocketsphinx` wheel.

    Words that the model does not know are left out.
    """
    from pocketsphinx import Config, LogMath, NGramModel, get_model_path

    scale = LogMath(1.0001, 0, False)
    model = NGramModel(Config(), scale, str(Path(get_model_path()) / "en-us" / "en-us.lm.bin"))
    logs = {word: model.prob([word]) * math.log(1.0001) for word in words}
    return {word: value for word, value in logs.items() if value > UNHEARD_OF}


def common_words(lexicon: Mapping[str, list[tuple[str, ...]]], count: int) -> list[str]:
    """The `count` most frequent words of a lexicon, the most frequent first."""
    known = frequencies(lexicon)
    return sorted(known, key=lambda word: (-known[word], word))[:count]


def choose(lexicon: Mapping[str, list[tuple[str, ...]]], words: Iterable[str]) -> Lexicon:
    """The part of `lexicon` for `words`; words without a pronunciation are left out."""
    return {word: lexicon[word] for word in sorted(set(words)) if word in lexicon}


def write_lexicon(path: Path, lexicon: Mapping[str, list[tuple[str, ...]]]) -> None:
    """One pronunciation a line, `word P H OW N Z`; the same bytes for the same words (no time stamp in the `.gz`)."""
    text = "".join(f"{word} {' '.join(each)}\n" for word in sorted(lexicon) for each in lexicon[word])
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))
    else:
        path.write_text(text, encoding="utf-8")
