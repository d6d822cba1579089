"""Options that every command takes, and the one place that names both Charley's skill and the device."""

from __future__ import annotations

import json
import logging
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from local_runner.errors import InputError, SkillLoadError

if TYPE_CHECKING:
    from local_runner.assistant import Assistant
    from local_runner.exchange import Exchange

F = TypeVar("F", bound=Callable[..., Any])

OWN_SKILL = "skill:handler"
"""Charley's own skill, which ``--skill`` replaces."""


def skill_options(function: F) -> F:
    """``--skill`` and ``--interaction-model``, which go together."""
    function = click.option(
        "--interaction-model",
        "interaction_model",
        type=click.Path(path_type=Path),
        help="the skill's interaction model (default: Charley's own)",
    )(function)
    return click.option("--skill", "skill_name", metavar="MODULE:FUNCTION", help="another skill built on ask-sdk-core")(
        function
    )


def voice_model_option(function: F) -> F:
    """``--model``: the voice model to hear with."""
    return click.option(
        "--model",
        "voice_model",
        metavar="NAME|DIR",
        help="voice model to hear with (default: the best that is installed)",
    )(function)


def json_option(function: F) -> F:
    """``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="print one JSON object for each exchange")(function)


def own_model_path() -> Path:
    """Path of Charley's own interaction model."""
    from skill import INTERACTION_MODEL

    return INTERACTION_MODEL


def make_assistant(skill_name: str | None, interaction_model: Path | None, voice_model: str | None = None) -> Assistant:
    """The assistant that the options describe.

    Raises:
        SkillLoadError, ModelFileError, RecogniserError: one of them is wrong.
    """
    from local_runner.assistant import Assistant
    from local_runner.interaction_model import InteractionModel

    quiet()
    if skill_name and not interaction_model:
        raise SkillLoadError(
            "--skill needs --interaction-model", "give the skill's interaction model, as in models/en-US.json"
        )
    path = None
    if voice_model:
        from local_runner.recognition import find_voice_model

        path = find_voice_model(voice_model)
    model = InteractionModel.load(interaction_model or own_model_path())
    return Assistant(own_or(skill_name), model, path)


def own_or(skill_name: str | None) -> Any:
    """The skill that ``--skill`` names, or Charley's own."""
    from local_runner.skill_loading import load_skill
    from skill.errors import ContentError

    try:
        return load_skill(skill_name or OWN_SKILL)
    except ContentError as error:
        raise InputError(str(error), "mend that line") from error


def quiet() -> None:
    """Keep libraries' notices away from people's terminals: what matters reaches them as our own errors."""
    warnings.filterwarnings("ignore", module=r"ask_sdk.*")
    logging.getLogger("ask_sdk_core").setLevel(logging.CRITICAL)


def show(exchange: Exchange, *, as_json: bool, own_skill: bool) -> None:
    """Print an exchange: the JSON object of the contract, or the words."""
    if as_json:
        click.echo(json.dumps(exchange.to_json(own_skill=own_skill), ensure_ascii=False))
        return
    if exchange.voice_model is not None:
        click.echo(f"(heard: {exchange.heard or 'nothing'})", err=True)
    click.echo(exchange.speech or "(silence)")
