"""Taggers for the intents whose slots take words that no list knows, learnt from their samples."""

from __future__ import annotations

import random
from collections.abc import Sequence

from local_runner.interaction_model import Intent, InteractionModel
from local_runner.understanding.encoder import shared_encoder
from local_runner.understanding.realise import Realiser, Row
from local_runner.understanding.slot_filling import SlotFiller
from local_runner.understanding.tagger import Tagged, Tagger
from local_runner.understanding.templates import Template

SENTENCES = 300
"""Sentences to learn an intent's slots from, about: samples are said again with other values up to this number."""
MOST_TIMES = 4
"""How often one sample is said at most."""
HIDDEN = 0.4
"""Share of the known values that the tagger is not told of in training, so that it learns from the words around."""


def wants_tagger(intent: Intent, slots: SlotFiller) -> bool:
    """Some slot of the intent may hold words that are in no list."""
    return any(slots.takes_other_words(slot) for slot in intent.slots)


def fit_taggers(model: InteractionModel, slots: SlotFiller, patterns: Sequence[Template]) -> dict[str, Tagger]:
    """A tagger for every intent that wants one, by name."""
    realiser = Realiser(slots.gazetteers, slots.common)
    chance = random.Random(4)  # noqa: S311 - which values to hide, the same each time
    taggers: dict[str, Tagger] = {}
    for intent in model.intents:
        if not wants_tagger(intent, slots):
            continue
        own = [t for t in patterns if t.intent == intent.name and not t.elicited]
        with_slots = [t for t in own if t.slots]
        if not with_slots:
            continue
        times = max(1, min(MOST_TIMES, SENTENCES // len(with_slots)))
        step = max(1, len(with_slots) // SENTENCES)
        rows: list[Row] = []
        for template in [*with_slots[::step], *[t for t in own if not t.slots][: SENTENCES // 3]]:
            rows.extend(realiser.rows(template, 0, 0, times))
        vectors = shared_encoder().encode([r.words for r in rows])[1]
        sentences = [
            Tagged(r.words, v, r.spans, [k for k in slots.known(r.words) if chance.random() > HIDDEN])
            for r, v in zip(rows, vectors, strict=True)
        ]
        taggers[intent.name] = Tagger.fit([s.name for s in intent.slots], sentences)
    return taggers
