"""YAML with line numbers: reads a content file so that every complaint can name its file and line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from skill.errors import ContentError

# The C loader reads all content in a fraction of the time; PyYAML's wheels carry it, source builds may not.
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]
    """A safe loader that turns mappings into `Entry` objects and refuses duplicate keys."""


@dataclass(frozen=True)
class Entry:
    """A mapping of a content file that knows where it stands."""

    values: Mapping[str, Any]
    lines: Mapping[str, int]
    """Line of each key, from 1."""
    file: str
    line: int

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def fail(self, problem: str, key: str | None = None) -> ContentError:
        """A `ContentError` at this entry, or at one of its keys."""
        return ContentError(self.file, self.lines.get(key or "", self.line), problem)

    def only(self, *allowed: str) -> None:
        """Refuse keys that are not in ``allowed``: a misspelt key would otherwise be lost in silence."""
        for key in self.values:
            if key not in allowed:
                raise self.fail(f"unknown key '{key}'; allowed are {', '.join(allowed)}", key)

    def _get(self, key: str, default: Any) -> Any:
        if key in self.values:
            return self.values[key]
        if default is _REQUIRED:
            raise self.fail(f"'{key}' is missing")
        return default

    def text(self, key: str, default: Any = None, *, required: bool = True) -> str:
        """A non-empty text; line breaks and runs of spaces become single spaces."""
        value = self._get(key, _REQUIRED if required and default is None else default)
        if value is None and not required:
            return ""
        if isinstance(value, bool | int | float):
            value = str(value)
        if not isinstance(value, str) or not value.strip():
            raise self.fail(f"'{key}' must be text", key)
        return " ".join(value.split())

    def integer(self, key: str, default: int | None = None) -> int:
        """A whole number."""
        value = self._get(key, _REQUIRED if default is None else default)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.fail(f"'{key}' must be a whole number", key)
        return value

    def texts(self, key: str, default: Any = ()) -> tuple[str, ...]:
        """A list of texts."""
        value = self._get(key, default)
        if not isinstance(value, list | tuple) or not all(isinstance(v, str) and v.strip() for v in value):
            raise self.fail(f"'{key}' must be a list of texts (quote words like yes, no, on, off)", key)
        return tuple(" ".join(v.split()) for v in value)

    def entries(self, key: str, default: Any = ()) -> tuple[Entry, ...]:
        """A list of mappings."""
        value = self._get(key, default)
        if not isinstance(value, list | tuple) or not all(isinstance(v, Entry) for v in value):
            raise self.fail(f"'{key}' must be a list of mappings", key)
        return tuple(value)

    def mapping(self, key: str) -> Entry | None:
        """A nested mapping, or None where the key is absent."""
        value = self.values.get(key)
        if value is None or value == {}:
            return None
        if not isinstance(value, Entry):
            raise self.fail(f"'{key}' must be a mapping", key)
        return value

    def sets(self, key: str) -> tuple[frozenset[str], ...]:
        """A list of lists of words, as sets."""
        value = self._get(key, ())
        if not isinstance(value, list | tuple) or not all(
            isinstance(group, list) and group and all(isinstance(word, str) for word in group) for group in value
        ):
            raise self.fail(f"'{key}' must be a list of lists of words", key)
        return tuple(frozenset(group) for group in value)

    def __iter__(self) -> Iterator[str]:
        return iter(self.values)


_REQUIRED = object()


def _construct_mapping(loader: Any, node: yaml.MappingNode) -> Entry:
    values: dict[str, Any] = {}
    lines: dict[str, int] = {}
    file = loader.charley_file
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise ContentError(file, line, "keys must be plain words")
        key = key_node.value
        if key in values:
            raise ContentError(file, line, f"'{key}' stands here twice")
        values[key] = loader.construct_object(value_node, deep=True)
        lines[key] = line
    return Entry(values, lines, file, node.start_mark.line + 1)


_Loader.add_constructor("tag:yaml.org,2002:map", _construct_mapping)


def read_entry(path: Path, root: Path) -> Entry:
    """Read a content file whose top level is a mapping.

    Raises:
        ContentError: the file cannot be read, is not YAML, or is not a mapping.
    """
    file = path.relative_to(root).as_posix()
    try:
        loader = _Loader(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ContentError(file, 1, f"cannot be read: {error}") from error
    loader.charley_file = file
    try:
        data = loader.get_single_data()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise ContentError(file, mark.line + 1 if mark else 1, f"not YAML: {error.problem}") from error
    finally:
        loader.dispose()
    if not isinstance(data, Entry):
        raise ContentError(file, 1, "the file must be a mapping (key: value)")
    return data
