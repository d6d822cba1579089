"""``charley serve``: the skill over HTTP, for development."""

from __future__ import annotations

import ipaddress

import click

from local_runner.errors import SettingsError, UsageError


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(0, 65535), help="Port; 0: any free one.")
@click.option("--skill", "skill_name", metavar="MODULE:FUNCTION", help="Another skill than Charley.")
@click.option(
    "--no-verification",
    is_flag=True,
    help="Answer unsigned requests, from this machine only. Never for a skill that others can reach.",
)
def command(host: str, port: int, skill_name: str | None, no_verification: bool) -> None:
    """Serve the skill over HTTP with a development server.

    Requests must be signed by Alexa unless --no-verification is given. For a real endpoint use script/serve; see
    docs/deploy.md.
    """
    if no_verification and not _is_loopback(host):
        raise UsageError(
            f"unverified requests are answered on this machine only, and {host} can be reached from others",
            "leave out --host, or leave out --no-verification",
        )
    import logging.config

    from werkzeug.serving import make_server

    from skill.errors import SkillError
    from skill.request_log import logging_config
    from skill.web import create_app

    logging.config.dictConfig(logging_config())
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # its access log repeats ours
    skill = None
    if skill_name is not None:
        from local_runner.skill_loading import load_skill

        skill = load_skill(skill_name)
    try:
        app = create_app(skill, development=no_verification)
    except SkillError as error:
        raise SettingsError(str(error), "docs/deploy.md has the table of settings") from None
    try:
        server = make_server(host, port, app, threaded=True)
    except (OSError, SystemExit):
        raise SettingsError(f"cannot listen on {host} port {port}", "choose another with --port") from None
    how = "UNVERIFIED, this machine only" if no_verification else "signed requests only"
    click.echo(f"charley: serving on http://{_in_url(host)}:{server.server_port} ({how}); Ctrl-C stops it", err=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        click.echo("charley: stopped", err=True)
    finally:
        server.server_close()


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
