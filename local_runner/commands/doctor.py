"""``charley doctor``: is everything here that a night needs?"""

from __future__ import annotations

import dataclasses
import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from local_runner.listener.checkup import Finding


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print findings as JSON.")
@click.option("--quiet", is_flag=True, help="Play no tone and no sentence.")
@click.option("--microphone", metavar="NAME", help="Part of the microphone's name (default: the system's own).")
@click.option("--speaker", metavar="NAME", help="Part of the loudspeaker's name (default: the system's own).")
@click.option("--voice", metavar="ID", help="A voice of the synthesiser, such as gmw/en-us.")
@click.option("--model", type=click.Path(path_type=Path), help="Folder of a voice model (default: the best here).")
@click.option("--interaction-model", type=click.Path(path_type=Path), help="Interaction model (default: Charley's).")
@click.option("--endpoint", metavar="URL", help="Look at an HTTPS endpoint and Amazon's certificate chain instead.")
@click.pass_context
def command(
    context: click.Context,
    endpoint: str | None,
    as_json: bool,
    quiet: bool,
    microphone: str | None,
    speaker: str | None,
    voice: str | None,
    model: Path | None,
    interaction_model: Path | None,
) -> None:
    """Try everything that a night needs: voice, recogniser, microphone, loudspeaker, disk.

    Each fault comes with its mend. The exit code is 1 when something that a night needs is missing.
    """
    import platformdirs

    from local_runner.listener.checkup import Patient, examine

    places = (Path(platformdirs.user_cache_dir("charley")), Path(platformdirs.user_config_dir("charley")))
    patient = Patient(
        voice_model=model,
        interaction_model=interaction_model or _own_interaction_model(),
        microphone=microphone,
        speaker=speaker,
        voice=voice,
        aloud=not quiet,
        places=places,
    )
    findings: list[Finding] = []
    for finding in _endpoint_findings(endpoint) if endpoint else examine(patient):
        findings.append(finding)
        if not as_json:
            _print(finding)
    healthy = all(finding.ok for finding in findings if finding.needed)
    if as_json:
        findings_json = [dataclasses.asdict(finding) for finding in findings]
        click.echo(json.dumps({"ok": healthy, "findings": findings_json}, ensure_ascii=False))
    elif endpoint:
        click.echo("Alexa can reach it." if healthy else "Alexa would not accept it: see the faults above.")
    elif healthy:
        click.echo("Charley can listen tonight.")
    else:
        click.echo("Charley cannot listen tonight: see the faults above.")
    context.exit(0 if healthy else 1)


def _endpoint_findings(url: str) -> Iterator[Finding]:
    from local_runner.listener.checkup import Finding
    from skill.endpoint_check import check_amazon_chain, check_endpoint

    for found in (*check_endpoint(url), check_amazon_chain()):
        yield Finding(found.check, found.ok, found.detail, found.mend)


def _print(finding: object) -> None:
    from local_runner.listener.checkup import Finding

    assert isinstance(finding, Finding)
    mark, colour = ("ok   ", "green") if finding.ok else ("FAULT", "red" if finding.needed else "yellow")
    if finding.ok and finding.mend:
        mark, colour = "note ", "yellow"
    mend = f": {finding.mend}" if finding.mend else ""
    click.echo(f"{click.style(mark, fg=colour)}  {finding.name}: {finding.says}{mend}")


def _own_interaction_model() -> Path | None:
    spec = importlib.util.find_spec("skill")
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0]) / "skill-package/interactionModels/custom/en-US.json"
