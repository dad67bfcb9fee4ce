"""Whose settings judge a change: those of the base, so that a change can't weaken its own gate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from promptreg.model.configuration import Configuration


def judged_by(head: Configuration, base: Configuration) -> Configuration:
    """The head's content (owners, environments, folders) with the base's way of judging."""
    return replace(
        head,
        profile=base.profile,
        severities=base.severities,
        limits=base.limits,
        waivers=base.waivers,
        release_branch=base.release_branch,
    )


def inactive_settings(base: Configuration, head: Configuration) -> tuple[str, ...]:
    """What the head changes in how it is judged, a line each; none of it counts yet."""
    return tuple(_inactive(base, head))


def _inactive(base: Configuration, head: Configuration) -> Iterator[str]:
    if head.profile != base.profile:
        yield f"profile: {base.profile} -> {head.profile}"
    for rule in sorted(base.severities.keys() | head.severities.keys()):
        before, after = base.severities.get(rule), head.severities.get(rule)
        if before != after:
            yield f"severity.{rule}: {before or 'its own'} -> {after or 'its own'}"
    for name in ("manifest_bytes", "template_bytes", "input_bytes", "environment_bytes"):
        old, new = getattr(base.limits, name), getattr(head.limits, name)
        if old != new:
            yield f"limits.{name}: {old} -> {new}"
    if head.release_branch != base.release_branch:
        before, after = base.release_branch or "any", head.release_branch or "any"
        yield f"release_branch: {before} -> {after}"
    if head.allowed_signers != base.allowed_signers:
        before, after = base.allowed_signers or "none", head.allowed_signers or "none"
        yield f"allowed_signers: {before} -> {after}"
    if head.signed_releases != base.signed_releases:
        before, after = str(base.signed_releases).lower(), str(head.signed_releases).lower()
        yield f"signed_releases: {before} -> {after}"
    yield from _waivers(base, head)
    yield from _gates(base, head)


def _waivers(base: Configuration, head: Configuration) -> Iterator[str]:
    before = {waiver.fingerprint: waiver for waiver in base.waivers}
    after = {waiver.fingerprint: waiver for waiver in head.waivers}
    for fingerprint in sorted(before.keys() | after.keys()):
        old, new = before.get(fingerprint), after.get(fingerprint)
        if old != new:
            what = "is new" if old is None else "is gone" if new is None else "changed"
            yield f"waivers: {fingerprint} {what}"


def _gates(base: Configuration, head: Configuration) -> Iterator[str]:
    """What has to be approved before an environment runs it."""
    for name in sorted(base.environments.keys() & head.environments.keys()):
        old, new = base.environments[name], head.environments[name]
        for key in ("after", "soak", "owners", "protected", "approvals"):
            if getattr(old, key) != getattr(new, key):
                yield f"environments.{name}.{key} changed"
    for name in sorted(base.environments.keys() - head.environments.keys()):
        yield f"environments.{name} is gone"
