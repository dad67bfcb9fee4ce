"""What a git host has to enforce so that what the files say holds."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from promptreg.model.approval import FOLDER as APPROVALS
from promptreg.model.configuration import FILE, Configuration, Owner
from promptreg.model.environment import environment_path
from promptreg.registry.snapshot import Snapshot

_ODD = re.compile(r"[^\w./@+-]")
"""What has a meaning in a CODEOWNERS pattern, or none that is safe; `?` matches any of it."""


@dataclass(frozen=True, slots=True)
class CodeOwners:
    """A line of CODEOWNERS: who has to review a change of `pattern`. The last one that fits counts."""

    pattern: str
    teams: tuple[str, ...]
    people: tuple[str, ...]
    """E-mail addresses: the teams' members, else the teams' contacts."""


@dataclass(frozen=True, slots=True)
class Protection:
    """A rule for a branch or for tags, in words."""

    subject: str
    """`branch main`, `tags *@v*`."""
    rules: tuple[str, ...]
    """A sentence each."""


@dataclass(frozen=True, slots=True)
class Governance:
    """Reviews, branches and tags as the registry's files would have them."""

    code_owners: tuple[CodeOwners, ...]
    protections: tuple[Protection, ...]
    host_only: tuple[str, ...]
    """What no file and no run of promptreg can enforce, a sentence each."""
    notes: tuple[str, ...]


def governance(snapshot: Snapshot, prefix: str) -> Governance:
    """What the host should enforce; `prefix` is the registry's folder in the repository."""
    configuration = snapshot.configuration
    lines = tuple(_lines(snapshot, prefix))
    nobody = sorted({team for one in lines if not one.people for team in one.teams})
    notes = [f"`{team}` has no members and no e-mail address as contact" for team in nobody]
    return Governance(
        tuple(one for one in lines if one.people),
        tuple(_protections(configuration)),
        _HOST_ONLY,
        tuple(notes),
    )


_HOST_ONLY = (
    "Who somebody is: an author or approver is whoever git was told. Only a signature that the "
    "host or `signed: true` demands, and the host's own login, prove more.",
    "That reviews happen and `promptreg check` has passed before anything is merged: a local run "
    "can be left out, and whoever may push past it isn't held by any file.",
    "That history isn't rewritten, and that release tags are neither moved nor deleted.",
    "That commit dates are true: `soak:` counts the time between dates that a committer wrote.",
    "That people with the host's administration rights don't switch this off.",
)


def _lines(snapshot: Snapshot, prefix: str) -> Iterator[CodeOwners]:
    configuration = snapshot.configuration
    governors = _governors(configuration)
    own = (FILE, ".github/CODEOWNERS", configuration.allowed_signers)
    folders = dict.fromkeys((*configuration.roots, *configuration.template_roots))
    for folder in folders:  # what has no line of its own yet, such as a new prompt
        yield _line(configuration, prefix + ("" if folder == "." else f"{folder}/"), governors)
    for path, teams in sorted(_entry_files(snapshot).items()):
        yield _line(configuration, prefix + path, teams)
    yield _line(configuration, f"{prefix}{APPROVALS}/", _approvers(configuration) or governors)
    for name, rule in configuration.environments.items():
        yield _line(configuration, prefix + environment_path(name), rule.owners or governors)
    for path in filter(None, own):
        whole = path if path.startswith(".github/") else prefix + path
        yield _line(configuration, whole, governors)


def _entry_files(snapshot: Snapshot) -> dict[str, tuple[str, ...]]:
    """Manifests and templates with the owners of all entries that consist of them."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for entry in snapshot.entries.values():
        for path in entry.paths:
            found[path].add(entry.manifest.owner)
    return {path: tuple(sorted(teams)) for path, teams in found.items()}


def _line(configuration: Configuration, path: str, teams: Iterable[str]) -> CodeOwners:
    teams = tuple(dict.fromkeys(teams))
    people = dict.fromkeys(
        person
        for team in teams
        if team in configuration.owners
        for person in _people(configuration.owners[team])
    )
    return CodeOwners("/" + _ODD.sub("?", path), teams, tuple(people))


def _people(owner: Owner) -> tuple[str, ...]:
    is_address = "@" in owner.contact and not re.search(r"\s", owner.contact)
    return owner.members or ((owner.contact,) if is_address else ())


def _approvers(configuration: Configuration) -> tuple[str, ...]:
    """The teams that a gate names."""
    gates = (
        cast("dict[str, Any]", gate)
        for rule in configuration.environments.values()
        for gate in rule.approvals.values()
        if isinstance(gate, dict)
    )
    return tuple(dict.fromkeys(team for gate in gates for team in gate.get("from", ())))


def _governors(configuration: Configuration) -> tuple[str, ...]:
    """Who may change the rules: the approvers, else the owners of environments, else every team."""
    owners = (team for rule in configuration.environments.values() for team in rule.owners)
    return (
        _approvers(configuration)
        or tuple(dict.fromkeys(owners))
        or tuple(sorted(configuration.owners))
    )


def _protections(configuration: Configuration) -> Iterator[Protection]:
    main = configuration.release_branch
    yield Protection(
        f"branch {main}" if main else "the default branch",
        (
            "Changes come by pull request, with a review from code owners.",
            "A new push takes earlier reviews back.",
            "The check that runs `promptreg check` has to pass, on the merge result.",
            "No force push, no deletion, and nobody is exempt.",
        ),
    )
    line = configuration.environments_branch
    if line:
        owners = dict.fromkeys(
            team for rule in configuration.environments.values() for team in rule.owners
        )
        who = " and ".join(owners) or "the operators"
        yield Protection(
            f"branch {line}",
            (
                f"Only {who} may push, so that `promptreg rollback --push` works at night.",
                "No force push and no deletion.",
            ),
        )
    yield Protection(
        "tags *@v* and **/*@v*",
        (
            "Only those who release may create them.",
            "Nobody may move or delete them.",
        ),
    )
