"""Sentences of a listening model written out, slots filled."""

from __future__ import annotations

import random
from collections.abc import Sequence

from local_runner.listening import ListeningModel, Token


def expanded(listening: ListeningModel, most: int, seed: int = 0) -> tuple[tuple[str, ...], ...]:
    """Up to ``most`` different sentences, drawn by weight after every sentence has been drawn once."""
    draw = random.Random(seed)
    found: dict[tuple[str, ...], None] = {}
    sentences = list(listening.sentences)
    draw.shuffle(sentences)
    for sentence in sentences[:most]:
        found[_filled(listening, sentence.tokens, draw)] = None
    weights = [s.weight for s in sentences]
    for sentence in draw.choices(sentences, weights, k=4 * most) if sentences else ():
        if len(found) >= most:
            break
        found[_filled(listening, sentence.tokens, draw)] = None
    return tuple(words for words in found if words)


def _filled(listening: ListeningModel, tokens: Sequence[Token], draw: random.Random) -> tuple[str, ...]:
    words: list[str] = []
    for token in tokens:
        if isinstance(token, str):
            words.append(token)
        elif phrases := listening.word_class(token.name).phrases:
            words += _filled(listening, draw.choice(phrases), draw)
    return tuple(words)
