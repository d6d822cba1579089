"""How words sound: from the voice model's own dictionary, else as espeak-ng would say them."""

from __future__ import annotations

import gzip
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

Pronunciation = tuple[str, ...]
"""ARPABET phones without stress marks."""

DICTIONARY = "lexicon.txt.gz"
"""In a voice model's folder: ``word P H OW N Z``, one pronunciation a line."""
_TIMEOUT = 60.0

# The sounds of espeak-ng's American English in IPA, longest first where one begins like another.
_SOUNDS: dict[str, Pronunciation] = {
    "tʃ": ("CH",), "dʒ": ("JH",), "aɪ": ("AY",), "aʊ": ("AW",), "eɪ": ("EY",), "oʊ": ("OW",), "əʊ": ("OW",),
    "ɔɪ": ("OY",), "ɜː": ("ER",), "iː": ("IY",), "uː": ("UW",), "ɑː": ("AA",), "ɔː": ("AO",), "oː": ("AO",),
    "aː": ("AA",), "əl": ("AH", "L"), "n̩": ("AH", "N"), "m̩": ("AH", "M"), "l̩": ("AH", "L"),
    "ɚ": ("ER",), "ɝ": ("ER",), "æ": ("AE",), "ʌ": ("AH",), "ə": ("AH",), "ɐ": ("AH",), "ɑ": ("AA",), "ɒ": ("AA",),
    "ɔ": ("AO",), "ɛ": ("EH",), "e": ("EH",), "ɪ": ("IH",), "ᵻ": ("IH",), "i": ("IY",), "ʊ": ("UH",), "u": ("UW",),
    "a": ("AA",), "o": ("OW",), "ø": ("ER",), "y": ("UW",),
    "b": ("B",), "d": ("D",), "ð": ("DH",), "f": ("F",), "ɡ": ("G",), "g": ("G",), "h": ("HH",), "j": ("Y",),
    "k": ("K",), "l": ("L",), "ɫ": ("L",), "m": ("M",), "n": ("N",), "ɲ": ("N", "Y"), "ŋ": ("NG",), "p": ("P",),
    "ɹ": ("R",), "r": ("R",), "ʁ": ("R",), "s": ("S",), "ʃ": ("SH",), "ç": ("SH",), "t": ("T",), "ɾ": ("T",),
    "ʔ": ("T",), "θ": ("TH",), "v": ("V",), "w": ("W",), "x": ("K",), "z": ("Z",), "ʒ": ("ZH",),
}  # fmt: skip
_LONGEST = max(map(len, _SOUNDS))


def from_ipa(ipa: str) -> Pronunciation:
    """ARPABET phones of a word in IPA; what is no sound (stress, length, ties) is passed over."""
    phones: list[str] = []
    at = 0
    while at < len(ipa):
        for length in range(_LONGEST, 0, -1):
            if found := _SOUNDS.get(ipa[at : at + length]):
                phones += found
                at += length
                break
        else:
            at += 1
    return tuple(phones)


def pronounce(words: Iterable[str], voice_model: Path) -> dict[str, tuple[Pronunciation, ...]]:
    """Word → pronunciations, for as many of the words as can be pronounced."""
    wanted = set(words)
    known = _looked_up(wanted, voice_model / DICTIONARY)
    return known | _guessed(sorted(wanted - known.keys()))


def _looked_up(words: set[str], dictionary: Path) -> dict[str, tuple[Pronunciation, ...]]:
    found: dict[str, tuple[Pronunciation, ...]] = {}
    if words and dictionary.is_file():
        try:
            with gzip.open(dictionary, "rt", encoding="utf-8") as lines:
                for line in lines:
                    word, _, phones = line.rstrip("\n").partition(" ")
                    if word in words:
                        found[word] = (*found.get(word, ()), tuple(phones.split()))
        except (OSError, EOFError, UnicodeDecodeError):
            return {}
    return found


def _guessed(words: list[str]) -> dict[str, tuple[Pronunciation, ...]]:
    """What espeak-ng says; nothing where it is not installed."""
    if not words:
        return {}
    # In a process of its own: the library has global state that a voice may be using, and may crash. It needs nothing
    # but the standard library, so that it starts in a few milliseconds.
    command = [sys.executable, "-I", "-S", str(Path(__file__).parent / "espeak_ipa.py")]
    try:
        done = subprocess.run(  # noqa: S603 - no shell, our own module
            command, input="\n".join(words), capture_output=True, encoding="utf-8", timeout=_TIMEOUT, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return {}
    said = done.stdout.splitlines() if done.returncode == 0 else []
    if len(said) != len(words):
        return {}
    guesses = {word: from_ipa(ipa) for word, ipa in zip(words, said, strict=True)}
    return {word: (phones,) for word, phones in guesses.items() if phones}
