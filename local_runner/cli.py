"""The ``charley`` command: a table of commands, each in a module of its own, imported only when it is called."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from typing import Any

import click

from local_runner.errors import CharleyError

_COMMANDS = {
    "ask": "one question, one answer, in a new session",
    "bench": "latency, idle cost and memory on this machine",
    "chat": "a conversation, one utterance a line",
    "doctor": "is everything here that a night needs?",
    "fixtures": "recorded audio fixtures: run, record, score",
    "listen": "the bedside listener",
    "model": "the Alexa interaction model: build, check",
    "serve": "the skill over HTTP, for development",
    "service": "start the bedside listener with your session",
    "understand": "text to intent and slots",
    "voices": "voice models: list, fetch",
}
"""Name → one line of help. The command ``x`` is ``command`` in ``local_runner.commands.x``."""


class _Commands(click.Group):
    """Imports a command when it is called, so that ``charley ask`` never pays for ``charley fixtures``."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"local_runner.commands.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, text in sorted(_COMMANDS.items())])


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="charley")
def charley() -> None:
    """Help for a leg cramp at night, by voice. No substitute for a doctor."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; errors are one line on standard error, with exit code 2 (input) or 1 (failure)."""
    try:
        status: Any = charley.main(args=arguments, prog_name="charley", standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        click.echo(f"charley: {' '.join(error.format_message().split())}", err=True)
        sys.exit(2 if isinstance(error, click.UsageError | click.FileError) else 1)
    except CharleyError as error:
        click.echo(f"charley: {error}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader of our output went away (`charley chat | head`): nothing is wrong.
        sys.stderr.close()
        sys.exit(0)
    sys.exit(status if isinstance(status, int) else 0)


if __name__ == "__main__":
    main()
