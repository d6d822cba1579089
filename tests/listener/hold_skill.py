"""A small skill for the listener: a guided hold, a question, an emergency; as a plain Lambda handler."""

from __future__ import annotations

from typing import Any

HOLD = (
    "<speak>Straighten that leg and pull your toes up. Hold it there."
    + "".join(f"<break time='3s'/>{count} more." for count in ("Four", "Three", "Two", "One"))
    + "<break time='2s'/>Did it ease?</speak>"
)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer a request envelope."""
    request = event["request"]
    name = request.get("intent", {}).get("name", request["type"])
    if name == "HoldIntent":
        return _answer(HOLD, ask="Did it ease?")
    if name == "WhyIntent":
        return _answer("<speak>Often nobody knows why. Tired muscles cramp more.</speak>", ask="Anything else?")
    if name == "EmergencyIntent":
        return _answer("<speak>Call an ambulance now.</speak>", level="emergency")
    if name == "AMAZON.YesIntent":
        return _answer("<speak>Good. Sleep well.</speak>")
    return _answer("<speak>I did not understand.</speak>", ask="What did you say?")


def _answer(ssml: str, ask: str = "", level: str | None = None) -> dict[str, Any]:
    response: dict[str, Any] = {"outputSpeech": {"type": "SSML", "ssml": ssml}, "shouldEndSession": not ask}
    if ask:
        response["reprompt"] = {"outputSpeech": {"type": "PlainText", "text": ask}}
    return {"version": "1.0", "sessionAttributes": {"answer": {"level": level}}, "response": response}
