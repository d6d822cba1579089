"""A class n-gram language model with back-off, estimated from weighted sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from local_runner.listening import ClassToken, Token

START = ClassToken("<s>")
END = ClassToken("</s>")
History = tuple[Token, ...]


@dataclass(frozen=True)
class NGram:
    """Interpolated probabilities as a back-off model: what is not listed is ``backoff[h] * P(token | h[1:])``."""

    order: int
    """Longest sequence, in tokens (3 is a trigram)."""
    probability: dict[History, dict[Token, float]]
    """History (up to ``order - 1`` tokens, ``START`` at the beginning of a sentence) → next token or ``END`` → P."""
    backoff: dict[History, float]
    """History → weight of the shorter history; 0 to 1. The empty history has none."""

    def p(self, token: Token, history: Sequence[Token]) -> float:
        """P(token | history), 0 for a token never seen."""
        state = self.state(tuple(history))
        weight = 1.0
        while True:
            listed = self.probability[state]
            if token in listed:
                return weight * listed[token]
            if not state:
                return 0.0
            weight *= self.backoff[state]
            state = state[1:]

    def state(self, history: History) -> History:
        """The longest end of a history that the model has seen something follow."""
        history = history[max(0, len(history) - self.order + 1) :]
        while history and history not in self.probability:
            history = history[1:]
        return history


def estimate(sentences: Iterable[tuple[Sequence[Token], float]], order: int = 3, caution: float = 1.0) -> NGram:
    """Witten–Bell smoothing for weighted sentences.

    P(w|h) = (1 - b) * C(h w) / C(h) + b * P(w|h'), with b = caution * T(h) / (N(h) + caution * T(h)): C are counts
    weighted by the sentences' weights, N the plain number of occurrences, T the number of different tokens that
    followed h, h' is h without its first token. So weights say what is likely, and plain counts say how well a history
    is known: an intent does not become vague because its many samples share one weight.

    Args:
        sentences: tokens and weight of each; weights above 0.
        order: longest n-gram, at least 1.
        caution: how much is kept for what was never seen; Witten and Bell (1991, method C) have 1.

    Raises:
        ValueError: there are no sentences.
    """
    weighted: dict[History, dict[Token, float]] = defaultdict(lambda: defaultdict(float))
    plain: dict[History, int] = defaultdict(int)
    for tokens, weight in sentences:
        padded = (START, *tokens, END)
        for i in range(1, len(padded)):
            for length in range(min(i, order - 1) + 1):
                history = padded[i - length : i]
                weighted[history][padded[i]] += weight
                plain[history] += 1
    if not weighted:
        raise ValueError("a language model needs sentences")
    probability: dict[History, dict[Token, float]] = {}
    backoff: dict[History, float] = {}
    # Shorter histories first: the longer ones are interpolated with them.
    for history in sorted(weighted, key=len):
        followers = weighted[history]
        total = sum(followers.values())
        if not history:
            probability[history] = {token: count / total for token, count in followers.items()}
            continue
        kinds = caution * len(followers)
        b = kinds / (plain[history] + kinds)
        shorter = probability[history[1:]]  # every token that followed a history also followed its shorter form
        probability[history] = {t: (1 - b) * c / total + b * shorter[t] for t, c in followers.items()}
        # Interpolated probabilities already hold the shorter history's share for listed tokens; what is left for the
        # others, over what the shorter history gives them, is the back-off weight: exactly b.
        backoff[history] = b
    return NGram(order, probability, backoff)
