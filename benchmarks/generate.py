"""A big registry with a history, the same for the same numbers and seed.

python -m benchmarks.generate FOLDER --prompts 1000 --commits 300 --tags 2000 --seed 1
"""

from __future__ import annotations

import argparse
import random
import subprocess
from dataclasses import dataclass
from pathlib import Path

from benchmarks.draft import Content, Draft
from benchmarks.edits import EDITS
from benchmarks.registry import Registry, Released, start
from benchmarks.stock import read_stock
from benchmarks.stream import Commits, Tagged, write_tags

_BUMPS = (*6 * ("minor",), *3 * ("patch",), "major")
_AT_START = 3
"""One of so many tags stands on the first commit."""


@dataclass(frozen=True)
class Size:
    """What to make; `commits` and `tags` are reached exactly."""

    prompts: int
    commits: int
    tags: int
    seed: int = 1
    genuine: bool = False
    """Whether the digests of releases are those of their entries."""


def generate(folder: Path, size: Size) -> None:
    """Make a repository at `folder`, which must not exist, and check out its branch `main`."""
    folder.mkdir(parents=True)
    _git(folder, "init", "--quiet", "--initial-branch=main")
    history = _History(folder, size)
    history.write()
    _git(folder, "pack-refs", "--all")
    _git(folder, "reset", "--quiet", "--hard", "main")
    (folder / ".git" / "marks").unlink()


class _History:
    def __init__(self, folder: Path, size: Size) -> None:
        self.folder = folder
        self.size = size
        self.rng = random.Random(size.seed)
        self.registry = Registry(read_stock(), self.rng, size.genuine)
        self.tags: list[Tagged] = []
        self.head = 0

    def write(self) -> None:
        """All commits, then all tags."""
        with Commits(self.folder) as commits:
            start(self.registry, self.size.prompts)
            self.head = commits.commit("main", (), "Start", self.registry.changes())
            self._release(self.size.tags // _AT_START)
            while commits.marks < self.size.commits:
                if self.rng.random() < 0.05 and commits.marks + 4 < self.size.commits:
                    self._topic(commits)
                else:
                    self.head = self._commit(commits, "main", self.head)
                self._release(self.size.tags * commits.marks // self.size.commits)
            self._release(self.size.tags)
        write_tags(self.folder, self.tags)

    def _topic(self, commits: Commits) -> None:
        """A branch of one or two commits, merged after the main line went on."""
        branch, tip = f"topic-{commits.marks}", self.head
        changed: dict[str, Content | None] = {}
        for _ in range(self.rng.choice((1, 2))):
            tip = self._commit(commits, branch, tip, changed)
        self.head = self._commit(commits, "main", self.head, changed)
        message = f"Merge branch '{branch}'"
        self.head = commits.commit("main", (self.head, tip), message, changed)

    def _commit(
        self,
        commits: Commits,
        branch: str,
        parent: int,
        changed: dict[str, Content | None] | None = None,
    ) -> int:
        """Edit until something differs, and commit it; `changed` collects what differs."""
        weights = [weight for weight, _ in EDITS]
        message = None
        files: dict[str, Content | None] = {}
        while not files:
            for _ in range(self.rng.choice((1, 1, 1, 2, 3))):
                (_, edit) = self.rng.choices(EDITS, weights)[0]
                message = edit(self.registry) or message
            files = self.registry.changes()
        if changed is not None:
            changed |= files
        return commits.commit(branch, (parent,), message or "Edit", files)

    def _release(self, until: int) -> None:
        """Release entries at the head until there are so many tags; edited ones first."""
        registry = self.registry
        while len(self.tags) < until:
            key = (
                registry.unsettled.pop(0) if registry.unsettled else self.rng.choice(registry.names)
            )
            draft = registry.drafts.get(key)
            if draft is not None and draft.override is None:
                self._tag(draft)

    def _tag(self, draft: Draft) -> None:
        known = self.registry.released.setdefault(draft.name, [])
        bump = self.rng.choice(_BUMPS)
        version = _next(known[-1].version, bump) if known else "0.1.0"
        one = Released(version, self.registry.digest(draft))
        known.append(one)
        self.tags.append(Tagged(self.head, draft.name, version, bump, one.digest))


def _next(version: str, bump: str) -> str:
    major, minor, patch = (int(number) for number in version.split("."))
    if bump == "major":
        return f"{major + 1}.0.0"
    return f"{major}.{minor + 1}.0" if bump == "minor" else f"{major}.{minor}.{patch + 1}"


def _git(folder: Path, *words: str) -> None:
    subprocess.run(("git", *words), cwd=folder, check=True)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.generate", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--prompts", type=int, default=1000)
    parser.add_argument("--commits", type=int, default=300)
    parser.add_argument("--tags", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--genuine", action="store_true", help="Compute the digests of releases.")
    asked = parser.parse_args()
    size = Size(asked.prompts, asked.commits, asked.tags, asked.seed, asked.genuine)
    generate(asked.folder, size)


if __name__ == "__main__":
    main()
