"""The sample skill behind Amazon's own ask-sdk-webservice-support: what `script/bench-endpoint` compares ours with.

It runs in a virtual environment of its own, and two things are given to it that it cannot get by itself. Its reader of
OpenSSL's version fails where the patch number has two digits, so it is pointed to the OpenSSL that psycopg2-binary
carries (with oscrypto's documented `use_openssl`). And its certificate cache is filled beforehand, because it fetches
from Amazon alone. Its checking is untouched; `SSL_CERT_FILE` tells it the trusted roots.
"""

from __future__ import annotations

import os
import sysconfig
from pathlib import Path
from typing import Any

from flask import Flask, jsonify, request


def create() -> Flask:
    """The app; `TEST_PKI` names the folder with chain.pem, `TEST_URL` the certificate URL."""
    pki = Path(os.environ["TEST_PKI"])
    _use_a_readable_openssl()
    from ask_sdk_webservice_support.verifier import RequestVerifier, TimestampVerifier, VerificationException  # type: ignore[import-not-found]
    from ask_sdk_webservice_support.webservice_handler import WebserviceSkillHandler  # type: ignore[import-not-found]
    from sample_skill import create_skill

    verifier = RequestVerifier()
    verifier._cert_cache[os.environ["TEST_URL"]] = (pki / "chain.pem").read_bytes()
    handler = WebserviceSkillHandler(
        skill=create_skill(),
        verify_signature=False,
        verify_timestamp=False,
        verifiers=[verifier, TimestampVerifier()],
    )
    app = Flask("peer")

    @app.post("/")
    def alexa() -> Any:
        try:
            return jsonify(handler.verify_request_and_dispatch(request.headers, request.data.decode("utf-8")))
        except VerificationException:
            return "", 400

    return app


def _use_a_readable_openssl() -> None:
    from oscrypto import use_openssl  # type: ignore[import-not-found]

    carried = sorted((Path(sysconfig.get_paths()["purelib"]) / "psycopg2_binary.libs").iterdir())
    paths = [str(next(path for path in carried if path.name.startswith(name))) for name in ("libcrypto", "libssl")]
    use_openssl(*paths)
