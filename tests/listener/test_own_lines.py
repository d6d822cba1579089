"""No line that Charley can say holds a wake phrase: it would call itself."""

from __future__ import annotations

import re

import pytest

from local_runner.commands.bench import _own_lines
from local_runner.settings import WakeSettings


@pytest.mark.parametrize("phrase", WakeSettings().phrases)
def test_no_line_holds_a_wake_phrase(phrase: str) -> None:
    lines = _own_lines()
    assert len(lines) > 200
    said = [line for line in lines if re.search(rf"\b{phrase}\b", line.lower())]
    assert not said
