"""Is this request from Alexa? Verification of signed requests, on the raw bytes, before anything is deserialised."""

from __future__ import annotations

from skill.verification.certificate_cache import CertificateCache
from skill.verification.certificate_chain import SigningKey, check_chain, trust_store
from skill.verification.certificate_fetch import HttpsFetch
from skill.verification.certificate_url import normalise_url
from skill.verification.refusal import Reason, Refusal
from skill.verification.verifier import RequestVerifier, VerifierSettings

__all__ = [
    "CertificateCache",
    "HttpsFetch",
    "Reason",
    "Refusal",
    "RequestVerifier",
    "SigningKey",
    "VerifierSettings",
    "check_chain",
    "normalise_url",
    "trust_store",
]
