"""The container: clean to its linter, in step with the package, and built where an engine runs."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]


def _hadolint() -> str | None:
    return shutil.which("hadolint", path=str(Path(sys.executable).parent)) or shutil.which("hadolint")


@pytest.mark.skipif(_hadolint() is None, reason="hadolint is not installed (the extra `dev` brings it on Linux)")
def test_hadolint_has_nothing_to_say() -> None:
    done = subprocess.run(
        [str(_hadolint()), REPOSITORY / "Dockerfile"], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_it_installs_what_the_package_asks_for_and_no_more() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    known = {*project["dependencies"], *project["optional-dependencies"]["metrics"]}
    text = (REPOSITORY / "skill" / "requirements-endpoint.txt").read_text()
    wanted = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert set(wanted) <= known
    named = {re.split(r"[^A-Za-z0-9-]", line)[0] for line in wanted}
    assert named == {"ask-sdk-core", "certifi", "cryptography", "flask", "gunicorn", "prometheus-client"}


def test_the_endpoint_imports_nothing_else() -> None:
    """What the container runs, in an interpreter that refuses everything that it does not install."""
    code = (
        "import sys\n"
        "class No:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.partition('.')[0] in ('yaml', 'numpy', 'vosk', 'rich', 'pooch', 'local_runner'):\n"
        "            raise ImportError(name)\n"
        "sys.meta_path.insert(0, No())\n"
        "import skill.gunicorn_config, skill.web\n"
        "skill.web.create_app()\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, check=True, timeout=60)


def _engine() -> str | None:
    for name in ("docker", "podman"):
        path = shutil.which(name)
        if path and subprocess.run([path, "info"], capture_output=True, check=False, timeout=30).returncode == 0:
            return path
    return None


def test_it_builds_and_runs_without_root_and_read_only() -> None:
    engine = _engine()
    if engine is None:
        pytest.skip("no container engine answers (docker info, podman info)")
    built = subprocess.run(
        [engine, "build", "--quiet", "--tag", "charley-test", REPOSITORY], capture_output=True, text=True, check=False
    )
    assert built.returncode == 0, built.stderr[-2000:]
    check = "import os, skill.web; skill.web.create_app(); assert os.getuid() == 10001"
    flags = ["--rm", "--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--network", "none"]
    subprocess.run([engine, "run", *flags, "charley-test", "python", "-c", check], check=True, timeout=120)
