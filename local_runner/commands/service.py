"""``charley service``: the bedside listener as a service of the user's own session (systemd)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import click

from local_runner.errors import Failure

NAME = "charley.service"

_UNIT = """\
# Written by `charley service install`; `charley service remove` takes it away.
[Unit]
Description=Charley, the bedside listener
After=sound.target pipewire.service pulseaudio.service
StartLimitIntervalSec=0

[Service]
Type=notify
ExecStart={command}
Restart=always
RestartSec=2
# The listener says every five seconds that it lives; one that hangs is killed and started again.
WatchdogSec=40
TimeoutStartSec=600
TimeoutStopSec=10
# It speaks to the sound server of this machine, and to nobody on any network.
NoNewPrivileges=yes
RestrictAddressFamilies=AF_UNIX

[Install]
WantedBy=default.target
"""


@click.group()
def command() -> None:
    """Start the bedside listener with your session, and keep it running."""


@command.command()
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def install(arguments: tuple[str, ...]) -> None:
    """Write the unit, enable it and start it. What follows `--` is given to `charley listen`."""
    path = unit_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(unit(arguments), encoding="utf-8")
    click.echo(f"wrote {path}")
    _systemctl("daemon-reload")
    _systemctl("enable", "--now", NAME)
    click.echo("Charley listens from now on, and after every login.")
    click.echo("To have it listen before you log in, too: loginctl enable-linger")


@command.command()
def status() -> None:
    """Say whether it is installed and running."""
    if not unit_path().exists():
        click.echo("not installed: charley service install")
        raise click.exceptions.Exit(1)
    done = _run("show", NAME, "--property=ActiveState,SubState,NRestarts,ActiveEnterTimestamp")
    values = dict(line.split("=", 1) for line in done.stdout.splitlines() if "=" in line)
    state = values.get("ActiveState", "unknown")
    click.echo(f"{state} ({values.get('SubState', '?')}) since {values.get('ActiveEnterTimestamp') or 'never'}")
    click.echo(f"restarted {values.get('NRestarts', '0')} times; its log: journalctl --user -u {NAME}")
    if state != "active":
        raise click.exceptions.Exit(1)


@command.command()
def remove() -> None:
    """Stop it, and take the unit away."""
    path = unit_path()
    if not path.exists():
        click.echo("not installed")
        return
    _run("disable", "--now", NAME)
    path.unlink()
    _run("daemon-reload")
    click.echo(f"removed {path}")


def unit(arguments: tuple[str, ...] = ()) -> str:
    """The text of the unit; ``arguments`` go to ``charley listen``."""
    words = [*_command(), "listen", *arguments]
    return _UNIT.format(command=" ".join(_quoted(word) for word in words))


def unit_path() -> Path:
    """Where systemd looks for the user's own units."""
    home = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(home) / "systemd" / "user" / NAME


def _command() -> list[str]:
    # The command that is installed beside this interpreter, so that the service uses the same environment.
    installed = Path(sys.executable).with_name("charley")
    return [str(installed)] if installed.exists() else [sys.executable, "-m", "local_runner.cli"]


def _quoted(word: str) -> str:
    # systemd's own quoting: per cent signs are specifiers, dollars are variables.
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"' if not word.replace("/", "").replace("-", "").replace(".", "").isalnum() else escaped


def _systemctl(*arguments: str) -> None:
    done = _run(*arguments)
    if done.returncode != 0:
        raise Failure(
            f"systemctl --user {' '.join(arguments)} failed ({done.stderr.strip() or done.returncode})",
            "run it in your own session, not as another user; without systemd, start `charley listen` yourself",
        )


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which("systemctl")
    if program is None:
        raise Failure("this machine has no systemd", "start `charley listen` with your session in another way")
    command = [program, "--user", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603
