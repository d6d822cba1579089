"""Text to words: one spelling for what is said in several ways, fillers and groans taken out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from local_runner.hearing import UNKNOWN_WORD

_TOKEN = re.compile(r"\[unk\]|\d+(?:[:.,]\d+)+|[^\W_]+(?:'[^\W_]+)*'?")
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘`´ʼ", "'"))
_INITIALISM = re.compile(r"\b(?:[a-z]\.){2,}")

_CONTRACTIONS = {
    "can't": "can not", "cannot": "can not", "cant": "can not", "won't": "will not", "wont": "will not",
    "shan't": "shall not", "ain't": "is not", "dont": "do not", "doesnt": "does not", "didnt": "did not",
    "isnt": "is not", "wasnt": "was not", "arent": "are not", "hasnt": "has not", "havent": "have not",
    "couldnt": "could not", "wouldnt": "would not", "shouldnt": "should not",
    "im": "i am", "ive": "i have", "whats": "what is", "thats": "that is", "hows": "how is", "wheres": "where is",
    "let's": "let us", "lets": "let us", "y'all": "you all",
    "gonna": "going to", "wanna": "want to", "gotta": "got to", "gimme": "give me", "lemme": "let me",
    "dunno": "do not know", "kinda": "kind of", "cos": "because", "coz": "because", "'cause": "because",
    "ok": "okay", "yeah": "yes", "yep": "yes", "yup": "yes", "nope": "no", "nah": "no",
}  # fmt: skip
_IS_AFTER = frozenset(
    "it that what where who how when why there here he she this everything something nothing everybody nobody".split()  # noqa: SIM905
)
_ENDINGS = {"'m": "am", "'re": "are", "'ve": "have", "'ll": "will", "'d": "would"}

_FILLER = re.compile(
    r"u+h+|u+m+|e+r+m*|a+h+|o+h+|o+w+|o+u+c+h+|u+g+h+|a+r+g+h*|h+m+|m+h*m+|o+o+f+|g+a+h+|e+h+|a+a+|o+o+|y+e*o+w+|"
    r"ooph|oi|ouchie|owie|jeez|gosh|god|geez|huh|blimey|aargh|argh|ach|och"
)


@dataclass(frozen=True)
class Utterance:
    """An utterance as words in one spelling, each tied to what was said."""

    words: tuple[str, ...]
    """Lower case, contractions expanded ("it's" is ``it``, ``is``), possessives apart ("charley's" is ``charley``,
    ``'s``)."""
    said: tuple[str, ...]
    """The words as they were said."""
    source: tuple[int, ...]
    """For each of ``words``, the index into ``said``."""

    def span(self, start: int, end: int) -> str:
        """What was said for ``words[start:end]``."""
        first, last = self.source[start], self.source[end - 1]
        spoken = " ".join(self.said[first : last + 1])
        # "charley's house": the value of a slot that ends before the possessive is "charley".
        if end < len(self.words) and self.words[end] == "'s" and self.source[end] == last:
            spoken = spoken.removesuffix("'s").removesuffix("'")
        return spoken

    def keep(self, indices: Sequence[int]) -> Utterance:
        """The utterance made of some of its words."""
        return Utterance(tuple(self.words[i] for i in indices), self.said, tuple(self.source[i] for i in indices))

    @property
    def text(self) -> str:
        """The words, joined by spaces."""
        return " ".join(self.words)


def tokens(text: str) -> list[str]:
    """Lower-case words as said; hyphens and punctuation separate, apostrophes stay."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    text = text.lower().translate(_APOSTROPHES)
    if "." in text:
        text = _INITIALISM.sub(lambda m: m.group().replace(".", " "), text)
    return [t.rstrip("'") if t != "'" else t for t in _TOKEN.findall(text)]


@lru_cache(maxsize=4_000)
def expand(word: str) -> tuple[str, ...]:
    """A word as said, in the spelling that everything is compared in."""
    if word in _CONTRACTIONS:
        return tuple(_CONTRACTIONS[word].split())
    if word.endswith("n't") and len(word) > 3:
        return (word[:-3], "not")
    if "'" in word:
        stem, ending = word[: word.rindex("'")], word[word.rindex("'") :]
        if stem and ending in _ENDINGS:
            return (*expand(stem), _ENDINGS[ending])
        if stem and ending == "'s":
            return (stem, "is" if stem in _IS_AFTER else "'s")
        return (word.replace("'", ""),)
    return (word,)


def utterance(text: str) -> Utterance:
    """Read text as words."""
    said = tokens(text)
    words: list[str] = []
    source: list[int] = []
    for index, token in enumerate(said):
        for word in expand(token):
            words.append(word)
            source.append(index)
    return Utterance(tuple(words), tuple(said), tuple(source))


@lru_cache(maxsize=4_000)
def is_filler(word: str) -> bool:
    """A hesitation or a groan: uh, erm, oh, ow, aargh …"""
    return _FILLER.fullmatch(word) is not None


def without_fillers(heard: Utterance) -> Utterance:
    """The utterance without hesitations and groans, or as it is if nothing else was said."""
    kept = [i for i, w in enumerate(heard.words) if not is_filler(w) and w != UNKNOWN_WORD]
    return heard.keep(kept) if kept else heard


FUNCTION_WORDS = frozenset(
    "a an the of to in on at for and or but so if as is are was were be been am do does did has have had i you he she "  # noqa: SIM905
    "it we they me him her us them my your his its our their this that these those there here what which who whom "
    "whose how when where why not no can could will would shall should may might must with by from about up down out "
    "off over under again then than too very just some any all 's let get got one well now like".split()
)
"""Words that say nothing about what somebody wants when they stand alone."""


def content_words(words: Sequence[str]) -> list[str]:
    """The words that carry meaning; a single letter does not."""
    return [
        w
        for w in words
        if w not in FUNCTION_WORDS and w != UNKNOWN_WORD and not is_filler(w) and (len(w) > 1 or w.isdigit())
    ]
