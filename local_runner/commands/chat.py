"""``charley chat``: a conversation, one utterance a line, from a terminal or a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from local_runner.commands.shared import json_option, make_assistant, show, skill_options
from local_runner.errors import SkillError, UsageError


@click.command()
@json_option
@skill_options
def command(as_json: bool, skill_name: str | None, interaction_model: Path | None) -> None:
    """Talk by typing. An empty first line opens the skill; after a session has ended the next line begins a new one."""
    assistant = make_assistant(skill_name, interaction_model)
    own = skill_name is None
    typing = sys.stdin.isatty() and not as_json
    failures = 0
    if typing:
        click.echo("Type what you would say; an empty line opens the skill; Ctrl-D ends.", err=True)
    for line in _utterances(typing):
        try:
            if not line.strip() and not assistant.device.session_open:
                exchange = assistant.launch()
            else:
                exchange = assistant.ask_text(line)
        except (SkillError, UsageError) as error:
            # One bad line does not end the conversation for the others; the skill's session is over.
            click.echo(f"charley: {error}", err=True)
            failures = error.exit_code
            continue
        show(exchange, as_json=as_json, own_skill=own)
    assistant.end()
    if failures:
        sys.exit(failures)


def _utterances(typing: bool) -> Iterator[str]:
    while True:
        if typing:
            click.echo("> ", nl=False, err=True)
        line = sys.stdin.readline()
        if not line:
            return
        yield line.rstrip("\r\n")
