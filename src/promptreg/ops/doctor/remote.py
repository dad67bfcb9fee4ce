"""What the remote says of the release tags, and what it can't be asked."""

from __future__ import annotations

from collections.abc import Iterator

from promptreg.errors import GitError
from promptreg.releases.tag import parse_tag_name
from promptreg.reporters.doctor import Item, Level
from promptreg.store.git.condition import program_settings, remote_tags, settings_in_tree
from promptreg.store.git.config import push_remote
from promptreg.store.git.refs import refs
from promptreg.store.git.repository import Repository

_SHOWN = 3


def remote_items(repo: Repository) -> Iterator[Item]:
    """How the release tags here and at the remote compare."""
    remote = push_remote(repo)
    if not remote:
        yield Item(
            "remote", Level.WARNING, "there is no remote to ask", "`git remote add origin URL`"
        )
        return
    if program_settings(repo) or settings_in_tree(repo):
        message = "the remote was not asked: git would run what the repository's settings say"
        yield Item("remote", Level.WARNING, message, "mend the settings that are named above")
        return
    try:
        there = _releases(remote_tags(repo, remote))
    except GitError as error:
        message = f"`{remote}` doesn't answer: {error.what}"
        yield Item("remote", Level.ERROR, message, f"`git ls-remote --tags {remote}` shows why")
        return
    here = _releases({ref.name: ref.oid for ref in refs(repo, "refs/tags/")})
    yield from _compared(here, there, remote)
    yield Item(
        "tag-protection",
        Level.INFO,
        "whether tags and branches are protected can't be seen without the API of the git host",
        "forbid to update and delete tags `**@v*` there (GitHub: rulesets; GitLab: protected tags)",
    )


def _compared(here: dict[str, str], there: dict[str, str], remote: str) -> Iterator[Item]:
    moved = sorted(tag for tag in here.keys() & there.keys() if here[tag] != there[tag])
    if moved:
        message = f"{_named(moved)} here and at `{remote}` are different objects: one was replaced"
        fix = (
            "find out which is right (`git ls-remote --tags`, an environment's digest); never force"
        )
        yield Item("moved-tags", Level.ERROR, message, fix)
    if missing := sorted(there.keys() - here.keys()):
        message = f"{_named(missing)} of `{remote}` {_are(missing)} missing here"
        yield Item("missing-tags", Level.WARNING, message, f"`git fetch --tags {remote}`")
    if unpushed := sorted(here.keys() - there.keys()):
        message = f"{_named(unpushed)} {_are(unpushed)} not at `{remote}`"
        refs_ = " ".join(f"refs/tags/{tag}" for tag in unpushed[:_SHOWN])
        yield Item("unpushed-tags", Level.INFO, message, f"`git push --atomic {remote} {refs_}`")
    if not moved and not missing:
        message = (
            f"{len(there)} release tag{'' if len(there) == 1 else 's'} of `{remote}`: all as here"
        )
        yield Item("remote-tags", Level.OK, message)


def _releases(tags: dict[str, str]) -> dict[str, str]:
    named = ((name.removeprefix("refs/tags/"), oid) for name, oid in tags.items())
    return {tag: oid for tag, oid in named if parse_tag_name(tag) is not None}


def _named(tags: list[str]) -> str:
    more = f" and {len(tags) - _SHOWN} more" if len(tags) > _SHOWN else ""
    return ", ".join(f"`{tag}`" for tag in tags[:_SHOWN]) + more


def _are(tags: list[str]) -> str:
    return "is" if len(tags) == 1 else "are"
