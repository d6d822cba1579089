"""What an utterance says is *not* so: cues ("isn't", "no", "without", "never", "neither … nor") and their scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from local_runner.understanding.words import FUNCTION_WORDS


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_CUES = _set("not never without neither nor none nothing nobody no")
_ENDS = _set(
    "but because so though although however except yet only just while if when why what how where who which whose then "
    "until since unless instead whether"
)
_SUBJECTS = _set("i he she they we you there it this these those")
_DETERMINERS = _set("my the his her our your their this that one both a an")
_AUXILIARIES = _set(
    "is are was were am be been has have had do does did can could will would should shall may might must"
)
_VERBS = _AUXILIARIES | _set(
    "feel feels felt hurt hurts look looks looked seem seems keep keeps kept got gets get started starts ache aches "
    "burns throbs cramped just seized locked 's went goes came comes needs need want wants woke wakes think know"
)
_QUESTION_SUBJECTS = _set("i you it he she we they there this that my the your")
_STOPPING = _set(
    "stop stops stopped stopping quit quits finish finished end ends ending ease eases easing eased go goes going gone "
    "let lets letting relax relaxes relaxing release releasing releases settle settling subside subsiding shift "
    "shifting budge budging improve improving heal healing leave leaving wear wearing calm calming loosen loosening"
)
"""Not doing these to something says that it goes on: in "won't stop cramping" the cramping is not denied."""
_ABOUT_SPEAKER = _set(
    "know understand remember sleep sure certain wait mind get bear stand take handle tell say believe think want"
)
"""Verbs that are denied alone: "I don't know why I get cramps" denies no cramps."""
_PARTICLES = _set("away off down up go out")
_AFTER_DETERMINER_NO = _set(
    "it i he she they we there this that my his her the a an no not yes please wait stop sorry thanks you still just "
    "now also only really maybe got actually"
)
_PREPOSITIONS = _set("of in on at to from with behind under over")
_LONGEST = 7


@dataclass(frozen=True)
class Negation:
    """One cue and the words it denies."""

    cue: int
    """Index of the cue."""
    start: int
    end: int
    """The scope: words[start:end]."""
    goes_on: bool = False
    """It denies that something ends, so what it is about is affirmed ("won't stop cramping")."""


def negations(words: Sequence[str]) -> list[Negation]:
    """Every cue with its scope, in order; scopes do not overlap."""
    found: list[Negation] = []
    position = 0
    while position < len(words):
        if _is_cue(words, position):
            end = _scope_end(words, position + 1)
            if end > position + 1:
                goes_on = any(w in _STOPPING for w in words[position + 1 : end])
                found.append(Negation(position, position + 1, end, goes_on))
                position = end
                continue
        position += 1
    return found


def denied(words: Sequence[str]) -> list[bool]:
    """For each word, whether it is within the scope of a negation."""
    mask = [False] * len(words)
    for negation in negations(words):
        mask[negation.start : negation.end] = [True] * (negation.end - negation.start)
    return mask


def without_denied(words: Sequence[str]) -> list[int]:
    """Indices of the words that are left when denied clauses are taken out, with what they are said of.

    Of "my calf is cramping but my chest doesn't hurt" is left "my calf is cramping but"; of "my calf won't stop
    cramping", "my calf cramping".
    """
    drop: set[int] = set()
    for negation in negations(words):
        drop.update(range(negation.cue, negation.end))
        before = negation.cue - 1
        if before >= 0 and words[before] in _AUXILIARIES:
            while before >= 0 and words[before] in _AUXILIARIES:
                drop.add(before)
                before -= 1
            while not negation.goes_on and before >= 0 and words[before] not in _ENDS and words[before] != "and":
                drop.add(before)
                # "…, he can't speak": the clause begins with its subject.
                if words[before] in _SUBJECTS:
                    break
                if words[before] in _DETERMINERS and (before == 0 or words[before - 1] not in _PREPOSITIONS):
                    break
                before -= 1
    return [i for i in range(len(words)) if i not in drop]


def heads(words: Sequence[str]) -> list[str]:
    """What each negation denies, rather than of what or where: the first word of meaning after "not" and "never",
    every one after "no", "neither", "without"."""
    found = []
    for negation in negations(words):
        scope = words[negation.start : negation.end]
        content = [w for w in scope if w not in FUNCTION_WORDS or w in _STOPPING]
        found.extend(content[:1] if words[negation.cue] in ("not", "never") else content)
    return found


def denied_content(words: Sequence[str]) -> list[str]:
    """Words of meaning that are denied."""
    return [w for w, d in zip(words, denied(words), strict=True) if d and (w not in FUNCTION_WORDS or w in _STOPPING)]


def stem(word: str) -> str:
    """A word without its commonest endings, so that "cramps" and "cramping" are one."""
    for ending in ("ings", "ing", "edly", "ed", "es", "s", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word.removesuffix("e")


def _is_cue(words: Sequence[str], position: int) -> bool:
    word = words[position]
    following = words[position + 1] if position + 1 < len(words) else ""
    if word not in _CUES or not following:
        return False
    if word == "no":
        # "no, it is swollen" answers; "no swelling" denies. "No idea why" denies the idea.
        return following not in _AFTER_DETERMINER_NO
    if word == "not":
        if following in ("only", "just"):
            return False
        # "isn't it dangerous", "why don't I": a question that denies nothing.
        auxiliary = position >= 1 and words[position - 1] in _AUXILIARIES
        opening = position == 1 or (position == 2 and words[0] in _ENDS)
        if auxiliary and opening and following in _QUESTION_SUBJECTS:
            return False
        # "how should I lie so it doesn't come back": what is to be avoided is not denied.
        if auxiliary and "so" in words[max(0, position - 4) : position]:
            return False
    return not (word in ("nothing", "none", "nobody") and following in ("but", "except"))


def _scope_end(words: Sequence[str], start: int) -> int:
    content = 0
    position = start
    while position < len(words) and position - start < _LONGEST:
        word = words[position]
        if content or position > start:
            if word in _ENDS or (word == "and" and _clause_at(words, position + 1)):
                break
            if content and _clause_at(words, position):
                break
        if content == 0 and (word in _STOPPING or word in _ABOUT_SPEAKER):
            position += 1
            while position < len(words) and words[position] in _PARTICLES:
                position += 1
            return position
        if word not in FUNCTION_WORDS:
            content += 1
        position += 1
    return position


def _clause_at(words: Sequence[str], position: int) -> bool:
    """A new statement begins here: "it is …", "my foot feels …", "now …"."""
    if position >= len(words):
        return False
    word = words[position]
    following = words[position + 1] if position + 1 < len(words) else ""
    if word in ("i", "he", "she", "they", "we", "there"):
        return True
    if word in _SUBJECTS:
        return following in _VERBS
    if word == "now":
        return True
    if word in _DETERMINERS:
        return any(w in _VERBS for w in words[position + 2 : position + 4])
    return False
