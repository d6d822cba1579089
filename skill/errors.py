"""What can go wrong inside the skill, in one tree.

::

    SkillError
    ├── ContentError      a content file is wrong; the message begins with file and line
    └── ModelBuildError   the interaction model or manifest cannot be made from the content
"""

from __future__ import annotations


class SkillError(Exception):
    """Base of the skill's own errors; messages are one line."""


class ContentError(SkillError):
    """A content file is wrong.

    Args:
        file: path of the file, relative to the content folder.
        line: line number, from 1.
        problem: what is wrong and what is wanted.
    """

    def __init__(self, file: str, line: int, problem: str) -> None:
        self.file = file
        self.line = line
        self.problem = problem
        super().__init__(f"{file}:{line}: {problem}")


class ModelBuildError(SkillError):
    """The interaction model or manifest cannot be made from the content."""
