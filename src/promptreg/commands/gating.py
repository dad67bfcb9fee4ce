"""What keeps releases out of environments: the facts for `checks.gates`, from git."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from promptreg.checks.approvals import Content, Judged, judged_approvals
from promptreg.checks.gates import (
    Facts,
    Stay,
    Unmet,
    approvals_missing,
    gate_of,
    how_to_approve,
    unmet_requirements,
)
from promptreg.commands.soundness import errors_of
from promptreg.errors import PromptregError, RefusedError
from promptreg.model.configuration import Configuration, EnvironmentRule, higher_risk
from promptreg.model.data import Json
from promptreg.model.entry import Entry
from promptreg.model.environment import Pin
from promptreg.model.prompt import Lifecycle
from promptreg.registry.configuration import read_configuration
from promptreg.registry.load import load, load_entry
from promptreg.registry.workspace import Workspace
from promptreg.releases.approvals import Signers, read_signers, recorded_approvals
from promptreg.releases.authors import authors_of
from promptreg.releases.environments import Move, environments_line, moves
from promptreg.releases.freezing import frozen_at
from promptreg.releases.ledger import Ledger
from promptreg.releases.resolve import Resolved, load_release
from promptreg.releases.tag import Release
from promptreg.store.git.process import NoAnswerError
from promptreg.store.git.repository import head
from promptreg.store.git.tree_reader import TreeReader
from promptreg.store.trees import Tree


@dataclass(slots=True)
class Grounds:
    """What gates are judged by; each thing is read once, when it is asked for first."""

    workspace: Workspace
    configuration: Configuration
    """Whose teams, gates and allowed signers count."""
    signers: Signers
    tree: Tree
    """The committed files that hold the approvals."""
    line: str = ""
    """The commit whose history says what ran where; empty: that of the environments' branch."""
    tip: str = ""
    """The commit that says what is frozen; empty: the one above."""
    ledger: Ledger = field(init=False)
    trees: TreeReader = field(init=False)
    _moves: dict[str, tuple[Move, ...]] = field(default_factory=dict)
    _frozen: dict[str, str] = field(default_factory=dict)
    _entries: dict[str, Entry | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.workspace.git)
        self.trees = TreeReader.of(self.workspace.git)

    def moves(self, environment: str) -> tuple[Move, ...]:
        """The history of an environment, newest first."""
        if environment not in self._moves:
            self._moves[environment] = moves(self.workspace, self._line(), environment)
        return self._moves[environment]

    def frozen(self, environment: str) -> str:
        """Since when an environment is frozen, by whom and why; empty where it isn't."""
        if environment not in self._frozen:
            self._frozen[environment] = frozen_at(
                self.workspace, self.tip or self._line(), environment
            )
        return self._frozen[environment]

    def entry(self, name: str) -> Entry | None:
        """An entry as the committed files have it; None where it is gone."""
        if name not in self._entries:
            self._entries[name] = load_entry(self.tree, name).snapshot.entries.get(name)
        return self._entries[name]

    def _line(self) -> str:
        if not self.line:
            self.line = environments_line(self.workspace, self.configuration).commit
        return self.line


def committed_grounds(workspace: Workspace) -> Grounds:
    """What HEAD holds; an edit that isn't committed changes no gate."""
    tree = workspace.revision(head(workspace.git).commit)
    configuration = read_configuration(tree)
    return Grounds(
        workspace,
        configuration,
        read_signers(tree, configuration, workspace.git.git.environment),
        tree,
    )


def require_gates(
    grounds: Grounds, environment: str, chosen: Sequence[Resolved], now: datetime
) -> tuple[str, ...]:
    """Refuse releases that `environment` may not run yet, naming everything that is missing.

    Gives what a person should know of those that it may run. Raises RefusedError.
    """
    rule = grounds.configuration.environments.get(environment)
    if rule is None:
        return ()
    unmet: dict[Unmet, None] = {}
    notes: list[str] = []
    for one in chosen:
        facts = facts_of(grounds, rule, one)
        found = unmet_requirements(rule, facts, int(now.timestamp()))
        unmet |= dict.fromkeys((*found, *unsound(grounds, one, now)))
        if Lifecycle.DEPRECATED in {facts.lifecycle, facts.lifecycle_now}:
            notes.append(f"`{facts.name}` is deprecated")
    if unmet:
        raise _refusal(f"`{environment}` can't run this yet", tuple(unmet))
    return tuple(notes)


def require_release_approvals(grounds: Grounds, chosen: Sequence[Resolved]) -> None:
    """Refuse to release agents whose own gate (`approvals: {release: …}`) isn't open.

    Raises RefusedError.
    """
    unmet: list[Unmet] = []
    for one in chosen:
        data = cast("dict[str, dict[str, Json]]", one.entry.data)
        asked = data.get("approvals", {}).get("release")
        if one.entry.kind != "Agent" or not asked:
            continue
        gate = gate_of(asked)
        missing = approvals_missing(gate, approved(grounds, one)[1])
        if missing:
            message = f"a release of `{one.entry.name}` needs {missing}"
            unmet.append(Unmet("gate-approvals", message, how_to_approve(one.entry.name, "", gate)))
    if unmet:
        raise _refusal("nothing was released", unmet)


def unsound(grounds: Grounds, chosen: Resolved, now: datetime) -> tuple[Unmet, ...]:
    """What is wrong with a release's own files, as its own commit judges them."""
    name = chosen.entry.name
    tree = grounds.workspace.revision(chosen.commit)
    errors = errors_of(tree, load(tree), (chosen.entry,), now.date())
    if not errors:
        return ()
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    version = chosen.release.version if chosen.release else ""
    return (
        Unmet(
            "gate-findings",
            f"`{name}` {version} isn't sound: {errors[0].message}{more}",
            f"`promptreg validate --rev {chosen.commit[:12]}` shows all that is wrong",
        ),
    )


def facts_of(
    grounds: Grounds, rule: EnvironmentRule, chosen: Resolved, judged: tuple[Judged, ...] = ()
) -> Facts:
    """What the gates of an environment ask of a release, or of content that isn't released.

    `judged` are its approvals, where they are known already.
    """
    entry, release = chosen.entry, chosen.release
    pin = Pin(release.version, release.digest) if release else None
    now = grounds.entry(entry.name)
    risk = higher_risk(entry.manifest.risk, _running_risk(grounds, rule.name, entry.name))
    if not judged and rule.approvals.get(risk):
        judged = approved(grounds, chosen)[1]
    return Facts(
        name=entry.name,
        version=str(release.version) if release else "",
        risk=risk,
        lifecycle=entry.manifest.lifecycle,
        lifecycle_now=now.manifest.lifecycle if now else None,
        approvals=judged,
        stays=stays(grounds.moves(rule.after), entry.name, pin) if rule.after and pin else (),
        frozen=grounds.frozen(rule.name),
    )


def approved(grounds: Grounds, chosen: Resolved) -> tuple[Content, tuple[Judged, ...]]:
    """The content of an entry, and every approval in its folder with whether it can count."""
    entry, release = chosen.entry, chosen.release
    known = grounds.ledger.releases_of(entry.name)
    version = release.version if release else None
    authors = authors_of(
        grounds.workspace, entry, chosen.commit, known, version, trees=grounds.trees
    )
    content = Content(entry.name, entry.digest(), authors)
    recorded = recorded_approvals(grounds.tree, entry.name, grounds.signers)
    return content, judged_approvals(recorded, content, grounds.configuration.owners)


def stays(history: Iterable[Move], name: str, pin: Pin) -> tuple[Stay, ...]:
    """When a release ran in an environment, oldest first, by the dates of the commits."""
    found: list[Stay] = []
    since: int | None = None
    for move in reversed(tuple(history)):
        if move.name != name:
            continue
        moment = move.commit.committer.seconds
        if since is not None:
            found.append(Stay(since, moment))
        since = moment if move.after == pin else None
    return (*found, Stay(since, None)) if since is not None else tuple(found)


def ran_there(history: Iterable[Move], name: str, pin: Pin) -> bool:
    """Whether a release runs in an environment, or did."""
    return any(move.name == name and move.after == pin for move in history)


def _running_risk(grounds: Grounds, environment: str, name: str) -> str:
    """The risk of what runs there now, or ran last: whoever lowers it meets the higher gate once."""
    own = next((move for move in grounds.moves(environment) if move.name == name), None)
    last = (own.after or own.before) if own else None
    if last is None:
        return "low"
    known: Mapping[Pin, Release] = {
        Pin(one.version, one.digest): one for one in grounds.ledger.releases_of(name)
    }
    release = known.get(last)
    if release is None or release.problem:
        return "low"
    try:
        return load_release(grounds.workspace, release, grounds.trees).entry.manifest.risk
    except NoAnswerError:
        raise  # it says nothing about the release
    except PromptregError:
        return "low"


def _refusal(what: str, unmet: Sequence[Unmet]) -> RefusedError:
    count = (
        "a requirement isn't met" if len(unmet) == 1 else f"{len(unmet)} requirements aren't met"
    )
    return RefusedError(
        f"{what}: {count}",
        where="`environments:` in the committed promptreg.yaml",
        hint="\n".join(one.text for one in unmet),
    )
