"""Following what leads from a file or an entry to everything that a change of it reaches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from promptreg.model.selector import AtRevision, WorkingTree, parse_selector
from promptreg.model.version import Version
from promptreg.registry.includers import Includer
from promptreg.registry.snapshot import Snapshot
from promptreg.registry.users import User
from promptreg.releases.deployed import RunsIn
from promptreg.releases.impact import Reach

MOST_LEVELS = 50
"""How deep the tree goes; more than templates may be nested."""

Key: TypeAlias = tuple[str, str]
"""A kind and a name."""


@dataclass(frozen=True, slots=True)
class Link:
    """Something that is reached; a leaf is not followed further."""

    kind: str
    name: str
    path: str
    reasons: tuple[str, ...]
    is_leaf: bool
    version: Version | None = None

    @property
    def key(self) -> Key:
        """What it is known by."""
        return self.kind, self.name


@dataclass(frozen=True, slots=True)
class Links:
    """Everything that leads from one thing to the next."""

    snapshot: Snapshot
    includers: Mapping[str, tuple[Includer, ...]]
    users: Mapping[str, tuple[User, ...]]
    running: Mapping[str, tuple[RunsIn, ...]]

    def of(self, key: Key) -> tuple[Link, ...]:
        """What a change to `key` reaches at once: environments, then others by kind and name."""
        kind, name = key
        found: defaultdict[tuple[str, str, str], dict[str, bool]] = defaultdict(dict)
        if kind in {"file", "template"}:
            for one in self.includers.get(name, ()):
                found[one.kind, one.name, self.path(one)][one.reason] = not one.is_part
        if kind in {"prompt", "agent"}:
            for user in self.users.get(name, ()):
                reason, is_leaf = _use(user)
                found[user.kind, user.name, user.path][reason] = is_leaf
        links = (
            Link(*other, tuple(uses), is_leaf=all(uses.values()))
            for other, uses in sorted(found.items())
        )
        return (*self.environments(key), *links)

    def path(self, one: Includer) -> str:
        """The file of a template or an entry."""
        return one.name if one.kind == "template" else self.snapshot.entries[one.name].path

    def environments(self, key: Key) -> tuple[Link, ...]:
        """Where an entry runs."""
        kind, name = key
        pins = self.running.get(name, ()) if kind in {"prompt", "agent"} else ()
        return tuple(
            Link(
                "environment",
                pin.environment,
                "",
                (f"runs {pin.version}",),
                is_leaf=True,
                version=pin.version,
            )
            for pin in pins
        )


@dataclass(frozen=True, slots=True)
class Walked:
    """What everything that was followed leads to, and from where each was met first."""

    links: Links
    below: Mapping[Key, tuple[Link, ...]]
    first: Mapping[Key, Key]
    is_cut: bool
    """Whether levels below MOST_LEVELS were left out."""

    def reach(self, start: Key) -> Reach:
        """The tree below what was asked for."""
        kind, name = start
        entry = self.links.snapshot.entries.get(name)
        path = name if kind in {"file", "template"} else ""
        if kind in {"prompt", "agent"} and entry is not None:
            path = entry.path
        return self._built(Link(kind, name, path, (), is_leaf=False), expanded=True)

    def _built(self, link: Link, *, expanded: bool) -> Reach:
        below = self.below.get(link.key)
        if expanded:
            inner = tuple(
                self._built(one, expanded=self._is_first(link.key, one)) for one in below or ()
            )
        elif below is None:
            inner = tuple(
                self._built(one, expanded=False) for one in self.links.environments(link.key)
            )
        else:
            inner = ()
        document = self.links.snapshot.documents.get(link.path)
        return Reach(
            kind=link.kind,
            name=link.name,
            path=link.path,
            owner=str(document.data.get("owner", "")) if document else "",
            reasons=link.reasons,
            version=link.version,
            again=not expanded and bool(below),
            reaches=inner,
        )

    def _is_first(self, above: Key, link: Link) -> bool:
        return not link.is_leaf and link.key != above and self.first.get(link.key) == above


def walk(links: Links, start: Key) -> Walked:
    """Follow everything from `start`, level by level, so that each is followed where it is nearest."""
    below: dict[Key, tuple[Link, ...]] = {}
    first: dict[Key, Key] = {start: start}
    level = [start]
    for _ in range(MOST_LEVELS):
        following = []
        for key in level:
            below[key] = links.of(key)
            for link in below[key]:
                if not link.is_leaf and link.key not in first:
                    first[link.key] = key
                    following.append(link.key)
        level = following
    return Walked(links, below, first, bool(level))


def _use(user: User) -> tuple[str, bool]:
    """How a document uses an entry, and whether that is no use of its content."""
    said = _said(user)
    if user.route.startswith("prompts."):
        return f"uses it as role `{user.route.removeprefix('prompts.')}`{said}", False
    if user.route.startswith("guardrails"):
        return f"uses it in {user.route}{said}", False
    if user.route.startswith("hand_offs"):
        return "hands off to it", True
    if user.route.startswith("steps"):
        return f"hands off to it in {user.route}", True
    if user.route == "replaced_by":
        return "is replaced by it", True
    return ("splits its traffic" if user.route == "prompt" else f"has it as a variant{said}"), False


def _said(user: User) -> str:
    """The selector, where it says more than the name."""
    selector = parse_selector(user.selector)
    if isinstance(selector.point, WorkingTree):
        return ""
    is_fixed = isinstance(selector.point, (Version, AtRevision))
    return f" ({user.selector}, pinned)" if is_fixed else f" ({user.selector})"
