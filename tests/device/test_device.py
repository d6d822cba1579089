"""The device: sessions, envelopes and dialogs, against a skill written as Amazon's samples are."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from local_runner.assistant import Assistant
from local_runner.device import Device, invocation
from local_runner.errors import SkillError, SkillLoadError
from local_runner.exchange import spoken_words
from local_runner.interaction_model import InteractionModel
from local_runner.skill_loading import as_function, load_skill
from local_runner.understanding import SlotMatch, Understanding

HERE = Path(__file__).parent
MODEL = InteractionModel.load(HERE / "coffee_model.json")


@pytest.fixture(scope="module", autouse=True)
def _on_the_path() -> Iterator[None]:
    sys.path.insert(0, str(HERE))
    yield
    sys.path.remove(str(HERE))


@pytest.fixture
def assistant() -> Assistant:
    return Assistant(load_skill("coffee_skill:sb"), MODEL)


def say(assistant: Assistant, text: str) -> str:
    return assistant.ask_text(text).speech


class TestLoading:
    @pytest.mark.parametrize("name", ["sb", "build", "handler", "sb.create"])
    def test_every_way_that_skills_are_put_together(self, name: str) -> None:
        assert Assistant(load_skill(f"coffee_skill:{name}"), MODEL).launch().speech == "Welcome. What would you like?"

    def test_a_file_by_its_path(self) -> None:
        skill = load_skill(f"{HERE / 'coffee_skill.py'}:handler")
        assert "Welcome" in Assistant(skill, MODEL).launch().speech

    @pytest.mark.parametrize(
        ("name", "problem"),
        [
            ("coffee_skill", "does not name a skill"),
            ("coffee_skill:nothing", "has no 'nothing'"),
            ("no_such_module:handler", "no module named"),
            ("no/such/file.py:handler", "no file"),
            ("json:decoder", "no skill"),
            ("coffee_skill:MODEL_PATH.x", "has no"),
        ],
    )
    def test_what_is_no_skill_is_said_in_one_line(self, name: str, problem: str) -> None:
        with pytest.raises(SkillLoadError, match=problem) as caught:
            load_skill(name)
        assert "\n" not in str(caught.value)
        assert caught.value.exit_code == 2

    def test_a_module_that_fails_to_import(self, tmp_path: Path) -> None:
        (tmp_path / "broken_skill.py").write_text("raise ValueError('no key')\n")
        with pytest.raises(SkillLoadError, match=r"ValueError: no key"):
            load_skill(f"{tmp_path / 'broken_skill.py'}:handler")

    def test_an_answer_that_is_no_response(self) -> None:
        skill = as_function(lambda event, context: "hello")
        with pytest.raises(SkillError, match="not a response"):
            Device(skill, MODEL).launch()


class TestSession:
    def recorded(self) -> tuple[list[dict[str, Any]], Device]:
        seen: list[dict[str, Any]] = []

        def skill(event: dict[str, Any], _context: Any) -> dict[str, Any]:
            seen.append(json.loads(json.dumps(event)))
            count = event["session"]["attributes"].get("count", 0) + 1
            intent = event["request"].get("intent", {}).get("name")
            return {
                "version": "1.0",
                "sessionAttributes": {"count": count, "expects": ["OrderIntent", 7]},
                "response": {
                    "outputSpeech": {"type": "PlainText", "text": "one < two"},
                    "shouldEndSession": intent == "NameIntent",
                },
            }

        return seen, Device(as_function(skill), MODEL, clock=lambda: datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))

    def test_a_session_is_new_once_and_keeps_its_attributes(self) -> None:
        seen, device = self.recorded()
        device.launch()
        device.intent(Understanding("OrderIntent"))
        device.intent(Understanding("NameIntent"))
        device.intent(Understanding("OrderIntent"))
        assert [e["session"]["new"] for e in seen] == [True, False, False, True]
        assert [e["session"]["attributes"].get("count") for e in seen] == [None, 1, 2, None]
        ids = [e["session"]["sessionId"] for e in seen]
        assert ids[0] == ids[1] == ids[2] != ids[3]
        assert len({e["request"]["requestId"] for e in seen}) == 4

    def test_a_request_looks_as_alexa_sends_it(self) -> None:
        seen, device = self.recorded()
        match = SlotMatch("Size", "huge", "Size", "large", "L", True)
        reply = device.intent(Understanding("OrderIntent", {"Size": match}))
        request = seen[0]["request"]
        assert request["type"] == "IntentRequest"
        assert request["timestamp"] == "2026-01-02T03:04:05Z"
        assert request["dialogState"] == "STARTED"
        size, drink = request["intent"]["slots"]["Size"], request["intent"]["slots"]["Drink"]
        assert size["value"] == "huge"
        (authority,) = size["resolutions"]["resolutionsPerAuthority"]
        assert authority["status"] == {"code": "ER_SUCCESS_MATCH"}
        assert authority["values"] == [{"value": {"name": "large", "id": "L"}}]
        assert drink == {"name": "Drink", "confirmationStatus": "NONE"}
        assert reply.ssml == "<speak>one &lt; two</speak>"
        assert spoken_words(reply.ssml) == "one < two"
        assert reply.expected == ("OrderIntent",)

    def test_a_value_outside_the_list_is_sent_as_no_match(self) -> None:
        seen, device = self.recorded()
        device.intent(Understanding("OrderIntent", {"Size": SlotMatch("Size", "vast", "Size", None, None, True)}))
        (authority,) = seen[0]["request"]["intent"]["slots"]["Size"]["resolutions"]["resolutionsPerAuthority"]
        assert authority["status"] == {"code": "ER_SUCCESS_NO_MATCH"}
        assert "values" not in authority

    def test_leaving_tells_the_skill_once(self) -> None:
        seen, device = self.recorded()
        device.launch()
        device.end("EXCEEDED_MAX_REPROMPTS")
        device.end()
        assert [e["request"]["type"] for e in seen] == ["LaunchRequest", "SessionEndedRequest"]
        assert seen[1]["request"]["reason"] == "EXCEEDED_MAX_REPROMPTS"
        assert not device.session_open

    def test_a_skill_that_raises_loses_its_session_and_nothing_else(self, assistant: Assistant) -> None:
        assistant.launch()
        with pytest.raises(SkillError, match="RuntimeError") as caught:
            assistant.ask_text("break the machine")
        assert "\n" not in str(caught.value)
        assert not assistant.device.session_open
        assert "Welcome" in assistant.launch().speech

    def test_stop_without_a_handler_ends_the_session(self, assistant: Assistant) -> None:
        assistant.launch()
        exchange = assistant.ask_text("stop")
        assert exchange.intent == "AMAZON.StopIntent"
        assert not exchange.reply.session_open
        assert not assistant.device.session_open

    def test_a_skill_without_fallback_is_not_asked_what_it_cannot_know(self, assistant: Assistant) -> None:
        exchange = assistant.ask_text("the dog is asleep on the sofa again")
        assert exchange.intent == "AMAZON.FallbackIntent"
        assert "Sorry" in exchange.speech


class TestDialog:
    def test_delegation_collects_the_slot_and_the_confirmation(self, assistant: Assistant) -> None:
        assert say(assistant, "order a latte") == "Large or small?"
        assert say(assistant, "a big one") == "A big latte, right?"
        assert say(assistant, "yes") == "Order 1: L latte. Anything else?"

    def test_what_is_complete_is_only_confirmed(self, assistant: Assistant) -> None:
        assert say(assistant, "bring me a small espresso") == "A small espresso, right?"
        assert say(assistant, "no") == "All right, nothing then."

    def test_elicitation_takes_a_free_answer(self, assistant: Assistant) -> None:
        assert say(assistant, "put a name on it") == "Who is it for?"
        assert say(assistant, "margaret") == "For margaret."

    def test_another_intent_leaves_the_dialog(self, assistant: Assistant) -> None:
        assert say(assistant, "order a latte") == "Large or small?"
        assert say(assistant, "put a name on the cup") == "Who is it for?"

    def test_automatic_delegation_asks_before_the_skill_is_called(self) -> None:
        data = json.loads((HERE / "coffee_model.json").read_text())
        data["interactionModel"]["dialog"]["delegationStrategy"] = "ALWAYS"
        assistant = Assistant(load_skill("coffee_skill:sb"), InteractionModel.parse(data))
        assert say(assistant, "order a latte") == "Large or small?"
        assert say(assistant, "small") == "A small latte, right?"
        assert say(assistant, "yes").startswith("Order 1: S latte.")


@pytest.mark.parametrize(
    ("text", "launch", "rest"),
    [
        ("open corner coffee", True, ""),
        ("Alexa open corner coffee", True, ""),
        ("start the corner coffee skill", True, ""),
        ("ask corner coffee for a latte", False, "a latte"),
        ("ask corner coffee to bring me a latte", False, "bring me a latte"),
        ("open the window", False, "open the window"),
        ("a corner coffee", False, "a corner coffee"),
    ],
)
def test_invocation(text: str, launch: bool, rest: str) -> None:
    assert invocation(MODEL, text) == (launch, rest)
