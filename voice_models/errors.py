"""What can go wrong with voice models; every error says what is wrong and what to do."""

from __future__ import annotations


class VoiceModelError(Exception):
    """Base of the errors here.

    Args:
        problem: what is wrong, one clause.
        mend: what to do about it, one clause.
    """

    def __init__(self, problem: str, mend: str) -> None:
        self.problem = problem
        self.mend = mend
        super().__init__(f"{problem}: {mend}")


class CatalogueError(VoiceModelError):
    """The catalogue cannot be read, or has no such model."""


class FetchError(VoiceModelError):
    """A model could not be downloaded."""


class UnpackError(VoiceModelError):
    """A downloaded archive is not safe, or holds no voice model."""
