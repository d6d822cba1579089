"""How a word sounds, roughly: words that a recogniser confuses get the same key ("charlie" and "charley")."""

from __future__ import annotations

import re
from functools import lru_cache

_RULES = [
    (re.compile(pattern), key)
    for pattern, key in (
        (r"^kn|^gn|^pn", "n"), (r"^wr", "r"), (r"^ps", "s"), (r"^x", "s"), (r"^wh", "w"), (r"mb$", "m"),
        (r"[aeo]ugh(?=t)", "o"), (r"[ao]ugh$", "af"), (r"igh", "i"), (r"gh(?=[^aeiou]|$)", ""),
        (r"al(?=[fmk])", "a"), (r"ph", "f"), (r"tch", "C"), (r"ch", "C"), (r"sch", "sk"),
        (r"sh|ti(?=on|al|ous)|ci(?=an|al|ous)", "S"),
        (r"th", "0"), (r"dg(?=[eiy])", "j"), (r"g(?=[eiy])", "j"), (r"c(?=[eiy])", "s"), (r"ck|c|q(?:u)?", "k"),
        (r"x", "ks"), (r"z", "s"), (r"v", "f"), (r"d(?=$)", "t"), (r"(?<=[aeiou])h|h(?=[^aeiou]|$)", ""),
        (r"(.)\1+", r"\1"),
    )
]  # fmt: skip
_VOWELS = re.compile(r"[aeiouwy]+")


@lru_cache(maxsize=4_000)
def sound_key(word: str) -> str:
    """Consonants as they sound, with a vowel kept only at the beginning; the word itself if it has none."""
    key = word
    for pattern, sound in _RULES:
        key = pattern.sub(sound, key)
    first = "a" if key and key[0] in "aeiouy" else ""
    first = key[0] if key[:1] == "w" else first
    return (first + _VOWELS.sub("", key)) or word
