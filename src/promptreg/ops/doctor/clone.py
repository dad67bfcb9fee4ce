"""What is odd about the clone: what it lacks, what its configuration starts, who may write to it."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path

from promptreg.releases.ledger import FETCH, FETCH_TAGS
from promptreg.reporters.doctor import Item, Level
from promptreg.store.git.condition import (
    has_grafts,
    program_settings,
    replaced_objects,
    settings_in_tree,
)
from promptreg.store.git.config import clone_limits
from promptreg.store.git.listing import ls_files
from promptreg.store.git.repository import Repository
from promptreg.store.permissions import owner_of, writable_by_anybody

_SHOWN = 3
_GIT_FILES = ("", "config", "HEAD", "hooks", "index", "info", "objects", "packed-refs", "refs")


def clone_items(repo: Repository) -> Iterator[Item]:
    """Everything about the clone."""
    yield from _or_ok(_lacking(repo), "complete-clone", "the clone has all history and tags")
    yield from _or_ok(_swapped(repo), "replaced-history", "no commit is replaced by another")
    yield from _or_ok(
        _settings(repo), "git-settings", "no setting of the repository runs a program"
    )
    yield from _or_ok(
        _writable(repo), "permissions", "only its owner and group may change the files"
    )
    yield _owner(repo)


def _or_ok(found: Iterable[Item], id_: str, message: str) -> Iterator[Item]:
    items = tuple(found)
    yield from items or (Item(id_, Level.OK, message),)


def _lacking(repo: Repository) -> Iterator[Item]:
    limits = clone_limits(repo)
    if limits.shallow:
        message = "the clone is shallow: releases can't be checked or made"
        yield Item("shallow-clone", Level.WARNING, message, f"`{FETCH}`, or `fetch-depth: 0` in CI")
    if limits.partial:
        message = (
            "the clone is partial: contents are missing, and git is never let fetch them unasked"
        )
        fix = "`git fetch --refetch --no-filter`"
        yield Item("partial-clone", Level.WARNING, message, fix)
    if limits.no_tags:
        message = "a remote is fetched without tags: its releases can't be seen"
        fix = f"`git config --unset remote.origin.tagOpt`, then `{FETCH_TAGS}`"
        yield Item("no-tags", Level.WARNING, message, fix)


def _swapped(repo: Repository) -> Iterator[Item]:
    if count := replaced_objects(repo):
        message = (
            f"{count} object{'s are' if count > 1 else ' is'} replaced: git shows other contents"
        )
        yield Item(
            "replace-refs",
            Level.ERROR,
            f"{message} than the releases have; promptreg does not",
            "look at `git replace --list`, then `git replace -d OBJECT`",
        )
    if has_grafts(repo):
        message = "a graft file gives commits other parents than they have"
        place = repo.common_dir / "info" / "grafts"
        yield Item("grafts", Level.ERROR, message, f"`rm {shlex.quote(str(place))}`")


def _settings(repo: Repository) -> Iterator[Item]:
    for one in settings_in_tree(repo):
        message = f"`{one.key}` leads into the files of the repository ({one.value})"
        is_hooks = one.key == "core.hookspath"
        yield Item(
            "settings-in-tree",
            Level.WARNING if is_hooks else Level.ERROR,
            f"{message}: whoever changes them decides what git does here",
            f"`git config --unset-all {shlex.quote(one.key)}`",
        )
    for one in program_settings(repo):
        yield Item(
            "program-setting",
            Level.WARNING,
            f"`{one.key}` makes git run `{one.value}`; promptreg passes it over, plain git doesn't",
            f"if you don't know it: `git config --unset-all {shlex.quote(one.key)}`",
        )


def _writable(repo: Repository) -> Iterator[Item]:
    git_dir = os.path.relpath(repo.common_dir, repo.top_level)
    inside = [os.path.normpath(f"{git_dir}/{name}") for name in _GIT_FILES]
    found = writable_by_anybody(repo.top_level, [".", *inside, *ls_files(repo)])
    if found:
        named = ", ".join(f"`{path}`" for path in found[:_SHOWN])
        more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        place = shlex.quote(str(repo.top_level))
        message = f"every user of this machine may write to {named}{more}"
        yield Item("world-writable", Level.ERROR, message, f"`chmod -R o-w {place}`")


def _owner(repo: Repository) -> Item:
    folders: tuple[Path, ...] = (repo.top_level, repo.common_dir)
    if "*" in repo.git.safe_directories:
        message = "`safe.directory` is `*`: git trusts the configuration of whoever owns a folder"
        fix = f"name folders: `git config --global safe.directory {shlex.quote(str(folders[0]))}`"
        return Item("owner", Level.WARNING, message, fix)
    if any(owner_of(folder) != os.geteuid() for folder in folders):
        message = "the repository belongs to another user; you told git to trust it"
        fix = "a clone of your own is safer"
        return Item("owner", Level.INFO, message, fix)
    return Item("owner", Level.OK, "the repository is yours")
