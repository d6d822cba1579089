"""Content → the skill manifest (`skill.json`): what the skill store shows, and what the skill may do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from skill.content_types import Content
from skill.errors import ModelBuildError

INVOCATION = "charley cramp"
"""What people say after 'Alexa, open': two words, no launch word, no wake word."""


def manifest(content: Content, locales: Sequence[str]) -> dict[str, Any]:
    """The manifest as JSON-ready data.

    Raises:
        ModelBuildError: the content has no store page.
    """
    store = content.store
    if store is None:
        raise ModelBuildError("the compiled content has no store page: build from the content files")
    page = {
        "name": store.name,
        "summary": store.summary,
        "description": store.description,
        "examplePhrases": [e.format(invocation=INVOCATION) for e in store.examples],
        "keywords": list(store.keywords),
        "smallIconUri": "file://assets/images/icon_108.png",
        "largeIconUri": "file://assets/images/icon_512.png",
    }
    privacy = {"privacyPolicyUrl": store.privacy_policy} if store.privacy_policy else {}
    return {
        "manifest": {
            "manifestVersion": "1.0",
            "publishingInformation": {
                "category": "HEALTH_AND_FITNESS",
                "isAvailableWorldwide": True,
                "distributionCountries": [],
                "testingInstructions": store.testing,
                "locales": {locale: dict(page) for locale in locales},
            },
            "privacyAndCompliance": {
                "allowsPurchases": False,
                # Nothing that is said is kept: the session's attributes end with the session.
                "usesPersonalInfo": False,
                "isChildDirected": False,
                "isExportCompliant": True,
                "containsAds": False,
                "locales": {locale: dict(privacy) for locale in locales} if privacy else {},
            },
            "apis": {"custom": {"interfaces": [{"type": "ALEXA_PRESENTATION_APL"}]}},
        }
    }
