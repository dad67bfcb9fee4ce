"""Hostile repositories, the real command line in them, and what must hold whatever they hold."""

from __future__ import annotations

import hashlib
import json
import os
import re
import resource
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

ROWS = Path(__file__).parent / "rows"
SECRET = "CANARY-SECRET"
SHORT = {
    "render": "render demo --inputs inputs/demo.json",
    "diff": "diff --base main",
    "check": "check --base main",
    "release": "release demo --version 1.0.0",
}
"""What a bare word in `run:` stands for; any other line is run as it is."""
_GATES = ("validate", "check")
_FINDING = re.compile(r"\b(error|warning|info)\[[a-z][a-z0-9-]*\]")
_RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
_FLAG = re.compile("\U0001f3f4[\U000e0061-\U000e007a]+\U000e007f")  # of a region, as in an emoji
_COMMAND = re.compile(r"^\s*::[a-z-]+( [^:\n]*)?::|##\[\w+\]|##vso\[", re.MULTILINE)
_BASE = {
    "promptreg.yaml": (
        "apiVersion: promptreg/v1\nkind: Registry\nname: demo\n"
        "owners: {team: {contact: team@example.com}}\n"
        "environments: {staging: {}, production: {after: staging}}\n"
    ),
    "prompts/demo.prompt.yaml": (
        "apiVersion: promptreg/v1\nkind: Prompt\nname: demo\ndescription: A demo.\nowner: team\n"
        "lifecycle: active\nrisk: low\nmodel: {name: gpt-5-mini}\n"
        "inputs:\n  who: {type: string, description: Whom to greet.}\n"
        "messages:\n  - {role: user, template: demo.j2}\n"
    ),
    "prompts/demo.j2": "Greet {{ who }}.\n",
    "inputs/demo.json": '{"who": "Ann"}\n',
}


@dataclass(frozen=True)
class Row:
    """One hostile (or honest) repository: what is in it, what is run, what must come of it."""

    id: str
    must: str
    run: Mapping[str, tuple[int, ...]]
    files: Mapping[str, Any] = field(default_factory=dict)
    steps: str = ""
    finds: tuple[str, ...] = ()
    """Rules of which `validate` has a finding."""
    says: Mapping[str, str] = field(default_factory=dict)
    """By command line, a pattern that the output has."""


@dataclass(frozen=True)
class Ended:
    """How one command ended."""

    code: int
    stdout: str
    stderr: str

    @property
    def output(self) -> str:
        """Both streams."""
        return self.stdout + "\n" + self.stderr


def read_rows() -> Iterator[Row]:
    """Every row of every table."""
    for path in sorted(ROWS.glob("*.yaml")):
        for name, held in yaml.safe_load(path.read_text("utf-8")).items():
            run = {
                line: tuple(codes) if isinstance(codes, list) else (codes,)
                for line, codes in held.pop("run").items()
            }
            finds = held.pop("finds", [])
            finds = tuple(finds) if isinstance(finds, list) else (finds,)
            yield Row(f"{path.stem}-{name}", run=run, finds=finds, **held)


class Room:
    """A sealed folder with a repository, a file outside it, and a place that code could write to."""

    def __init__(self, path: Path, template: Path) -> None:
        self.repo = path / "repo"
        self.home = path / "home"
        self.canary = path / "outside" / "canary.txt"
        self.pwned = path / "pwned"
        shutil.copytree(template, self.repo)
        self.canary.parent.mkdir()
        self.canary.write_text(SECRET)
        (self.home / "bin").mkdir(parents=True)
        shim = self.home / "bin" / "promptreg"
        shim.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m promptreg "$@"\n')
        shim.chmod(0o755)

    def build(self, row: Row) -> None:
        """Lay the row's files over the good registry, on the branch `pr`."""
        for name, held in row.files.items():
            self._lay(self.filled(name), held)
        if row.steps:
            self._bash(self.filled(row.steps))
        else:
            self._bash("git add -A && git commit -q --allow-empty -m pr")

    def run(self, line: str) -> Ended:
        """Run promptreg, under limits that end what runs wild."""
        words = shlex.split(self.filled(SHORT.get(line, line)))
        done = subprocess.run(
            [sys.executable, "-m", "promptreg", *words], cwd=self.repo, env=self._environ(),
            stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=300,
            preexec_fn=_limit,
        )  # fmt: skip
        texts = [text.decode("utf-8", "replace") for text in (done.stdout, done.stderr)]
        return Ended(done.returncode, *texts)

    def filled(self, text: str) -> str:
        """`text` with the places that a row can't know."""
        return text.replace("@CANARY@", str(self.canary)).replace("@PWN@", str(self.pwned))

    def state(self, *, objects: bool = True) -> dict[str, str]:
        """Every file of the repository, those of git too (`objects` or not), with what it holds."""
        found: dict[str, str] = {}
        for folder, folders, names in os.walk(self.repo):
            if folder == str(self.repo / ".git" / "promptreg"):
                folders[:] = [one for one in folders if one != "cache"]  # reading may write it
            if not objects and folder == str(self.repo / ".git"):
                folders.remove("objects")
            for name in names:
                path = Path(folder, name)
                found[str(path)] = _held(path)
        return found

    def _lay(self, name: str, held: Any) -> None:
        path = self.repo / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_symlink() or path.exists():
            path.unlink()
        if held is None:
            return
        if isinstance(held, dict) and "link" in held:
            path.symlink_to(self.filled(held["link"]))
        else:
            path.write_bytes(self._bytes(held))

    def _bytes(self, held: Any) -> bytes:
        if isinstance(held, list):
            return b"".join(self._bytes(part) for part in held)
        if isinstance(held, dict):
            repeated = self._bytes(held["repeat"]) * held["times"] if "repeat" in held else b""
            return repeated or bytes.fromhex(held.get("hex", ""))
        return self.filled(str(held)).encode("utf-8", "surrogatepass")

    def _bash(self, script: str) -> None:
        done = subprocess.run(
            ["bash", "-euc", script], cwd=self.repo, env=self._environ(), check=False,
            stdin=subprocess.DEVNULL, capture_output=True, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr.decode("utf-8", "replace")

    def _environ(self) -> dict[str, str]:
        return {
            **_GIT,
            "PATH": f"{self.home / 'bin'}:{os.environ['PATH']}",
            "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
            "HOME": str(self.home),
            "CI": "true",
            "GITHUB_ACTIONS": "true",
        }


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes a `row` runs for each of them."""
    if "row" in metafunc.fixturenames:
        rows = list(read_rows())
        metafunc.parametrize("row", rows, ids=[row.id for row in rows])


@pytest.fixture(scope="session")
def rows() -> tuple[Row, ...]:
    """Every row of every table."""
    return tuple(read_rows())


@pytest.fixture
def ended() -> Callable[..., Ended]:
    """Makes an end: exit code, standard output, standard error."""
    return lambda code, stdout="", stderr="": Ended(code, stdout, stderr)


@pytest.fixture
def wrong() -> Callable[[Room, Row, str, Ended], list[str]]:
    """What doesn't hold about a command that ended. Empty is good."""
    return _wrong


def _wrong(room: Room, row: Row, line: str, ended: Ended) -> list[str]:
    text = ended.output
    reasons = []
    if ended.code not in row.run[line]:
        reasons.append(f"exit {ended.code}, expected {row.run[line]}")
    if "Traceback" in text or "Fatal Python error" in text or "\nbug: " in f"\n{text}":
        reasons.append("a traceback")
    if found := _RAW.search(_FLAG.sub("", text)):
        reasons.append(f"the raw character U+{ord(found[0]):04X}")
    if found := _COMMAND.search(text):
        reasons.append(f"the workflow command {found[0]!r}")
    if ended.code and not text.strip():
        reasons.append("not a word")
    if "--format" in line:
        reasons += _malformed(line, ended.stdout)
    elif ended.code == 1 and line.startswith(_GATES) and not _FINDING.search(text):
        reasons.append("exit 1 without a finding")
    if line == "validate":
        reasons += [f"no finding {rule}" for rule in row.finds if f"[{rule}]" not in text]
    said = row.says.get(line)
    if said and not re.search(said, text, re.IGNORECASE):
        reasons.append(f"it doesn't say {said!r}")
    return reasons + _acted(room, text)


def _malformed(line: str, text: str) -> list[str]:
    try:
        if line.endswith(("json", "sarif", "gitlab")):
            json.loads(text)
        elif line.endswith("junit"):
            ElementTree.fromstring(text)  # noqa: S314 - our own output
    except (ValueError, ElementTree.ParseError) as error:
        return [f"it is not well formed: {error}"]
    return []


def _acted(room: Room, text: str) -> list[str]:
    reasons = []
    if SECRET in text:
        reasons.append("it shows a file outside")
    if room.canary.read_text() != SECRET or len(list(room.canary.parent.iterdir())) != 1:
        reasons.append("it wrote outside")
    if room.pwned.exists():
        reasons.append("it ran what the repository brings")
    return reasons


def _held(path: Path) -> str:
    if path.is_symlink():
        return f"-> {os.fsencode(path.readlink())!r}"
    if not path.is_file():
        return "special"
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _limit() -> None:
    for kind, most in (
        (resource.RLIMIT_CPU, 60),
        (resource.RLIMIT_AS, 4 << 30),
        (resource.RLIMIT_FSIZE, 64 << 20),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


_GIT = {
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    "TERM": "dumb",
    "COLUMNS": "200",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    **{
        f"GIT_{who}_{what}": value
        for who in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "Ann"), ("EMAIL", "ann@example.com"), ("DATE", "@1700000000 +0000"))
    },
}  # fmt: skip


@pytest.fixture(scope="session")
def good_repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A good registry: committed on `main`, checked out on `pr`. Only to be copied."""
    path = tmp_path_factory.mktemp("good") / "repo"
    for name, text in _BASE.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text(text)
    for words in (
        "init -q -b main",
        "config user.name Ann",
        "config user.email ann@example.com",
        "add -A",
        "commit -q -m base",
        "checkout -q -b pr",
    ):
        subprocess.run(["git", *words.split()], cwd=path, env={**os.environ, **_GIT}, check=True)
    return path


@pytest.fixture
def room(tmp_path: Path, good_repository: Path) -> Iterator[Room]:
    """A room whose repository holds the good registry."""
    yield Room(tmp_path, good_repository)
    subprocess.run(["chmod", "-R", "u+rwX", str(tmp_path)], check=False, capture_output=True)
