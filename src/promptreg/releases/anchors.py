"""What remembers releases beside their tags: environments, their history, and a lock."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from promptreg.errors import RefusedError
from promptreg.model.configuration import Configuration
from promptreg.model.environment import FOLDER, parse_environment
from promptreg.model.finding import Finding, Location
from promptreg.model.version import Version, try_version
from promptreg.registry.discover import classify
from promptreg.registry.documents import parse_document, unreadable
from promptreg.registry.workspace import Workspace
from promptreg.releases.environment_text import read_environment_text
from promptreg.releases.environments import Line
from promptreg.releases.lock_file import LOCK, Locked, read_lock
from promptreg.store.files import MISSING, FileProblem
from promptreg.store.git.commits import rev_list
from promptreg.store.git.file_versions import folder_versions
from promptreg.store.git.objects import ObjectReader
from promptreg.store.trees import Tree

_PIN = re.compile(
    r"  \"?([a-z0-9][a-z0-9_/-]*)\"?: "
    r"\{version: ([0-9A-Za-z.-]+), digest: \"?(sha256:[0-9a-f]{64})\"?(?:, reason: .*)?\}\s*\Z"
)
"""A line as `promote` and `suspend` write it."""
_OTHER = re.compile(
    r"(?:\s*(?:#.*)?|(?:apiVersion|kind|name): \S+|(?:releases|suspended):(?: \{\})?"
    r"|frozen: \{reason: .*\})\s*\Z"
)
"""A line that holds no pin."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """A release as something beside its tag remembers it."""

    name: str
    version: Version
    digest: str
    at: Location
    who: str
    """What remembers it, as people call it."""
    past: str = ""
    """The commit that brought it into the history; empty for what counts now."""
    tag: str = ""
    commit: str = ""


@dataclass(frozen=True, slots=True)
class Anchor:
    """Something that releases were compared with."""

    kind: str
    """`environment`, `history`, `lock` or `remote`."""
    name: str
    commit: str
    releases: int
    """How many releases it remembers."""


@dataclass(slots=True)
class Memory:
    """Everything that was remembered, what was wrong with it, and the texts that it stands in."""

    anchors: list[Anchor] = field(default_factory=list)
    remembered: list[Remembered] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)

    def add(self, anchor: Anchor, remembered: Iterable[Remembered]) -> None:
        """Take in what one anchor remembers."""
        self.anchors.append(anchor)
        self.remembered += remembered


def read_memory(
    workspace: Workspace, configuration: Configuration, line: Line, reader: ObjectReader
) -> Memory:
    """The anchors of a registry: committed and edited environments, their history, its lock.

    `line` is the environments' branch. Raises GitError where its history can't be read.
    """
    memory = Memory()
    _read_environments(memory, workspace.revision(line.commit), configuration, line.commit)
    if not configuration.environments_branch:
        _read_environments(memory, workspace.working_tree(), configuration, "")
    _read_history(memory, workspace, line, reader)
    _read_lock(memory, workspace.working_tree(), configuration)
    return memory


def locked_as(one: Locked, path: str) -> Remembered:
    """What the lock at `path` remembers with a selector."""
    at, who = one.place(path), f"`{path}`"
    return Remembered(one.name, one.version, one.digest, at, who, tag=one.tag, commit=one.commit)


def _read_environments(
    memory: Memory, tree: Tree, configuration: Configuration, commit: str
) -> None:
    """The environments of a tree (`commit` is empty for the edited one); those whose text is known already are left out."""
    limit = configuration.limits.environment_bytes
    paths = [path for path in tree.paths() if _is_environment(path)]
    for path, content in tree.read_many(paths, limit=limit):
        if isinstance(content, FileProblem):
            memory.findings.append(unreadable(path, content))
            continue
        parsed = parse_document(path, content, "Environment")
        if parsed.text is not None and memory.texts.get(path) == parsed.text:
            continue
        memory.texts[path] = parsed.text or ""
        memory.findings += parsed.findings
        if parsed.data is None:
            continue
        environment = parse_environment(parsed.data)
        who = f"`{path}`" if commit else f"`{path}` as edited"
        pins = [
            Remembered(name, pin.version, pin.digest, Location(path, (section, name)), who)
            for section, name, pin in environment.lines()
        ]
        memory.add(Anchor("environment", environment.name, commit, len(pins)), pins)


def _is_environment(path: str) -> bool:
    found = classify(path, (FOLDER,))
    return found is not None and found.kind == "Environment"


def _read_history(memory: Memory, workspace: Workspace, line: Line, reader: ObjectReader) -> None:
    """Every pin that the environments' branch ever held, each with the first commit that did."""
    folder = workspace.prefix + FOLDER
    commits = rev_list(workspace.git, line.commit, paths=(folder,), first_parent=True)
    versions = folder_versions(workspace.git, commits, folder)
    by_blob: dict[str, tuple[str, str]] = {}
    for commit, path, blob in versions:
        relative = path.removeprefix(workspace.prefix)
        if _is_environment(relative):
            by_blob[blob] = (commit, relative)  # the oldest comes last
    seen: dict[tuple[str, str, str], Remembered] = {}
    known: dict[str, tuple[str, str, str] | None] = {}
    oldest_first = list(reversed(by_blob))
    limit = 32 * 1024 * 1024
    for read in reader.read_many(oldest_first, limit=limit, go_on=True):
        commit, path = by_blob[read.oid]
        for pin in _pins(read.data or b"", path, known):
            version = try_version(pin[1])
            if pin not in seen and version is not None:
                who, at = f"commit {commit[:12]}", Location(f"{commit[:12]}:{path}")
                seen[pin] = Remembered(pin[0], version, pin[2], at, who, commit)
    memory.add(Anchor("history", line.ref, line.commit, len(seen)), seen.values())


def _pins(
    content: bytes, path: str, known: dict[str, tuple[str, str, str] | None]
) -> Iterator[tuple[str, str, str]]:
    """The pins of a version of an environment's file. A broken version says nothing.

    Most lines of a file stay from version to version, so lines are read once each; a file that is
    written in another form than `promote`'s is parsed.
    """
    found = []
    for line in content.decode("utf-8", "replace").split("\n"):
        if line not in known:
            match = _PIN.match(line)
            if match is None and not _OTHER.match(line):
                yield from _parsed_pins(content, path)
                return
            known[line] = (match[1], match[2], match[3]) if match else None
        pin = known[line]
        if pin is not None:
            found.append(pin)
    yield from found


def _parsed_pins(content: bytes, path: str) -> Iterator[tuple[str, str, str]]:
    name = path.removeprefix(FOLDER + "/").rpartition(".")[0]
    try:
        environment = read_environment_text(name, content)
    except RefusedError:
        return
    for _, entry, pin in environment.lines():
        yield entry, str(pin.version), pin.digest


def _read_lock(memory: Memory, tree: Tree, configuration: Configuration) -> None:
    try:
        content = tree.read(LOCK, limit=configuration.limits.environment_bytes)
    except FileProblem as problem:
        if problem.rule != MISSING:
            memory.findings.append(unreadable(LOCK, problem))
        return
    lock = read_lock(LOCK, content)
    memory.texts[LOCK] = lock.text
    memory.findings += lock.findings
    locked = [locked_as(one, LOCK) for one in lock.locked]
    memory.add(Anchor("lock", LOCK, "", len(locked)), locked)
