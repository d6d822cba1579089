"""The endpoint as a server of its own process serves it, with a test authority in Amazon's place.

``TEST_PKI`` names a folder with ``root.pem`` and ``chain.pem``; ``TEST_SKILL`` is ``module:function``, or else Charley.
"""

from __future__ import annotations

import importlib
import os
from pathlib import Path

from flask import Flask

from skill.endpoint_settings import EndpointSettings
from skill.verification import RequestVerifier, trust_store
from skill.web import create_app


def create() -> Flask:
    pki = Path(os.environ["TEST_PKI"])
    module, _, name = os.environ.get("TEST_SKILL", "skill:create_skill").partition(":")
    settings = EndpointSettings.from_environment()
    verifier = RequestVerifier(
        settings.verifier_settings(),
        fetch=lambda url: (pki / "chain.pem").read_bytes(),
        store=trust_store(pki / "root.pem"),
    )
    return create_app(getattr(importlib.import_module(module), name)(), settings, verifier)
