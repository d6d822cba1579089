"""The device between ears and mouth: sessions, requests and dialogs, as an Alexa speaker and its cloud keep them.

Which parts of a skill's answer are honoured, and which are not, stands in docs/limits.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from local_runner import envelopes
from local_runner.dialog import Dialog, FillSlot, Step
from local_runner.interaction_model import InteractionModel
from local_runner.skill_loading import SkillFunction

if TYPE_CHECKING:
    from local_runner.understanding import Understanding

FALLBACK = "AMAZON.FallbackIntent"

_LOST = "Sorry, I don't know that one."
"""What a device says by itself when a skill takes no fallback."""

_MOST_DIALOG_TURNS = 10
"""A skill that delegates for ever would hold the device for ever."""


@dataclass(frozen=True)
class Reply:
    """What came back from the skill."""

    ssml: str
    """The speech, as SSML with ``<speak>`` tags; empty when the skill says nothing."""
    reprompt: str = ""
    """What to say after a silence, as SSML; empty when there is none."""
    session_open: bool = False
    """Whether the device goes on listening without a wake word."""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    """The session attributes after this answer."""
    card: Mapping[str, Any] | None = None
    directives: Sequence[Mapping[str, Any]] = ()
    response: Mapping[str, Any] = field(default_factory=dict)
    """The whole response envelope."""
    intent: str = ""
    """The intent that was answered, where a dialog or a fallback changed it."""

    @property
    def expected(self) -> tuple[str, ...]:
        """Intents that the session makes likely: the session attribute ``expects``, a convention that any skill may
        follow to help the device hear."""
        names = self.attributes.get("expects", ())
        return tuple(n for n in names if isinstance(n, str)) if isinstance(names, list | tuple) else ()


class Device:
    """One device in one room, with at most one session.

    Args:
        skill: the skill as a function (see `local_runner.skill_loading.load_skill`).
        model: its interaction model.
        clock: gives the time that requests carry.
        fill: finds the value of one slot in a bare answer; by default the values that the model lists.
    """

    def __init__(
        self,
        skill: SkillFunction,
        model: InteractionModel,
        *,
        application_id: str = envelopes.APPLICATION_ID,
        locale: str = "en-US",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        fill: FillSlot | None = None,
    ) -> None:
        self._skill = skill
        self._model = model
        self._application_id = application_id
        self._locale = locale
        self._clock = clock
        self._session_id = ""
        self._attributes: dict[str, Any] = {}
        self._fill = fill
        self._dialog: Dialog | None = None
        self._expected: tuple[str, ...] = ()

    @property
    def session_open(self) -> bool:
        """Whether a session is going on."""
        return bool(self._session_id)

    @property
    def expected(self) -> tuple[str, ...]:
        """Intents that the session makes likely."""
        if self._dialog and self._dialog.waiting:
            return (self._dialog.intent, *self._expected)
        return self._expected

    def launch(self) -> Reply:
        """Open the skill without asking it anything."""
        return self._exchange(self._request("LaunchRequest"), "")

    def intent(self, understanding: Understanding) -> Reply:
        """Hand the skill what was understood.

        Raises:
            SkillError: the skill raised, or its answer is not a response.
        """
        if self._dialog and self._dialog.waiting:
            self._dialog, understanding = self._dialog.answer(understanding, self._fill)
        name = understanding.intent
        if self._model.intent(name) is None:
            if name in ("AMAZON.StopIntent", "AMAZON.CancelIntent"):
                # Alexa ends the session by itself when the skill has no handler for it.
                return replace(self.end("USER_INITIATED"), intent=name)
            if name == FALLBACK:
                return Reply(
                    f"<speak>{_LOST}</speak>", session_open=self.session_open, attributes=self._attributes, intent=name
                )
        slots = understanding.slots
        if self._dialog and self._dialog.intent == name:
            dialog = self._dialog.filled(slots)
        else:
            dialog = Dialog.begin(self._model, name, slots)
        return self._dialog_turn(dialog)

    def _dialog_turn(self, dialog: Dialog) -> Reply:
        """Call the skill until it, or the dialog on its behalf, has something to say."""
        if dialog.automatic:
            step = dialog.next_step()
            dialog = step.dialog
            if step.prompt:
                return self._prompted(Reply("", attributes=self._attributes, intent=dialog.intent), step)
        reply = self._call(dialog)
        for _ in range(_MOST_DIALOG_TURNS):
            directed = dialog.directed(reply.directives)
            if directed is None:
                self._dialog = dialog if self.session_open else None
                return reply
            dialog = directed.dialog
            if directed.prompt:
                return self._prompted(reply, directed)
            self._dialog = dialog
            if not directed.again:
                return reply
            reply = self._call(dialog)
        return reply

    def _prompted(self, reply: Reply, step: Step) -> Reply:
        """Ask what the dialog needs, after whatever the skill said itself."""
        self._dialog = step.dialog
        if not self._session_id:
            self._session_id = envelopes.new_session_id()
        prompt = f"<speak>{escape(step.prompt)}</speak>"
        return replace(reply, ssml=reply.ssml or prompt, reprompt=prompt, session_open=True)

    def _call(self, dialog: Dialog) -> Reply:
        name = dialog.intent
        intent = envelopes.intent_json(
            self._model, name, dialog.slots, self._application_id, dialog.confirmation
        )  # fmt: skip
        for slot, status in dialog.slot_confirmations.items():
            if slot in intent.get("slots", {}):
                intent["slots"][slot]["confirmationStatus"] = status
        more: dict[str, Any] = {"intent": intent}
        if dialog.managed:
            more["dialogState"] = dialog.state
        return self._exchange(self._request("IntentRequest", **more), name)

    def end(self, reason: str = "USER_INITIATED") -> Reply:
        """Tell the skill that its session is over; nothing is said.

        Args:
            reason: ``USER_INITIATED``, ``EXCEEDED_MAX_REPROMPTS`` or ``ERROR``.
        """
        if self.session_open:
            try:
                self._skill(self._envelope(self._request("SessionEndedRequest", reason=reason)))
            finally:
                self._forget()
        return Reply("")

    def forget(self) -> None:
        """Drop the session without a word to the skill (it raised, or was replaced)."""
        self._forget()

    def _forget(self) -> None:
        self._session_id = ""
        self._attributes = {}
        self._dialog = None
        self._expected = ()

    def _request(self, kind: str, **more: Any) -> dict[str, Any]:
        return envelopes.request_json(kind, self._locale, self._clock(), **more)

    def _envelope(self, request: Mapping[str, Any]) -> dict[str, Any]:
        new = not self._session_id
        if new:
            self._session_id = envelopes.new_session_id()
        return envelopes.envelope_json(
            request,
            session_id=self._session_id,
            new=new,
            attributes=self._attributes,
            application_id=self._application_id,
        )

    def _exchange(self, request: Mapping[str, Any], intent: str) -> Reply:
        try:
            answer = self._skill(self._envelope(request))
        except Exception:
            # Alexa closes a session whose skill failed; the next request begins a new one.
            self._forget()
            raise
        response = answer.get("response") or {}
        directives = tuple(d for d in response.get("directives") or () if isinstance(d, Mapping))
        # Dialog directives keep the session open; otherwise it stays open only when the skill says so.
        is_open = response.get("shouldEndSession") is False or any(
            str(d.get("type", "")).startswith("Dialog.") for d in directives
        )
        attributes = dict(answer.get("sessionAttributes") or {})
        reply = Reply(
            ssml=_speech(response.get("outputSpeech")),
            reprompt=_speech((response.get("reprompt") or {}).get("outputSpeech")),
            session_open=is_open,
            attributes=attributes,
            card=response.get("card"),
            directives=directives,
            response=answer,
            intent=intent,
        )
        if is_open:
            self._attributes = attributes
            self._expected = reply.expected
        else:
            self._forget()
        return reply


def _speech(output: Any) -> str:
    """SSML of an ``outputSpeech``; plain text is wrapped and escaped."""
    if not isinstance(output, Mapping):
        return ""
    if output.get("type") == "PlainText" or (output.get("text") and not output.get("ssml")):
        text = str(output.get("text") or "")
        return f"<speak>{escape(text)}</speak>" if text else ""
    return str(output.get("ssml") or "")


_LAUNCH = r"(?:open|start|launch|begin|run|use|wake up|talk to)"


def invocation(model: InteractionModel, text: str) -> tuple[bool, str]:
    """Split off the invocation: ``(whether it is a launch, what is asked)``.

    'open leg relief' is a launch; 'ask leg relief why cramps come' asks 'why cramps come'; anything else is asked as it
    stands. The grammar is Alexa's: https://developer.amazon.com/docs/custom-skills/understanding-how-users-invoke-custom-skills.html
    """
    name = r"\s+".join(re.escape(w) for w in model.invocation_name.lower().split())
    words = " ".join(text.lower().split())
    if re.fullmatch(rf"(?:alexa\s+)?(?:please\s+)?{_LAUNCH}\s+(?:the\s+)?{name}(?:\s+skill)?(?:\s+please)?", words):
        return True, ""
    asked = re.fullmatch(
        rf"(?:alexa\s+)?(?:please\s+)?(?:ask|tell|{_LAUNCH})\s+{name}\s+(?:and\s+)?(?P<rest>.+)", words
    )
    if not asked:
        return False, text
    rest = asked["rest"]
    return False, re.sub(r"^(?:to|for|about|that|if|whether)\s+", "", rest)
