"""The tests that passed in earlier runs, kept in the repository's cache."""

from __future__ import annotations

from hashlib import sha256

from promptreg.checks.passed_tests import PassedTests
from promptreg.store.cache import Cache
from promptreg.store.git.repository import Repository
from promptreg.store.program_files import program_id

_NAME = sha256(b"passed tests").hexdigest()


def known_passes(repository: Repository) -> PassedTests:
    """What passed under this promptreg; nothing where the cache has none to offer."""
    kept = Cache(repository.common_dir).get(_NAME) or {}
    found = kept.get("passed")
    if kept.get("program") != program_id() or not isinstance(found, list):
        return PassedTests()
    return PassedTests(one for one in found if isinstance(one, str))


def keep_passes(repository: Repository, passed: PassedTests) -> None:
    """Keep them for the next run, where something is new."""
    if passed.has_news:
        value = {"program": program_id(), "passed": passed.latest()}
        Cache(repository.common_dir).put(_NAME, value)
