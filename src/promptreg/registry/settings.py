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
    known = {waiver.fingerprint for waiver in base.waivers}
    for waiver in head.waivers:
        if waiver.fingerprint not in known:
            yield f"waivers: {waiver.fingerprint} is new"
