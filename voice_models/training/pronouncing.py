"""Pronunciations for words in no dictionary: how espeak-ng would read them, its phonemes turned into ours."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable

from voice_models.training.lexicon import Lexicon
from voice_models.training.phones import PHONES

ARPABET: dict[str, str] = {
    # vowels of espeak-ng's en-us
    "a": "AE", "aa": "AE", "a#": "AH", "@": "AH", "@2": "AH", "@5": "AH", "3": "ER", "3:": "ER", "I": "IH", "I2": "IH",
    "I#": "IH", "i": "IY", "i:": "IY", "E": "EH", "E2": "EH", "E#": "IH", "V": "AH", "0": "AA", "0#": "AA", "A:": "AA",
    "A#": "AA", "O:": "AO", "O2": "AO", "O": "AO", "U": "UH", "u:": "UW", "oU": "OW", "oU#": "OW", "eI": "EY",
    "aI": "AY", "aU": "AW", "OI": "OY", "A@": "AA R", "O@": "AO R", "o@": "AO R", "U@": "UH R", "e@": "EH R",
    "i@": "IY AH", "i@3": "IH R", "aI3": "AY ER", "aI@": "AY ER", "aU@": "AW ER", "@L": "AH L", "r-": "ER",
    "n-": "AH N", "m-": "AH M", "l-": "AH L",
    # consonants
    "p": "P", "b": "B", "t": "T", "t#": "T", "t2": "T", "?": "T", "d": "D", "d#": "D", "k": "K", "g": "G", "f": "F",
    "v": "V", "T": "TH", "D": "DH", "s": "S", "z": "Z", "S": "SH", "Z": "ZH", "h": "HH", "m": "M", "n": "N", "N": "NG",
    "l": "L", "l#": "L", "r": "R", "w": "W", "j": "Y", "tS": "CH", "dZ": "JH", "x": "K",
}  # fmt: skip
"""espeak-ng's mnemonics → ARPABET."""

MARKS = "',%=;|"
"""Stress and length marks around a phoneme, which say nothing about which phoneme it is."""


def from_mnemonics(line: str) -> tuple[str, ...] | None:
    """ARPABET of what `espeak-ng -x --sep=_` prints for one word; None if a phoneme is not known."""
    phones: list[str] = []
    for token in line.strip().replace(" ", "_").split("_"):
        bare = token.strip(MARKS)
        if not bare:
            continue
        if bare not in ARPABET:
            return None
        for phone in ARPABET[bare].split():
            if not (
                phone == "R" and phones and phones[-1] in ("ER", "R")
            ):  # espeak writes the r of 'fur' and of 'er' twice
                phones.append(phone)
    assert set(phones) <= set(PHONES)
    return tuple(phones) or None


def pronounce(words: Iterable[str]) -> Lexicon:
    """A pronunciation for each word that espeak-ng can read (American English); the others are left out.

    Raises:
        FileNotFoundError: espeak-ng is not installed.
    """
    found: Lexicon = {}
    for word in sorted(set(words)):
        command = ["espeak-ng", "-q", "-v", "en-us", "-x", "--sep=_", word]
        said = subprocess.run(command, capture_output=True, text=True, timeout=20).stdout  # noqa: S603
        phones = from_mnemonics(said)
        if phones is not None:
            found[word] = [phones]
    return found
