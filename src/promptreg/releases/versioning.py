"""Which version a release gets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from promptreg.errors import RefusedError
from promptreg.model.version import Bump, Version
from promptreg.releases.tag import Release

FIRST = Version(0, 1, 0)


@dataclass(frozen=True, slots=True)
class Next:
    """The version of a release, the bump it makes, and the least that its changes need."""

    version: Version
    bump: Bump
    required: Bump


def next_version(
    name: str,
    releases: Sequence[Release],
    required: Bump,
    *,
    version: Version | None,
    bump: Bump | None,
) -> Next:
    """The next version after `releases` (lowest first), where what changed since the highest stable
    one needs the bump `required`.

    `version` or `bump` ask for a certain one. Raises RefusedError where that is too low.
    """
    if not releases:
        chosen = version or FIRST
        return Next(chosen, bump_between(Version(0, 0, 0), chosen), required)
    highest = releases[-1].version
    base = max((one.version for one in releases if not one.version.pre), default=highest)
    # A pre-release announced its version: what comes next is that one or a higher one.
    announced = Version(*highest.numbers) if highest.pre else base
    least = max(base.bumped(required), announced)
    chosen = version or max(base.bumped(max(required, bump or Bump.NONE)), least)
    _check(name, chosen, highest, least, required)
    if bump is not None and bump < _effective(base, required):
        raise _too_low(name, f"a {bump.word} bump", least, required)
    return Next(chosen, bump_between(base, chosen), required)


def bump_between(base: Version, chosen: Version) -> Bump:
    """What a release says of itself: which number moved since the highest stable one before it."""
    if chosen.major != base.major:
        return Bump.MAJOR
    return Bump.MINOR if chosen.minor != base.minor else Bump.PATCH


def _check(name: str, chosen: Version, highest: Version, least: Version, required: Bump) -> None:
    if chosen == highest:
        raise RefusedError(
            f"`{name}` {chosen} is released already",
            hint=f"the next that its changes allow is {least}",
        )
    if chosen < highest:
        raise RefusedError(
            f"`{name}` {chosen} is below {highest}, which is released",
            hint=f"the next that its changes allow is {least}",
        )
    if Version(*chosen.numbers) < Version(*least.numbers):
        raise _too_low(name, str(chosen), least, required)


def _too_low(name: str, asked: str, least: Version, required: Bump) -> RefusedError:
    return RefusedError(
        f"{asked} is too low for what changed in `{name}`",
        hint=f"the changes need a {required.word} bump: {least} or higher; "
        f"`promptreg diff {name}@latest {name}` shows them",
    )


def _effective(base: Version, required: Bump) -> Bump:
    """Before 1.0.0 a breaking change needs a minor."""
    return Bump.MINOR if required == Bump.MAJOR and not base.major else required
