"""Alexa's dialogs: who asks for a missing slot, who confirms, and when the skill is called again. Pure values.

Reference: https://developer.amazon.com/docs/custom-skills/dialog-interface-reference.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from local_runner.interaction_model import InteractionModel, SlotType

if TYPE_CHECKING:
    from local_runner.understanding import SlotMatch, Understanding

FillSlot = Callable[[str, str, str], "SlotMatch | None"]
"""(what was said, intent, slot) → the slot's value, or None when it names none."""


@dataclass(frozen=True)
class Step:
    """What a dialog directive makes the device do."""

    dialog: Dialog
    prompt: str = ""
    """Question to ask before listening; empty when there is none."""
    again: bool = False
    """Call the skill again at once: the dialog moved without the user."""


@dataclass(frozen=True)
class Dialog:
    """The dialog of one intent."""

    model: InteractionModel
    intent: str
    slots: Mapping[str, SlotMatch] = field(default_factory=dict)
    confirmation: str = "NONE"
    """``NONE``, ``CONFIRMED`` or ``DENIED``."""
    slot_confirmations: Mapping[str, str] = field(default_factory=dict)
    state: str = "STARTED"
    """``STARTED``, ``IN_PROGRESS`` or ``COMPLETED``."""
    waiting: str = ""
    """What the next utterance answers: ``slot NAME``, ``confirm NAME``, ``confirm`` or nothing."""

    @classmethod
    def begin(cls, model: InteractionModel, intent: str, slots: Mapping[str, SlotMatch]) -> Dialog:
        """The dialog of an intent that was just understood."""
        return cls(model, intent, dict(slots))

    @property
    def _declared(self) -> Mapping[str, Any] | None:
        intents = self.model.dialog.get("intents") or ()
        return next((i for i in intents if isinstance(i, Mapping) and i.get("name") == self.intent), None)

    @property
    def managed(self) -> bool:
        """Whether the model declares a dialog for this intent."""
        return self._declared is not None

    @property
    def automatic(self) -> bool:
        """Whether the device collects the slots by itself before the skill is called (auto delegation)."""
        own = (self._declared or {}).get("delegationStrategy")
        whole = self.model.dialog.get("delegationStrategy")
        return self.managed and (own or whole) == "ALWAYS"

    def filled(self, slots: Mapping[str, SlotMatch]) -> Dialog:
        """The same dialog with more slots filled."""
        state = "COMPLETED" if self.state == "COMPLETED" else "IN_PROGRESS"
        return replace(self, slots={**self.slots, **slots}, state=state, waiting="")

    def answer(self, said: Understanding, fill: FillSlot | None = None) -> tuple[Dialog, Understanding]:
        """Take an utterance as the answer that the dialog waits for, where it can be one.

        A different intent of the skill's own leaves the dialog, as it does with Alexa.
        """
        kind, _, name = self.waiting.partition(" ")
        same = replace(said, intent=self.intent, rejected=None)
        if kind == "confirm":
            verdict = {"AMAZON.YesIntent": "CONFIRMED", "AMAZON.NoIntent": "DENIED"}.get(_yes_or_no(said))
            if verdict is None:
                return self, said
            kept = replace(same, slots={})
            if not name:
                return replace(self, confirmation=verdict, waiting="", state="IN_PROGRESS"), kept
            confirmations = {**self.slot_confirmations, name: verdict}
            slots = dict(self.slots) if verdict == "CONFIRMED" else {k: v for k, v in self.slots.items() if k != name}
            return replace(self, slot_confirmations=confirmations, slots=slots, waiting="", state="IN_PROGRESS"), kept
        if said.intent == self.intent and name in said.slots:
            # The answer is to the slot that was asked for; it does not undo what is known of the others.
            own = {k: v for k, v in said.slots.items() if k == name or k not in self.slots or v.resolved is not None}
            return self, replace(said, slots=own)
        declared = self.model.intent(self.intent)
        slot = declared.slot(name) if declared else None
        if slot is None or (said.intent.startswith("AMAZON.") and said.intent != "AMAZON.FallbackIntent"):
            return self, said
        match = (fill or self._fill)(said.heard, self.intent, name)
        another = said.intent not in (self.intent, "AMAZON.FallbackIntent")
        if match is None or (another and match.resolved is None):
            return self, said
        return self, replace(same, slots={name: match}, score=1.0)

    def _fill(self, text: str, intent: str, name: str) -> SlotMatch | None:
        """Fill a slot from a bare answer: a listed value if one is named, else the words as they are."""
        from local_runner.understanding import SlotMatch

        declared = self.model.intent(intent)
        slot = declared.slot(name) if declared else None
        if slot is None or not text:
            return None
        slot_type = self.model.slot_type(slot.type)
        if slot_type is None or not slot_type.values:
            return SlotMatch(name, text, slot.type, None, None, False)
        value = _named(slot_type, text)
        if value is None:
            return SlotMatch(name, text, slot.type, None, None, True)
        return SlotMatch(name, value[0], slot.type, value[1], value[2], True)

    def directed(self, directives: Sequence[Mapping[str, Any]]) -> Step | None:
        """What the skill's dialog directive asks for; None when it gave none."""
        for directive in directives:
            kind = str(directive.get("type", ""))
            updated = directive.get("updatedIntent")
            dialog = self._updated(updated) if isinstance(updated, Mapping) else self
            match kind:
                case "Dialog.Delegate":
                    return dialog.next_step()
                case "Dialog.ElicitSlot":
                    slot = str(directive.get("slotToElicit", ""))
                    return Step(replace(dialog, waiting=f"slot {slot}", state="IN_PROGRESS"))
                case "Dialog.ConfirmSlot":
                    slot = str(directive.get("slotToConfirm", ""))
                    return Step(replace(dialog, waiting=f"confirm {slot}", state="IN_PROGRESS"))
                case "Dialog.ConfirmIntent":
                    return Step(replace(dialog, waiting="confirm", state="IN_PROGRESS"))
        return None

    def next_step(self) -> Step:
        """What Alexa asks next when the dialog is delegated to it; the dialog is complete when nothing is missing."""
        declared = self._declared or {}
        for slot in declared.get("slots") or ():
            name = str(slot.get("name"))
            prompts = slot.get("prompts") or {}
            if slot.get("elicitationRequired") and name not in self.slots:
                prompt = self._prompt(prompts.get("elicitation"), f"What is the {_spoken(name)}?")
                return Step(replace(self, waiting=f"slot {name}", state="IN_PROGRESS"), prompt)
            if slot.get("confirmationRequired") and name in self.slots and name not in self.slot_confirmations:
                prompt = self._prompt(prompts.get("confirmation"), f"{self.slots[name].value}, is that right?")
                return Step(replace(self, waiting=f"confirm {name}", state="IN_PROGRESS"), prompt)
        if declared.get("confirmationRequired") and self.confirmation == "NONE":
            prompt = self._prompt((declared.get("prompts") or {}).get("confirmation"), "Is that right?")
            return Step(replace(self, waiting="confirm", state="IN_PROGRESS"), prompt)
        return Step(replace(self, state="COMPLETED", waiting=""), again=self.state != "COMPLETED")

    def _prompt(self, prompt_id: Any, otherwise: str) -> str:
        for prompt in self.model.prompts:
            if isinstance(prompt, Mapping) and prompt.get("id") == prompt_id:
                for variation in prompt.get("variations") or ():
                    return re.sub(r"\{(\w+)\}", self._slot_text, str(variation.get("value", ""))) or otherwise
        return otherwise

    def _slot_text(self, found: re.Match[str]) -> str:
        match = self.slots.get(found[1])
        return match.value if match else _spoken(found[1])

    def _updated(self, intent: Mapping[str, Any]) -> Dialog:
        """The dialog after ``updatedIntent``: another intent (chaining), or the same with other slot values."""
        from local_runner.understanding import SlotMatch

        name = str(intent.get("name") or self.intent)
        slots: dict[str, SlotMatch] = {}
        declared = self.model.intent(name)
        for slot_name, slot in (intent.get("slots") or {}).items():
            value = slot.get("value") if isinstance(slot, Mapping) else None
            spec = declared.slot(slot_name) if declared else None
            if value and spec:
                old = self.slots.get(slot_name)
                slot_type = self.model.slot_type(spec.type)
                named = _named(slot_type, str(value)) if slot_type else None
                slots[slot_name] = (
                    old
                    if old and old.value == value
                    else SlotMatch(
                        slot_name,
                        str(value),
                        spec.type,
                        named[1] if named else None,
                        named[2] if named else None,
                        slot_type is not None,
                    )
                )
        if name != self.intent:
            return Dialog.begin(self.model, name, slots)
        return replace(self, slots=slots, confirmation=str(intent.get("confirmationStatus") or self.confirmation))


def _yes_or_no(said: Understanding) -> str:
    if said.intent in ("AMAZON.YesIntent", "AMAZON.NoIntent"):
        return said.intent
    # A model without yes and no of its own still confirms with them.
    word = said.heard.split(" ")[0] if said.heard else ""
    if word in ("yes", "yeah", "yep", "sure", "okay", "correct", "right"):
        return "AMAZON.YesIntent"
    return "AMAZON.NoIntent" if word in ("no", "nope", "nah", "wrong") else ""


def _named(slot_type: SlotType, text: str) -> tuple[str, str, str | None] | None:
    """``(what was said, canonical value, id)`` of the longest value named in a text."""
    words = f" {' '.join(text.lower().split())} "
    found = [
        (len(form), form, value)
        for value in slot_type.values
        for form in value.spoken_forms
        if f" {form.lower()} " in words
    ]
    if not found:
        return None
    _, form, value = max(found, key=lambda f: f[0])
    return form.lower(), value.name, value.id


def _spoken(name: str) -> str:
    """A slot's name as words: ``travelDate`` → 'travel date'."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", name).lower()
