"""Settings from the environment: every variable, every mistake, and the table that documents them."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from skill.endpoint_settings import EndpointSettings, EndpointSettingsError, ServerSettings

REPOSITORY = Path(__file__).parents[2]


def test_an_empty_environment_gives_the_defaults() -> None:
    assert EndpointSettings.from_environment({}) == EndpointSettings()
    assert ServerSettings.from_environment({}) == ServerSettings()
    assert EndpointSettings.from_environment({"CHARLEY_BODY_BYTES": " ", "CHARLEY_SKILL_ID": ","}) == EndpointSettings()


def test_every_variable_is_read(tmp_path: Path) -> None:
    roots = tmp_path / "roots.pem"
    roots.write_text("nothing")
    environment = {
        "CHARLEY_SKILL_ID": "amzn1.a, amzn1.b",
        "CHARLEY_BODY_BYTES": "2048",
        "CHARLEY_FETCH_SECONDS": "1.5",
        "CHARLEY_CACHE_SECONDS": "60",
        "CHARLEY_TRUST_ROOTS": str(roots),
        "CHARLEY_PROXIES": "2",
        "CHARLEY_METRICS": "yes",
    }
    assert EndpointSettings.from_environment(environment) == EndpointSettings(
        frozenset({"amzn1.a", "amzn1.b"}), 2048, 1.5, 60.0, roots, 2, True
    )
    environment = {
        "CHARLEY_BIND": "[::]:443",
        "CHARLEY_WORKERS": "2",
        "CHARLEY_THREADS": "16",
        "CHARLEY_REQUEST_SECONDS": "5",
        "CHARLEY_STOP_SECONDS": "20",
        "CHARLEY_TLS_CERTIFICATE": "chain.pem",
        "CHARLEY_TLS_KEY": "key.pem",
        "CHARLEY_LOG_LEVEL": "warning",
    }
    assert ServerSettings.from_environment(environment) == ServerSettings(
        "[::]:443", 2, 16, 5.0, 20, "chain.pem", "key.pem", "WARNING"
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CHARLEY_WORKERS", "many"),
        ("CHARLEY_WORKERS", "1.5"),
        ("CHARLEY_THREADS", "1"),
        ("CHARLEY_BODY_BYTES", "-5"),
        ("CHARLEY_FETCH_SECONDS", "nan"),
        ("CHARLEY_FETCH_SECONDS", "inf"),
        ("CHARLEY_PROXIES", "-1"),
        ("CHARLEY_TRUST_ROOTS", "no/such/file.pem"),
        ("CHARLEY_METRICS", "maybe"),
        ("CHARLEY_LOG_LEVEL", "LOUD"),
        ("CHARLEY_TLS_KEY", "key.pem"),
        ("CHARLEY_TLS_CERTIFICATE", "chain.pem"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_wanted(name: str, value: str) -> None:
    def read_both() -> None:
        EndpointSettings.from_environment({name: value})
        ServerSettings.from_environment({name: value})

    with pytest.raises(EndpointSettingsError, match=name):
        read_both()


def test_the_table_in_the_documentation_has_every_variable_and_no_other() -> None:
    source = (REPOSITORY / "skill" / "endpoint_settings.py").read_text()
    in_source = set(re.findall(r"^    ``(CHARLEY_[A-Z_]+)``|\"\"\"``(CHARLEY_[A-Z_]+)``", source, re.MULTILINE))
    names = {first or second for first, second in in_source}
    assert len(names) == sum(len(dataclasses.fields(kind)) for kind in (EndpointSettings, ServerSettings))
    table = re.findall(r"^\| `(CHARLEY_[A-Z_]+)` \|", (REPOSITORY / "docs" / "deploy.md").read_text(), re.MULTILINE)
    assert sorted(table) == sorted(names)
