"""promptreg.lock: what selectors meant when somebody locked them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from promptreg.errors import SelectorError
from promptreg.model.digest import API_VERSION
from promptreg.model.finding import Finding, Location, Severity
from promptreg.model.selector import parse_selector
from promptreg.model.version import Version, parse_version
from promptreg.registry.documents import parse_document
from promptreg.releases.meaning import may_mean
from promptreg.releases.tag import Release

LOCK = "promptreg.lock"
"""The file's name, unless another is asked for."""


@dataclass(frozen=True, slots=True)
class Locked:
    """A selector and the release that it meant."""

    selector: str
    """In its canonical form, such as `support/triage@^1.2`."""
    name: str
    version: Version
    digest: str
    tag: str
    """The tag object."""
    commit: str

    def place(self, path: str) -> Location:
        """Where it stands in the lock at `path`."""
        return Location(path, ("selectors", self.selector))


def locked_release(selector: str, release: Release) -> Locked:
    """A selector with the release that it means now."""
    return Locked(
        selector,
        release.name,
        release.version,
        release.digest,
        release.tag_object,
        release.commit,
    )


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock as it was read; `findings` say why entries are missing or contradict themselves."""

    locked: tuple[Locked, ...]
    text: str
    findings: tuple[Finding, ...]


def read_lock(path: str, content: bytes) -> Lock:
    """The lock in a file's bytes; `path` is what its findings call it."""
    parsed = parse_document(path, content, "Lock")
    if parsed.data is None:
        return Lock((), parsed.text or "", parsed.findings)
    data = cast("dict[str, dict[str, Any]]", parsed.data["selectors"])
    findings = list(parsed.findings)
    locked = []
    for text, said in data.items():
        try:
            selector = parse_selector(text)
        except SelectorError as problem:
            findings.append(_wrong(path, text, problem.what))
            continue
        version = parse_version(said["version"])
        one = Locked(text, selector.name, version, said["digest"], said["tag"], said["commit"])
        locked.append(one)
        if not may_mean(selector.point, version):
            findings.append(_wrong(path, text, f"`{text}` can't mean {version}"))
    return Lock(tuple(locked), parsed.text or "", tuple(findings))


def lock_text(locked: Iterable[Locked]) -> str:
    """The file's text: sorted by selector, one a line."""
    lines = [
        f'  "{one.selector}": {{version: {one.version}, digest: "{one.digest}", '
        f'tag: "{one.tag}", commit: "{one.commit}"}}\n'
        for one in sorted(locked, key=lambda one: one.selector)
    ]
    head = f"apiVersion: {API_VERSION}\nkind: Lock\n"
    return head + (f"selectors:\n{''.join(lines)}" if lines else "selectors: {}\n")


def _wrong(path: str, selector: str, message: str) -> Finding:
    at: tuple[str | int, ...] = ("selectors", selector)
    fix = "`promptreg lock` writes what selectors mean now"
    return Finding("wrong-lock", Severity.ERROR, message, Location(path, at), key=selector, fix=fix)
