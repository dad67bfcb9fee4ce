"""What is missing about the registry: branches, owners of what steers it, hooks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from promptreg.model.configuration import FILE, Configuration
from promptreg.model.environment import FOLDER
from promptreg.ops.doctor.code_owners import CODE_OWNERS, unowned
from promptreg.ops.doctor.signing import signing_items
from promptreg.reporters.doctor import Item, Level
from promptreg.store.files import FileProblem, read_file
from promptreg.store.git.condition import hooks_folder
from promptreg.store.git.config import remotes
from promptreg.store.git.merge_driver import COMMAND, NAME, configured_driver
from promptreg.store.git.refs import ref_exists
from promptreg.store.git.repository import Repository

_LIMIT = 1 << 20
_HOOKS = ("pre-commit", "pre-push", "pre-merge-commit")
_TOOLS = (".pre-commit-config.yaml", ".pre-commit-config.yml", "lefthook.yml", ".husky/pre-commit")


def registry_items(repo: Repository, configuration: Configuration, prefix: str) -> Iterator[Item]:
    """Everything about a registry whose configuration can be read; `prefix` is its folder."""
    yield from _branches(repo, configuration)
    yield _owners(repo, configuration, prefix)
    yield _hooks(repo)
    yield from _merge_driver(repo, prefix)
    yield from signing_items(repo, configuration)


def _branches(repo: Repository, configuration: Configuration) -> Iterator[Item]:
    for key in ("release_branch", "environments_branch"):
        name = str(getattr(configuration, key))
        id_ = key.replace("_", "-")
        if not name:
            continue
        if _has_branch(repo, name):
            yield Item(id_, Level.OK, f"`{key}: {name}` is there")
            continue
        message = f"`{key}` in {FILE} names `{name}`, which is no branch here"
        yield Item(id_, Level.ERROR, message, f"`git fetch origin {name}`, or correct {FILE}")


def _has_branch(repo: Repository, name: str) -> bool:
    places = ("refs/heads", *(f"refs/remotes/{remote}" for remote in remotes(repo)))
    return any(ref_exists(repo, f"{place}/{name}") for place in places)


def _owners(repo: Repository, configuration: Configuration, prefix: str) -> Item:
    wanted = [prefix + FILE]
    if not configuration.environments_branch:
        wanted += [f"{prefix}{FOLDER}/{name}.yaml" for name in configuration.environments]
    found = next(
        ((path, text) for path in CODE_OWNERS if (text := _text(repo.top_level, path))), None
    )
    fix = f"a line `/{prefix}{FILE} @owners`, and one for `/{prefix}{FOLDER}/`, in CODEOWNERS"
    if found is None:
        message = "there is no CODEOWNERS: anybody who may approve can change who runs what"
        return Item("code-owners", Level.WARNING, message, fix)
    path, text = found
    missing = unowned(text, wanted)
    if missing:
        named = ", ".join(f"`{one}`" for one in missing[:3])
        return Item("code-owners", Level.WARNING, f"{path} gives no owner to {named}", fix)
    return Item("code-owners", Level.OK, f"{path} covers {FILE} and the environments")


def _hooks(repo: Repository) -> Item:
    folder = hooks_folder(repo)
    texts = [_text(folder, name) for name in _HOOKS]
    if any("promptreg" in text for text in texts):
        return Item("hooks", Level.OK, "a git hook runs promptreg")
    declared = any("promptreg" in _text(repo.top_level, path) for path in _TOOLS)
    if declared and any(texts):
        return Item("hooks", Level.OK, "a hook manager runs promptreg")
    if declared:
        message = "promptreg is among the hooks of the repository, but none is installed here"
        return Item("hooks", Level.INFO, message, "`pre-commit install`")
    message = "no git hook runs promptreg: mistakes are found in CI first"
    fix = "add promptreg's hooks to .pre-commit-config.yaml, then `pre-commit install`"
    return Item("hooks", Level.INFO, message, fix)


def _merge_driver(repo: Repository, prefix: str) -> Iterator[Item]:
    """Whether git is told what `.gitattributes` names; that is each clone's own matter."""
    places = dict.fromkeys((".gitattributes", f"{prefix}.gitattributes"))
    if not any(f"merge={NAME}" in _text(repo.top_level, path) for path in places):
        return
    if configured_driver(repo):
        yield Item("merge-driver", Level.OK, "git merges environment files by entry")
        return
    message = f".gitattributes names the merge driver `{NAME}`, and this clone doesn't know it"
    what = f"{message}: environment files are merged by line"
    yield Item("merge-driver", Level.INFO, what, f"`{COMMAND}`, or `promptreg init --merge-driver`")


def _text(root: Path, path: str) -> str:
    try:
        return read_file(root, path, limit=_LIMIT).decode("utf-8", "replace")
    except FileProblem:
        return ""
