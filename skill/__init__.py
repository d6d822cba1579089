"""Charley as an Alexa skill: one handler, whatever door the request came through.

`create_skill` puts the handlers together; `handler` is the same skill as a plain function of a request envelope, which
is what AWS Lambda calls, what the web door calls, and what the bedside device calls in process.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from ask_sdk_core.serialize import DefaultSerializer
from ask_sdk_core.skill import CustomSkill
from ask_sdk_core.skill_builder import SkillBuilder
from ask_sdk_model import RequestEnvelope

from skill.compiled import compiled_content
from skill.handlers import builtins, errors, questions, relief, routine, safety

__all__ = ["INTERACTION_MODEL", "create_skill", "handler"]

INTERACTION_MODEL = Path(__file__).parent / "skill-package" / "interactionModels" / "custom" / "en-US.json"
"""Charley's own interaction model."""


def create_skill() -> CustomSkill:
    """The skill: danger signs first, then the conversations, then whatever is left.

    Raises:
        ContentError: the compiled content is missing or damaged.
    """
    content = compiled_content()
    builder = SkillBuilder()
    builder.add_request_handler(builtins.LaunchHandler(content))
    builder.add_request_handler(builtins.SessionEndedHandler())
    for handler_class in (
        safety.DangerHandler,
        safety.SayAgainHandler,
        routine.BedtimeStepHandler,
        routine.BedtimeHandler,
        relief.BetterHandler,
        relief.StillHurtingHandler,
        relief.ConditionHandler,
        relief.CrampHandler,
        relief.PositionHandler,
        relief.NoSignsHandler,
        relief.ScaredHandler,
        relief.SoreHandler,
        relief.HoldLengthHandler,
        questions.MoreHandler,
        questions.SourceHandler,
        questions.QuestionHandler,
        builtins.HelloHandler,
        builtins.HelpHandler,
        builtins.StopHandler,
        builtins.ThanksHandler,
        builtins.RepeatHandler,
        builtins.SlowerHandler,
        builtins.NextHandler,
        builtins.PauseHandler,
        builtins.YesNoHandler,
        errors.FallbackHandler,
    ):
        builder.add_request_handler(handler_class(content))
    builder.add_exception_handler(errors.ErrorHandler(content))
    return builder.create()


@cache
def _parts() -> tuple[CustomSkill, DefaultSerializer]:
    return create_skill(), DefaultSerializer()


def handler(event: dict[str, Any], context: Any = None) -> dict[str, Any]:
    """Answer one request envelope (parsed JSON) with a response envelope (JSON-ready).

    Raises:
        ask_sdk_core.exceptions.SerializationException: the envelope is not one that the SDK knows.
    """
    skill, serializer = _parts()
    envelope = serializer.deserialize(payload=json.dumps(event), obj_type=RequestEnvelope)
    answer = serializer.serialize(skill.invoke(request_envelope=envelope, context=context))
    assert isinstance(answer, dict)
    return answer
