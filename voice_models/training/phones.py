"""The sounds of the model: ARPABET phones, their position-dependent numbers, and the outputs (pdfs) they share."""

from __future__ import annotations

from collections.abc import Sequence

PHONES: tuple[str, ...] = tuple(
    "AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH".split()  # noqa: SIM905
)
"""The 39 phones of the CMU pronouncing dictionary, without stress marks."""

SILENCE = "SIL"
NOISE = "SPN"
UNITS: tuple[str, ...] = (SILENCE, NOISE, *PHONES)
"""What the network tells apart. Unit `u` owns two outputs: `2u` for its first frame, `2u + 1` for every later one."""

PDF_COUNT = 2 * len(UNITS)

POSITIONS = "BEIS"
"""Where in its word a phone stands: begin, end, internal, or the only one. Kaldi keeps word boundaries this way."""


def _number_phones() -> tuple[dict[str, int], dict[int, int]]:
    ids = {SILENCE: 1, NOISE: 2}
    units = {1: 0, 2: 1}
    for phone in PHONES:
        for position in POSITIONS:
            number = len(ids) + 1
            ids[f"{phone}_{position}"] = number
            units[number] = UNITS.index(phone)
    return ids, units


PHONE_IDS, UNIT_OF_PHONE_ID = _number_phones()
"""Name of a position-dependent phone → Kaldi phone id (from 1); and that id → index into UNITS."""


def forward_transition(phone_id: int) -> int:
    """The transition id that a phone's first frame emits (chain topology: one state, no loop on entering)."""
    return 2 * phone_id


def loop_transition(phone_id: int) -> int:
    """The transition id that each later frame of the phone emits."""
    return 2 * phone_id - 1


def positioned(pronunciation: Sequence[str]) -> list[int]:
    """Phone ids of a word's pronunciation, each marked with its place in the word.

    Raises:
        KeyError: a phone is not one of PHONES.
    """
    if list(pronunciation) == [NOISE]:
        return [PHONE_IDS[NOISE]]
    if len(pronunciation) == 1:
        return [PHONE_IDS[f"{pronunciation[0]}_S"]]
    first, *inner, last = pronunciation
    return [PHONE_IDS[f"{first}_B"], *(PHONE_IDS[f"{phone}_I"] for phone in inner), PHONE_IDS[f"{last}_E"]]
