"""`deprecate`, `retire` and `activate`: where an entry stands in its life."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from promptreg.commands.soundness import errors_of
from promptreg.errors import RefusedError, SelectorError, UsageError
from promptreg.model.entry import Entry
from promptreg.model.names import did_you_mean
from promptreg.model.prompt import Lifecycle
from promptreg.registry.load import load
from promptreg.registry.users import User, users_in
from promptreg.registry.workspace import Workspace
from promptreg.releases.deployed import RunsIn, deployed
from promptreg.releases.ledger import releases_of
from promptreg.releases.manifest_writing import (
    ManifestChange,
    OpenedManifest,
    changed_tree,
    open_manifest,
    plan_change,
)
from promptreg.releases.plan import Plan


@dataclass(frozen=True, slots=True)
class LifecycleRequest:
    """The entry, and why."""

    name: str
    reason: str = ""
    commit: bool = True
    replaced_by: str = ""
    """Of a deprecation; empty leaves what the manifest says."""
    sunset: str = ""
    """Of a deprecation: the last day, YYYY-MM-DD; empty leaves what the manifest says."""


@dataclass(frozen=True, slots=True)
class _Step:
    verb: str
    to: Lifecycle
    values: Mapping[str, str | None] = field(default_factory=dict)


def plan_deprecate(workspace: Workspace, request: LifecycleRequest, today: date) -> Plan:
    """What `deprecate` would write; its notes name who uses the entry and where it runs.

    Raises RefusedError where the entry is retired, says all of it already, or would have errors,
    SelectorError where the entry or its replacement doesn't exist, UsageError for a bad date.
    """
    opened = open_manifest(workspace, request.name)
    values = {"lifecycle": Lifecycle.DEPRECATED.value}
    if request.sunset:
        values["sunset"] = _day(request.sunset)
    if request.replaced_by:
        values["replaced_by"] = _replacement(opened, request.replaced_by)
    manifest = opened.entry.manifest
    if manifest.lifecycle is Lifecycle.RETIRED:
        raise _ended(opened)
    if all(opened.entry.data.get(key) == value for key, value in values.items()):
        raise RefusedError(
            f"`{opened.entry.name}` is deprecated already",
            where=opened.entry.path,
            hint="`--sunset` and `--replaced-by` tell when it ends and what to use instead",
        )
    step = _Step("Deprecate", Lifecycle.DEPRECATED, values)
    runs = tuple(
        f"it runs in `{one.environment}` ({one.version})"
        for one in _running(workspace, opened, must=False)
    )
    notes = (*(_said(user) for user in _users(opened)), *runs, *_next(workspace, opened))
    return _plan(workspace, opened, request, step, (today, notes))


def plan_retire(workspace: Workspace, request: LifecycleRequest, today: date) -> Plan:
    """What `retire` would write.

    Raises RefusedError where the entry is used in the tree or runs somewhere, naming each place
    with the next command, SelectorError where there is no such entry.
    """
    opened = open_manifest(workspace, request.name)
    name = opened.entry.name
    if opened.entry.manifest.lifecycle is Lifecycle.RETIRED:
        raise RefusedError(f"`{name}` is retired already", where=opened.entry.path)
    said = [f"{_said(user)}\n  {_way_out(user, name)}" for user in _users(opened)]
    said += [
        f"it runs in `{one.environment}` ({one.version})\n"
        f'  `promptreg suspend {name} --env {one.environment} --reason "..."` takes it out'
        for one in _running(workspace, opened, must=True)
    ]
    if said:
        raise RefusedError(
            f"`{name}` is in use, so it can't be retired",
            where=opened.entry.path,
            hint="\n".join(said),
        )
    step = _Step("Retire", Lifecycle.RETIRED, {"lifecycle": Lifecycle.RETIRED.value})
    note = "nothing more of it can be released or promoted; its releases stay readable"
    return _plan(workspace, opened, request, step, (today, (note,)))


def plan_activate(workspace: Workspace, request: LifecycleRequest, today: date) -> Plan:
    """What `activate` would write: a draft is done, or a deprecation is taken back.

    `sunset` and `replaced_by` go. Raises RefusedError where it is active or retired.
    """
    opened = open_manifest(workspace, request.name)
    lifecycle = opened.entry.manifest.lifecycle
    if lifecycle is Lifecycle.ACTIVE:
        raise RefusedError(f"`{opened.entry.name}` is active already", where=opened.entry.path)
    if lifecycle is Lifecycle.RETIRED:
        raise _ended(opened)
    values = {"lifecycle": Lifecycle.ACTIVE.value, "sunset": None, "replaced_by": None}
    step = _Step("Activate", Lifecycle.ACTIVE, values)
    return _plan(workspace, opened, request, step, (today, _next(workspace, opened)))


def _plan(
    workspace: Workspace,
    opened: OpenedManifest,
    request: LifecycleRequest,
    step: _Step,
    told: tuple[date, tuple[str, ...]],
) -> Plan:
    today, notes = told
    entry = opened.entry
    before = entry.manifest.lifecycle.value
    more = ", ".join(
        f"{key} {value}" for key, value in step.values.items() if key != "lifecycle" and value
    )
    change = ManifestChange(
        values=step.values,
        summary=f"{entry.name}: {before} -> {step.to.value}{f' ({more})' if more else ''}",
        title=f"{step.verb} {entry.name}",
        trailers=(f"Promptreg-Lifecycle: {entry.name} {before} -> {step.to.value}",),
        reason=request.reason,
        commit=request.commit,
    )
    require_no_new_errors(opened, change, today)
    return plan_change(workspace, opened, change, notes)


def require_no_new_errors(opened: OpenedManifest, change: ManifestChange, today: date) -> Entry:
    """The entry as it would be; refused where it would have an error that it hasn't now."""
    tree, name = changed_tree(opened, change), opened.entry.name
    loaded = load(tree)
    entry = loaded.snapshot.entries[name]
    after = errors_of(tree, loaded, (entry,), today)
    if not after:
        return entry
    before = errors_of(opened.tree, opened.loaded, (opened.entry,), today)
    known = {one.fingerprint for one in before}
    for one in after:
        if one.fingerprint not in known:
            raise RefusedError(
                f"`{name}` would be wrong then: {one.message} [{one.rule}]",
                where=one.at.path,
                hint=one.fix,
            )
    return entry


def _users(opened: OpenedManifest) -> Iterator[User]:
    """Who names the entry; what is retired itself counts for nobody."""
    documents = opened.snapshot.documents.values()
    for user in users_in(documents).get(opened.entry.name, ()):
        own = opened.snapshot.entries.get(user.name)
        if own is None or own.manifest.lifecycle is not Lifecycle.RETIRED:
            yield user


def _said(user: User) -> str:
    if user.route == "replaced_by":
        return f"`{user.name}` names it as what replaces it: {user.path}"
    return f"`{user.name}` uses it: {user.path}, `{user.route}`"


def _way_out(user: User, name: str) -> str:
    if user.kind == "experiment":
        return f"take `{name}` out of it, or delete {user.path}"
    if user.route == "replaced_by":
        return f"`promptreg deprecate {user.name} --replaced-by OTHER` names another one"
    return f"write another one there, or `promptreg retire {user.name}` first"


def _running(workspace: Workspace, opened: OpenedManifest, *, must: bool) -> tuple[RunsIn, ...]:
    """Where it runs; RefusedError where that can't be told and `must` be known."""
    found, problems = deployed(workspace, opened.configuration)
    if problems and must:
        raise RefusedError(
            f"where `{opened.entry.name}` runs can't be told, so it can't be retired",
            hint="\n".join(problems),
        )
    return found.get(opened.entry.name, ())


def _next(workspace: Workspace, opened: OpenedManifest) -> tuple[str, ...]:
    name = opened.entry.name
    if not releases_of(workspace.git, name):
        return ()
    return (f"`promptreg release {name}` tells it to those who use releases",)


def _day(text: str) -> str:
    try:
        if date.fromisoformat(text).isoformat() == text:
            return text
    except ValueError:
        pass
    raise UsageError(f"`{text[:40]}` is no date", where="--sunset", hint="write it like 2027-01-31")


def _replacement(opened: OpenedManifest, name: str) -> str:
    entries = opened.snapshot.entries
    if name == opened.entry.name:
        raise UsageError(f"`{name}` can't replace itself", where="--replaced-by")
    if name not in entries:
        raise SelectorError(
            f"there is no prompt or agent `{name[:200]}`",
            where="--replaced-by",
            hint=did_you_mean(name, entries) or "`promptreg list` shows what there is",
        )
    if entries[name].manifest.lifecycle is Lifecycle.RETIRED:
        raise RefusedError(
            f"`{name}` is retired, so it can't replace anything", where=entries[name].path
        )
    return name


def _ended(opened: OpenedManifest) -> RefusedError:
    return RefusedError(
        f"`{opened.entry.name}` is retired",
        where=opened.entry.path,
        hint="`git revert COMMIT` takes back the commit that retired it",
    )
