"""`audit`: who did what, when and why, and whether an exported audit holds."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from promptreg.errors import GitError, RegistryError, UsageError
from promptreg.model.audit import Audit, AuditCheck, Branch, Filters, Flaw
from promptreg.model.data import Json
from promptreg.ops.audit.auditing import events_of
from promptreg.ops.audit.checking import Export, Header, compared, identity, read_export
from promptreg.ops.audit.course import REGISTRY, audited_branches
from promptreg.ops.audit.export import chained
from promptreg.ops.audit.filtering import check_filters, filtered
from promptreg.registry.configuration import read_configuration
from promptreg.registry.workspace import Workspace
from promptreg.releases.ledger import FETCH_TAGS, all_releases, require_history
from promptreg.store.git.config import clone_limits
from promptreg.store.git.graph import first_reached, graph
from promptreg.store.git.objects import ObjectReader
from promptreg.store.git.revisions import resolve_commit
from promptreg.store.git.wire import is_oid

_COMMIT = 1 << 24


@dataclass(frozen=True, slots=True)
class AuditRequest:
    """What is asked for; empty means everything. A bound is a moment or any git revision."""

    names: tuple[str, ...] = ()
    environment: str = ""
    kinds: tuple[str, ...] = ()
    since: datetime | str = ""
    until: datetime | str = ""


def audit(workspace: Workspace, request: AuditRequest) -> Audit:
    """Everything that happened on the release branch and to environments, oldest first.

    Raises SelectorError or UsageError for words that name nothing, RefusedError in a shallow clone,
    GitError where a branch, tags or an object is missing.
    """
    _require_everything(workspace)
    configuration = read_configuration(workspace.working_tree())
    branches = audited_branches(workspace, configuration)
    events = events_of(workspace, branches)
    filters = Filters(
        request.names,
        request.environment,
        request.kinds,
        _bound(workspace, request.since),
        _bound(workspace, request.until),
    )
    check_filters(filters, events, configuration.environments)
    name = _name_at(workspace, branches[0].commit)
    return Audit(name, branches, filters, filtered(workspace.git, events, filters))


def audit_log(found: Audit, now: datetime) -> Iterator[dict[str, Json]]:
    """The lines of an export, each chained to the one before it; `now` is when it is made."""
    return chained(found, now.isoformat(timespec="seconds"))


def check_audit(workspace: Workspace, file: Path) -> AuditCheck:
    """Whether an export is whole, unchanged, and what the repository says, too.

    Whatever is wrong with the file is a flaw. Raises UsageError where it can't be read, InputError
    where it is larger than any export, and what `audit` raises.
    """
    _require_everything(workspace)
    try:
        with file.open("rb") as stream:
            export = read_export(stream, str(file))
    except OSError as error:
        raise UsageError(f"the audit can't be read: {error.strerror}", where=str(file)) from None
    newer, flaws = _against_repository(workspace, export)
    return AuditCheck(
        file=str(file),
        lines=export.lines,
        events=len(export.events),
        registry=export.header.registry if export.header else "",
        made=export.header.now if export.header else "",
        last=export.last,
        newer=newer,
        flaws=tuple(sorted((*export.flaws, *flaws), key=lambda one: one.line)),
    )


def _require_everything(workspace: Workspace) -> None:
    """Refuse to tell a history of which this clone holds a part only."""
    require_history(workspace.git)
    if clone_limits(workspace.git).no_tags:
        raise GitError(
            "this clone was made without tags, so it knows no releases",
            where=str(workspace.git.top_level),
            hint=f"fetch the tags: `{FETCH_TAGS}`; then `git config --unset remote.origin.tagOpt`",
        )


def _name_at(workspace: Workspace, commit: str) -> str:
    """The registry's name at a commit; empty where none can be read there."""
    try:
        return read_configuration(workspace.revision(commit)).name
    except RegistryError:
        return ""


def _bound(workspace: Workspace, said: datetime | str) -> str:
    if isinstance(said, datetime):
        return said.isoformat()
    return resolve_commit(workspace.git, said) if said else ""


def _against_repository(workspace: Workspace, export: Export) -> tuple[int, tuple[Flaw, ...]]:
    """How many events are newer than the file, and where it differs from the repository."""
    header = export.header
    if header is None:
        return 0, ()
    configuration = read_configuration(workspace.working_tree())
    now = audited_branches(workspace, configuration)
    reached = graph(workspace.git, [one.commit for one in now])
    flaws = list(_header_flaws(workspace, header, now, reached))
    name = "" if flaws else _name_at(workspace, header.branches[0].commit)
    if not flaws and header.registry != name:
        what = f"it is about the registry `{header.registry[:100]}`, not `{name}`"
        flaws.append(Flaw(1, "wrong-header", what))
    if flaws:
        return 0, tuple(flaws)
    today = filtered(workspace.git, events_of(workspace, now), header.filters)
    made_since = _made_since(workspace, export, header, reached)
    then = events_of(workspace, header.branches, without=made_since)
    expected = filtered(workspace.git, then, header.filters)
    known = {identity(one) for one in expected}
    return sum(identity(one) not in known for one in today), compared(export, expected)


def _made_since(
    workspace: Workspace, export: Export, header: Header, reached: Mapping[str, tuple[str, ...]]
) -> frozenset[str]:
    """The tags that a file can't know: of commits that came after its own, or dated after it.

    A tag tells no more of when it was made. `reached` are today's commits with their parents; the
    header's are among them.
    """
    then_reached = first_reached(reached, [one.commit for one in header.branches])
    made = datetime.fromisoformat(header.now).timestamp()
    return frozenset(
        one.tag
        for own in all_releases(workspace.git).values()
        for one in own
        if one.tag not in export.tags
        and (one.time > made or (one.commit in reached and one.commit not in then_reached))
    )


def _header_flaws(
    workspace: Workspace, said: Header, now: Sequence[Branch], reached: Container[str]
) -> Iterator[Flaw]:
    """Where the commits of a header aren't those of a history that went on."""
    roles = {one.role: one for one in now}
    for one in said.branches:
        if one.commit not in reached:
            branch = roles.get(one.role, roles[REGISTRY]).branch or "HEAD"
            what = f"commit {one.commit[:12]} isn't in the history of `{branch}`"
            yield Flaw(1, "wrong-header", f"{what}: it was rewritten, or this isn't its repository")
    bounds = [one for one in (said.filters.since, said.filters.until) if is_oid(one)]
    with ObjectReader(workspace.git) as reader:
        for read in reader.read_many(bounds, limit=_COMMIT, go_on=True):
            if read.kind != "commit":
                what = f"the repository has no commit {read.oid[:12]}, which its filters name"
                yield Flaw(1, "wrong-header", what)
