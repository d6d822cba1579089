"""From what was recognised to what is said: understanding, the device and its session."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from local_runner.device import Device, Reply, invocation
from local_runner.errors import CharleyError
from local_runner.hearing import Recognition
from local_runner.interaction_model import InteractionModel
from local_runner.listener.controls import Control, control_of, control_phrase
from local_runner.understanding import FALLBACK, Understander, Understanding

MUST_BE_CLEAR: Callable[[Reply], bool] = lambda reply: False  # noqa: E731 - a default, not a function of its own


@dataclass
class Brain:
    """Asks the skill; a skill that raises costs an apology, never the night.

    Args:
        device: holds the session.
        understander: of the skill's model; what the device does itself (``controls``) is known by its words.
        model: the skill's own model.
        must_be_clear: which replies are to be spoken clearly at any hour.
        details: what of a reply goes into the journal (for Charley: topic and level).
    """

    device: Device
    understander: Understander
    model: InteractionModel
    must_be_clear: Callable[[Reply], bool] = MUST_BE_CLEAR
    details: Callable[[Reply], Mapping[str, Any]] = lambda reply: {}

    def is_complete(self, words: str) -> bool:
        """Whether words are a whole request already, so that a shorter pause ends it."""
        if control_phrase(words) is not None:
            return True
        understood = self.understander.understand(words, self.device.expected)
        return understood.rejected is None and understood.score >= 0.7

    def understand(
        self, recognition: Recognition, wake_phrase: str = "", controls: Collection[Control] = ()
    ) -> tuple[Understanding, bool]:
        """The meaning of an utterance, and whether it is an invocation that asks for nothing.

        Args:
            recognition: what was recognised.
            wake_phrase: the phrase that began it, where it is a request of its own.
            controls: what the device itself would do now, if told to.
        """
        launch, _ = invocation(self.model, recognition.best.text)
        for hypothesis in recognition.hypotheses[:_FIRST_READINGS]:
            control = control_phrase(hypothesis.text)
            if control is not None and control_of(control) in controls:
                return Understanding(control, {}, 1.0, heard=hypothesis.text), False
        understood = self.understander.choose(recognition, self.device.expected)
        if understood.rejected is not None and wake_phrase:
            # What followed the phrase made no sense, but the phrase itself does ('help my leg … [a groan]').
            understood = self.understander.understand(wake_phrase)
        return understood, launch and understood.intent in (FALLBACK, "")

    def asks_something(self, phrase: str) -> bool:
        """Whether a wake phrase is itself a request: 'help my leg' is, 'hey charley' only calls."""
        if set(phrase.split()) <= _CALLS | set(self.model.invocation_name.lower().split()):
            return False
        understood = self.understander.understand(phrase)
        return understood.rejected is None and understood.intent != FALLBACK and understood.score >= 0.5

    def ask(self, understanding: Understanding | None) -> Reply:
        """The skill's answer; an apology, and no session, where the skill fails."""
        try:
            return self.device.launch() if understanding is None else self.device.intent(understanding)
        except CharleyError as error:
            self.device.forget()
            return Reply(_SORRY, attributes={"error": error.problem})

    def end(self, reason: str) -> None:
        """Tell the skill that its session is over."""
        try:
            self.device.end(reason)
        except CharleyError:
            self.device.forget()


_FIRST_READINGS = 2
"""Readings of an utterance in which the device looks for its own words."""
_CALLS = {"hey", "hi", "hello", "ok", "okay", "listen", "wake", "up"}
_SORRY = "<speak>Something went wrong in here. Please ask me again.</speak>"
