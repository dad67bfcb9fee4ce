"""`new`: a prompt or an agent to begin with, valid at once."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from promptreg.commands.scaffold.files import NewFile, exists, written
from promptreg.commands.scaffold.texts import filled, scalar
from promptreg.errors import RefusedError, RegistryError, UsageError
from promptreg.model.configuration import DEFAULT_ROOTS, RISKS, Configuration
from promptreg.model.names import did_you_mean, name_problem
from promptreg.registry.configuration import read_configuration
from promptreg.registry.discover import ENTRY_KINDS, discover
from promptreg.registry.documents import parse_document
from promptreg.registry.manifests import read_manifests
from promptreg.registry.workspace import Workspace
from promptreg.releases.ledger import released_versions

KINDS = ("prompt", "agent")
_NO_SLUG = re.compile(r"[^a-z0-9/_-]+")


@dataclass(frozen=True, slots=True)
class NewEntry:
    """What is asked for; an empty owner is the only one that there is."""

    kind: str
    """One of KINDS."""
    name: str
    owner: str = ""
    description: str = ""
    risk: str = "low"
    folder: bool = False
    """Whether it gets a folder of its own: `NAME/prompt.yaml`."""


@dataclass(frozen=True, slots=True)
class NewPlan:
    """The files of a new entry, the manifest first."""

    name: str
    files: tuple[NewFile, ...]
    notes: tuple[str, ...]


def plan_new(workspace: Workspace, wanted: NewEntry) -> NewPlan:
    """The files that `new` would write, nothing written yet.

    Raises UsageError for what can't be (a name, an owner, a text), RefusedError where the name or a
    path is taken, RegistryError where no root takes such entries.
    """
    tree = workspace.working_tree()
    _check_name(wanted.name)
    if wanted.risk not in RISKS:
        raise UsageError(
            f"`{wanted.risk}` is no risk", where="--risk", hint=f"one of: {', '.join(RISKS)}"
        )
    configuration = read_configuration(tree)
    owner = _owner(wanted.owner, configuration)
    _check_free(workspace, wanted.name, configuration, tree.paths())
    files = _files(wanted, owner, _root(wanted.kind, configuration))
    for file in files:
        if exists(workspace.root, file.path):
            raise RefusedError(
                f"`{file.path}` exists; nothing was written", hint="git may ignore it: move it away"
            )
    _check_text(files[0], wanted.kind)
    return NewPlan(wanted.name, files, _notes(workspace, wanted.name))


def apply_new(workspace: Workspace, plan: NewPlan) -> None:
    """Write the files, all or none."""
    with written(workspace.root, plan.files):
        pass


def _check_name(name: str) -> None:
    if problem := name_problem(name):
        slug = "/".join(filter(None, (_slug(part) for part in name.split("/"))))
        fits = slug and slug != name and not name_problem(slug)
        raise UsageError(
            f"`{name[:200]}` can't be a name: {problem}", hint=f"`{slug}` would do" if fits else ""
        )


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return _NO_SLUG.sub("-", plain).strip("-_")


def _owner(asked: str, configuration: Configuration) -> str:
    known = tuple(configuration.owners)
    listed = ", ".join(f"`{name}`" for name in known)
    if asked in configuration.owners:
        return asked
    if asked:
        raise UsageError(
            f"there is no owner `{asked[:100]}`",
            where="`owners:` in promptreg.yaml",
            hint=did_you_mean(asked, known) or f"there is {listed or 'none yet'}",
        )
    if len(known) == 1:
        return known[0]
    raise UsageError(
        "the owner isn't clear: name one with `--owner`",
        where="`owners:` in promptreg.yaml",
        hint=f"there is {listed}" if listed else "add one first",
    )


def _check_free(
    workspace: Workspace, name: str, configuration: Configuration, paths: tuple[str, ...]
) -> None:
    # A broken manifest holds the name that its path says; a misplaced one the name inside.
    taken = {
        found.name: found.path
        for found in discover(paths, configuration.roots)
        if found.kind in ENTRY_KINDS
    }
    if name not in taken:
        manifests = read_manifests(workspace.working_tree())
        taken |= {one.content.name: one.path for one in manifests.entries}
    if name in taken:
        raise RefusedError(
            f"there is a `{name}` already; nothing was written",
            where=taken[name],
            hint=f"`promptreg show {name}` shows it",
        )


def _root(kind: str, configuration: Configuration) -> str:
    """The root named after the kind, else the first that is for no other kind."""
    plural = kind + "s"
    roots = configuration.roots
    named = [root for root in roots if root.rpartition("/")[2] == plural]
    free = [root for root in roots if root.rpartition("/")[2] not in DEFAULT_ROOTS]
    for root in (*named, *free):
        return root
    raise RegistryError(
        f"no folder of `roots:` takes {plural}",
        where="`roots:` in promptreg.yaml",
        hint=f"add `{plural}` to it",
    )


def _files(wanted: NewEntry, owner: str, root: str) -> tuple[NewFile, ...]:
    stem = f"{root}/{wanted.name}"
    joint = "/" if wanted.folder else "."
    template = f"{stem}{joint}system.j2"
    said = scalar(wanted.description)
    values = {
        "name": scalar(wanted.name),
        "owner": scalar(owner),
        "risk": wanted.risk,
        "description": f"description: {said}" if wanted.description else _TO_DO,
        "template": template.rpartition("/")[2],
    }
    manifest = NewFile(f"{stem}{joint}{wanted.kind}.yaml", filled(f"{wanted.kind}.yaml", values))
    if wanted.kind == "agent":
        return (manifest,)
    return manifest, NewFile(template, filled("system.j2", {}))


_TO_DO = "# description: What it is for, in a sentence."


def _check_text(manifest: NewFile, kind: str) -> None:
    """What people typed must not make a file that `validate` refuses."""
    text = manifest.text.encode("utf-8", "surrogateescape")
    parsed = parse_document(manifest.path, text, kind.capitalize())
    if parsed.data is None:
        raise UsageError(
            f"the manifest can't be written: {parsed.findings[0].message}",
            where="--description",
            hint=parsed.findings[0].fix,
        )


def _notes(workspace: Workspace, name: str) -> tuple[str, ...]:
    if workspace.repository is None:
        return ()
    versions = released_versions(workspace.repository).get(name, ())
    if not versions:
        return ()
    return (f"`{name}` was released before, up to {versions[-1]}; its releases go on from there",)
