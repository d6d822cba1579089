"""Every chain that somebody might present: taken or refused as Alexa demands, and for the right reason."""

from __future__ import annotations

import warnings
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from authority import (
    CERTIFICATE_URL,
    NAME,
    NOW,
    OTHER,
    TEST,
    Authority,
    as_bytes,
    envelope,
    key,
    pem,
    with_trailing_byte,
)
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from skill.verification import Reason, Refusal, check_chain, trust_store

_EDGE = (-1, 1)
_ELLIPTIC = ec.generate_private_key(ec.SECP256R1())

TAKEN = {
    "good": TEST.chain(),
    "several names": TEST.chain(TEST.leaf(names=("alexa.example.com", NAME))),
    "with the root": TEST.chain() + pem(TEST.root),
    "with certificates of others": TEST.chain() + pem(OTHER.intermediate),
    "text around the certificates": b"issued for tests\n" + TEST.chain() + b"\nthe end\n",
    "valid for two days around now": TEST.chain(TEST.leaf(days=_EDGE)),
    "a longer key": TEST.chain(TEST.leaf(key("long", 3072))),
}
REFUSED = {
    "expired": (TEST.chain(TEST.leaf(days=(-30, -0.001))), Reason.DATES),
    "not yet valid": (TEST.chain(TEST.leaf(days=(0.001, 30))), Reason.DATES),
    "wrong name": (TEST.chain(TEST.leaf(names=("evil.example.com",))), Reason.NAME),
    "wildcard name": (TEST.chain(TEST.leaf(names=("*.amazon.com",))), Reason.NAME),
    "a longer name": (TEST.chain(TEST.leaf(names=(f"{NAME}.example.com", f"x.{NAME}"))), Reason.NAME),
    "name in the subject only": (TEST.chain(TEST.leaf(names=())), Reason.NAME),
    "wrong authority": (OTHER.chain(), Reason.CHAIN),
    "intermediate of another authority": (pem(TEST.leaf(), OTHER.intermediate), Reason.CHAIN),
    "weak key": (TEST.chain(TEST.leaf(key("weak", 1024))), Reason.KEY),
    "elliptic key": (TEST.chain(TEST.leaf(_ELLIPTIC)), Reason.KEY),
    "for clients, not servers": (TEST.chain(TEST.leaf(usage=ExtendedKeyUsageOID.CLIENT_AUTH)), Reason.CHAIN),
    "missing intermediate": (pem(TEST.leaf()), Reason.CHAIN),
    "intermediate first": (pem(TEST.intermediate, TEST.leaf()), Reason.NAME),
    "extra bytes in a certificate": (with_trailing_byte(TEST.chain()), Reason.CHAIN),
    "cut short": (TEST.chain()[:700], Reason.CHAIN),
    "not base64": (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", Reason.CHAIN),
    "a page": (b"<html>not found</html>", Reason.CHAIN),
    "empty": (b"", Reason.CHAIN),
    "far too long": (TEST.chain() * 10, Reason.CHAIN),
}


@pytest.mark.parametrize("chain", TAKEN.values(), ids=TAKEN)
def test_taken(chain: bytes) -> None:
    key_of_chain = check_chain(chain, TEST.store, NOW)
    assert key_of_chain.good_from <= NOW <= key_of_chain.good_until


@pytest.mark.parametrize(("chain", "reason"), REFUSED.values(), ids=REFUSED)
def test_refused(chain: bytes, reason: Reason) -> None:
    with pytest.raises(Refusal) as refusal:
        check_chain(chain, TEST.store, NOW)
    assert refusal.value.reason is reason


def test_an_expired_intermediate_is_refused_and_bounds_how_long_a_key_is_good() -> None:
    early = replace(TEST, label="early", around=NOW - timedelta(days=200))
    late_leaf = early.leaf(days=(-30, 900))
    good = check_chain(early.chain(late_leaf), early.store, NOW)
    assert good.good_until == early.intermediate.not_valid_after_utc
    with pytest.raises(Refusal) as refusal:
        check_chain(early.chain(late_leaf), early.store, NOW + timedelta(days=150))
    assert refusal.value.reason is Reason.CHAIN


def test_amazons_roots_are_among_the_trusted_and_ours_is_not() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        store = trust_store()
    with pytest.raises(Refusal) as refusal:
        check_chain(TEST.chain(), store, NOW)
    assert refusal.value.reason is Reason.CHAIN


def test_a_bundle_of_ones_own_is_trusted_and_damage_in_it_is_skipped(tmp_path: Path) -> None:
    bundle = tmp_path / "roots.pem"
    bundle.write_bytes(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" + pem(TEST.root))
    assert check_chain(TEST.chain(), trust_store(bundle), NOW)
    bundle.write_bytes(b"nothing here")
    with pytest.raises(ValueError, match="holds no certificate"):
        trust_store(bundle)


def test_a_key_outside_the_chain_signs_nothing() -> None:
    body = as_bytes(envelope())
    with pytest.raises(Refusal) as refusal:
        TEST.verifier().verify(CERTIFICATE_URL, OTHER.sign(body), body)
    assert refusal.value.reason is Reason.SIGNATURE
    assert TEST.verifier().verify(CERTIFICATE_URL, TEST.sign(body), body)


def test_the_authority_of_tests_makes_another_key_for_every_label() -> None:
    assert Authority("a").leaf_key.public_key() != Authority("b").leaf_key.public_key()
