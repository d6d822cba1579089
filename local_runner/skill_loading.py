"""``--skill MODULE:FUNCTION``: any skill built on ask-sdk-core, as a plain function from request to response."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from local_runner.errors import SkillError, SkillLoadError

SkillFunction = Callable[[dict[str, Any]], dict[str, Any]]
"""Takes a request envelope as parsed JSON, returns the response envelope as parsed JSON."""

_MEND = (
    "give a module or file and the name of its skill builder, skill or Lambda handler, as in lambda_function:handler"
)


def load_skill(name: str) -> SkillFunction:
    """The skill that ``name`` stands for.

    Args:
        name: ``MODULE:NAME`` or ``path/to/file.py:NAME``. NAME may be a skill builder, a skill, a Lambda handler, or a
            function without arguments that returns one of them. The current folder is searched like any other.

    Raises:
        SkillLoadError: there is no such thing, importing it failed, or it is no skill.
    """
    module_name, separator, attribute = name.rpartition(":")
    if not separator or not module_name or not attribute:
        raise SkillLoadError(f"'{name}' does not name a skill", _MEND)
    module = _import(module_name)
    try:
        found: Any = module
        for part in attribute.split("."):
            found = getattr(found, part)
    except AttributeError as error:
        raise SkillLoadError(f"{module_name} has no '{attribute}'", _MEND) from error
    return as_function(found, name)


def _import(name: str) -> Any:
    folder = str(Path.cwd())
    if folder not in sys.path:
        sys.path.insert(0, folder)
    try:
        if not name.endswith(".py"):
            return importlib.import_module(name)
        path = Path(name).resolve()
        if not path.is_file():
            raise SkillLoadError(f"there is no file {name}", _MEND)
        # Samples import their neighbours (`from alexa import data`), so the file's own folder must be searched too.
        sys.path.insert(0, str(path.parent))
        spec = importlib.util.spec_from_file_location(path.stem, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules.setdefault(path.stem, module)
        spec.loader.exec_module(module)
        return module
    except SkillLoadError:
        raise
    except ModuleNotFoundError as error:
        mend = "run from the folder that holds it" if error.name == name.split(".")[0] else "install what it needs"
        raise SkillLoadError(f"cannot import {name} (no module named '{error.name}')", mend) from error
    except Exception as error:
        raise SkillLoadError(
            f"importing {name} failed ({type(error).__name__}: {error})", "mend the skill, then try again"
        ) from error


def as_function(skill: Any, name: str = "the skill") -> SkillFunction:
    """Wrap a skill builder, a skill, a Lambda handler, or a function that returns one of them.

    Raises:
        SkillLoadError: it is none of these.
    """
    if hasattr(skill, "invoke"):
        return _from_skill(skill)
    if hasattr(skill, "create") and hasattr(skill, "lambda_handler"):
        return _from_skill(skill.create())
    if not callable(skill):
        raise SkillLoadError(f"{name} is no skill", _MEND)
    required = [
        p
        for p in inspect.signature(skill).parameters.values()
        if p.default is p.empty and p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
    ]
    if not required and len(inspect.signature(skill).parameters) == 0:
        try:
            made = skill()
        except Exception as error:
            raise SkillLoadError(
                f"{name} failed ({type(error).__name__}: {error})", "mend the skill, then try again"
            ) from error
        return as_function(made, name)
    if len(required) > 2:
        raise SkillLoadError(f"{name} takes {len(required)} arguments; a Lambda handler takes two", _MEND)
    return _from_handler(skill)


def _from_skill(skill: Any) -> SkillFunction:
    from ask_sdk_core.serialize import DefaultSerializer
    from ask_sdk_model import RequestEnvelope

    serializer = DefaultSerializer()

    def call(event: dict[str, Any]) -> dict[str, Any]:
        envelope = serializer.deserialize(payload=json.dumps(event), obj_type=RequestEnvelope)
        return _checked(serializer.serialize(skill.invoke(request_envelope=envelope, context=None)))

    return _guarded(call)


def _from_handler(handler: Callable[[dict[str, Any], Any], Any]) -> SkillFunction:
    return _guarded(lambda event: _checked(handler(event, None)))


def _checked(answer: Any) -> dict[str, Any]:
    if not isinstance(answer, dict) or not isinstance(answer.get("response"), dict | type(None)):
        raise SkillError("the skill's answer is not a response envelope", "it must return what ask-sdk-core returns")
    return answer


def _guarded(call: SkillFunction) -> SkillFunction:
    def guarded(event: dict[str, Any]) -> dict[str, Any]:
        try:
            return call(event)
        except SkillError:
            raise
        except Exception as error:
            raise SkillError(
                f"the skill raised {type(error).__name__} ({error})", "add a handler for this request to the skill"
            ) from error

    return guarded
