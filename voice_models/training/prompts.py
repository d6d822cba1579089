"""What the synthetic voices read: pieces of running text, everyday and command speech, and lists of common words."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

PATTERNS = Path(__file__).parent / "data" / "patterns.yaml"

_LIST = re.compile(r"\{(\w+)\}")


def normalise(text: str) -> str:
    """Lower case, letters and apostrophes only, single spaces."""
    return " ".join(re.sub(r"[^a-z' ]+", " ", text.lower()).split())


def running_text(path: Path) -> list[list[str]]:
    """Sentences of a text file (one a line) as lists of words."""
    return [words for line in path.read_text(encoding="utf-8").splitlines() if (words := normalise(line).split())]


def pieces(sentences: Sequence[Sequence[str]], rng: random.Random, longest: int = 10) -> Iterator[str]:
    """Cut sentences into pieces of one to `longest` words: orders are short, and so should training be."""
    for sentence in sentences:
        start = 0
        while start < len(sentence):
            length = rng.randint(1, longest)
            yield " ".join(sentence[start : start + length])
            start += length


def expand(pattern: str, lists: Mapping[str, Sequence[str]], rng: random.Random) -> str:
    """One sentence of a pattern: every `{name}` becomes a random entry of that list, entries may hold `{names}`.

    Raises:
        KeyError: the pattern names a list that does not exist.
    """
    while match := _LIST.search(pattern):
        pattern = pattern[: match.start()] + rng.choice(lists[match.group(1)]) + pattern[match.end() :]
    return normalise(pattern)


def spoken_requests(rng: random.Random, count: int, path: Path = PATTERNS) -> Iterator[str]:
    """`count` sentences of the everyday patterns, each pattern equally likely."""
    data: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    for _ in range(count):
        yield expand(rng.choice(data["patterns"]), data["lists"], rng)


def pattern_words(path: Path = PATTERNS) -> set[str]:
    """Every word that the everyday patterns can say."""
    data: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    lines = [*data["patterns"], *(entry for entries in data["lists"].values() for entry in entries)]
    return {word for line in lines for word in normalise(_LIST.sub(" ", line)).split()}


def model_samples(path: Path, rng: random.Random, count: int) -> Iterator[str]:
    """`count` sentences of an Alexa interaction model, each intent equally likely."""
    model = json.loads(path.read_text(encoding="utf-8"))["interactionModel"]["languageModel"]
    values = {
        entry["name"]: [
            text for value in entry["values"] for text in (value["name"]["value"], *value["name"].get("synonyms", ()))
        ]
        for entry in model.get("types", ())
    }
    intents = [intent for intent in model["intents"] if intent.get("samples")]
    for _ in range(count):
        intent = rng.choice(intents)
        slots = {slot["name"]: values.get(slot["type"], ["ten"]) for slot in intent.get("slots", ())}
        yield expand(rng.choice(intent["samples"]), slots, rng)


def word_lists(words: Sequence[str], rng: random.Random, count: int, longest: int = 4) -> Iterator[str]:
    """`count` random lists of common words, so that every sound meets every other."""
    for _ in range(count):
        yield " ".join(rng.choice(words) for _ in range(rng.randint(1, longest)))


def collect(
    known: Collection[str],
    common: Sequence[str],
    texts: Sequence[Path],
    models: Sequence[Path],
    *,
    requests: int,
    lists: int,
    seed: int,
) -> list[str]:
    """All prompts, shuffled and without repeats; every word of each is in `known`.

    Args:
        known: words with a pronunciation.
        common: words for the word lists.
        texts: files of running text, one sentence a line.
        models: Alexa interaction models whose sentences are read too.
        requests: how many everyday requests to draw (as many again for each model).
        lists: how many word lists to draw.
        seed: the same seed gives the same prompts.
    """
    rng = random.Random(seed)  # noqa: S311 (training data, not secrets)
    found: dict[str, None] = {}
    for path in texts:
        found.update(dict.fromkeys(pieces(running_text(path), rng)))
    found.update(dict.fromkeys(spoken_requests(rng, requests)))
    for path in models:
        found.update(dict.fromkeys(model_samples(path, rng, requests)))
    found.update(dict.fromkeys(word_lists([word for word in common if "'" not in word], rng, lists)))
    prompts = [text for text in found if text and all(word in known for word in text.split())]
    rng.shuffle(prompts)
    return prompts
