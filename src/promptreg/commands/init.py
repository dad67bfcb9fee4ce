"""`init`: make a git repository, new or existing, a registry."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from promptreg.commands.scaffold.files import NewFile, exists, written
from promptreg.commands.scaffold.texts import filled, scalar
from promptreg.errors import UsageError
from promptreg.model.configuration import DEFAULT_ROOTS, FILE, Limits
from promptreg.registry.discover import discover
from promptreg.store.files import FileProblem, read_file
from promptreg.store.git.create import init_repository
from promptreg.store.git.environment import GitEnvironment
from promptreg.store.git.identity import known_email
from promptreg.store.git.merge_driver import ATTRIBUTE, NAME, configure_driver
from promptreg.store.git.process import Git, find_git
from promptreg.store.git.repository import Repository, find_repository, open_repository
from promptreg.store.trees import WorkTree

EXAMPLE = "welcome"
_HOOKS = ".pre-commit-config.yaml"
_ATTRIBUTES = ".gitattributes"
_WORKFLOW = ".github/workflows/promptreg.yml"
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")


@dataclass(frozen=True, slots=True)
class InitPlan:
    """What `init` would write. Paths are relative to `base`."""

    git: Git
    folder: Path
    """The registry's root: absolute; it need not exist yet."""
    base: Path
    """The top of the repository, or the nearest folder that exists where there is none."""
    new_repository: bool
    files: tuple[NewFile, ...]
    kept: tuple[str, ...]
    example: str
    """The example's name; empty where there were manifests or a configuration already."""
    hooks_by_hand: str
    """Lines for an existing `.pre-commit-config.yaml`, which is never edited."""
    attribute_by_hand: str = ""
    """The line for an existing `.gitattributes` that doesn't name the merge driver."""


def plan_init(folder: Path, environ: Mapping[str, str], *, name: str = "") -> InitPlan:
    """What makes `folder` (absolute) a registry; nothing is written.

    Raises UsageError for a name that can't be, GitError where git is missing or refuses, and
    RefusedError where something that is no file stands in the way.
    """
    if name and not _NAME.fullmatch(name):
        raise UsageError(
            f"`{name[:100]}` can't name a registry",
            where="--name",
            hint="letters, digits, `-`, `_` and `.`, beginning with a letter or digit",
        )
    git = find_git(GitEnvironment.of(environ))
    there = _nearest(folder)
    repository = find_repository(there, git)
    base = repository.top_level if repository else there
    inside = _inside(folder, base)
    known = (folder / FILE).is_file()
    example = "" if known or _has_manifests(folder, repository) else EXAMPLE
    below = inside if repository else ""
    hooks = _hooks(below)
    email = known_email(git, there)
    values = {"name": scalar(name or _name_of(folder)), **_owner(email)}
    top = "" if repository else inside
    wanted = [
        *(_example(inside) if example else ()),
        NewFile(top + _HOOKS, filled("pre-commit.yaml", {"hooks": hooks})),
        NewFile(top + _WORKFLOW, filled("workflow.yml", _commands(below))),
        NewFile(inside + _ATTRIBUTES, ATTRIBUTE + "\n"),
        # Last: what broke off before it is no registry yet, and `init` goes on from there.
        NewFile(inside + FILE, filled(FILE, values)),
    ]
    kept = tuple(file.path for file in wanted if exists(base, file.path))
    return InitPlan(
        git=git,
        folder=folder,
        base=base,
        new_repository=repository is None,
        files=tuple(file for file in wanted if file.path not in kept),
        kept=kept,
        example=example,
        hooks_by_hand=hooks if top + _HOOKS in kept and not known else "",
        attribute_by_hand="" if _names_driver(folder) else ATTRIBUTE,
    )


def apply_init(plan: InitPlan, *, merge_driver: bool = False) -> None:
    """Write what is planned, all or nothing; commit nothing.

    With `merge_driver` this clone's git is told how to merge environment files.
    """
    with written(plan.base, plan.files):
        if plan.new_repository:
            init_repository(plan.folder, plan.git)
        if merge_driver:
            configure_driver(open_repository(plan.folder, plan.git))


def _nearest(folder: Path) -> Path:
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"`{folder}` is not a folder", hint="`promptreg init DIR` takes a folder")
    return next(one for one in (folder, *folder.parents) if one.is_dir())


def _names_driver(folder: Path) -> bool:
    """Whether `.gitattributes` names the driver, or isn't there and will."""
    if not (folder / _ATTRIBUTES).exists():
        return True
    try:
        content = read_file(folder, _ATTRIBUTES, limit=Limits().manifest_bytes)
    except FileProblem:
        return True  # `exists` refuses what is no file
    return f"merge={NAME}".encode() in content


def _inside(folder: Path, base: Path) -> str:
    """`folder` as seen from `base`, with a final slash; "" for `base` itself."""
    inside = folder.resolve().relative_to(base.resolve()).as_posix()
    return "" if inside == "." else inside + "/"


def _name_of(folder: Path) -> str:
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", folder.name).strip("-_.")[:100] or "registry"


def _has_manifests(folder: Path, repository: Repository | None) -> bool:
    """Whether there are manifests, the example that a broken-off `init` left not counted."""
    if not folder.is_dir():
        return False
    tree = WorkTree(folder, repository)
    found = {one.path for one in discover(tree.paths(), DEFAULT_ROOTS)}
    example = next(iter(_example("")))
    if found != {example.path}:
        return bool(found)
    try:
        return tree.read(example.path, limit=Limits().manifest_bytes) != example.text.encode()
    except FileProblem:
        return True


def _owner(email: str) -> dict[str, str]:
    if not _ADDRESS.fullmatch(email):
        return {"contact": "team@example.com", "members": ""}
    return {"contact": scalar(email), "members": f"    members: [{scalar(email)}]\n"}


def _example(inside: str) -> list[NewFile]:
    files = {
        f"prompts/{EXAMPLE}.prompt.yaml": "welcome.prompt.yaml",
        f"prompts/{EXAMPLE}.system.j2": "welcome.system.j2",
        "partials/tone.j2": "tone.j2",
    }
    return [NewFile(inside + path, filled(text, {})) for path, text in files.items()]


def _hooks(below: str) -> str:
    pattern = f"^{re.escape(below)}" if below else r"\.(ya?ml|j2|jinja2?|md|txt)$"
    values = {**_commands(below), "pattern": f"'{pattern}'"}
    return filled("hooks.yaml", values).rstrip("\n")


def _commands(below: str) -> dict[str, str]:
    """The checks as run at the top of the repository, for a registry in the folder `below`."""
    option = f"-C {shlex.quote(below.rstrip('/'))} " if below else ""
    return {verb: scalar(f"promptreg {option}{verb}") for verb in ("validate", "test", "check")}
