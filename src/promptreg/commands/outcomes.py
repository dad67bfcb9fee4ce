"""What the tests of earlier runs found, kept in the repository's cache."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from promptreg.checks.outcomes import Outcomes
from promptreg.model.finding import Finding
from promptreg.model.stored_finding import finding_from_data, finding_to_data
from promptreg.store.cache import Cache
from promptreg.store.git.repository import Repository
from promptreg.store.program_files import program_id

_NAME = sha256(b"outcomes of tests").hexdigest()


def known_outcomes(repository: Repository) -> Outcomes:
    """What was found under this promptreg; nothing where the cache has none to offer."""
    kept = Cache(repository.common_dir).get(_NAME) or {}
    if kept.get("program") != program_id():
        return Outcomes()
    try:
        return Outcomes(_from_data(kept))
    except (AttributeError, KeyError, TypeError, ValueError):
        return Outcomes()  # not what we write: as if there were none


def keep_outcomes(repository: Repository, outcomes: Outcomes) -> None:
    """Keep them for the next run, where something is new."""
    if outcomes.has_news:
        latest = outcomes.latest()
        failed = {
            key: [finding_to_data(one) for one in findings]
            for key, findings in latest.items()
            if findings
        }
        value = {"program": program_id(), "order": list(latest), "failed": failed}
        Cache(repository.common_dir).put(_NAME, value)


def _from_data(kept: dict[str, Any]) -> dict[str, tuple[Finding, ...]]:
    failed = {key: tuple(map(finding_from_data, one)) for key, one in kept["failed"].items()}
    if not all(isinstance(key, str) for key in kept["order"]):
        raise TypeError("a text is wanted")
    return {key: failed.get(key, ()) for key in kept["order"]}
