"""What an audit tells: one event for each change of what may run, and of who decides on it."""

from __future__ import annotations

from dataclasses import dataclass, field

KINDS = {
    "release": "a version was tagged",
    "promotion": "an environment runs a higher version, or an entry for the first time",
    "rollback": "an environment runs a lower version than before",
    "removal": "an environment doesn't run an entry any more",
    "suspension": "an entry was taken out of an environment for the time being",
    "freeze": "an environment takes no promotions, or for another reason than before",
    "unfreeze": "an environment takes promotions again",
    "approval": "a person approved some content",
    "withdrawal": "an approval was deleted, or its file says something else now",
    "lifecycle": "an entry came, went, or is in another stage of its life",
    "owner": "an entry was handed over",
    "risk": "an entry's risk is another one, and with it the gates that it meets",
    "gate": "an agent's own gate for releases changed",
    "configuration": "promptreg.yaml changed: environments, owners, waivers, and whatever else",
    "policy": "a rule of the registry's own changed",
    "signers": "the file that says whose keys count changed",
    "unreadable": "a file that counts can't be read, so what it said before went on",
}
"""Every kind of event, and what it means."""


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever git was told; only a signature proves more."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Proof:
    """The signature of a commit, a tag or an approval."""

    kind: str = ""
    """`ssh`, `openpgp`, `x509` or `other`; empty where there is none."""
    key: str = ""
    """The fingerprint of an SSH key (`SHA256:…`), as the signature itself gives it."""
    state: str = "none"
    """`none`; `verified`: a key that the registry allowed for the committer at that time;
    `wrong`: it isn't; `unverified`: nothing in the repository says whose keys count."""


@dataclass(frozen=True, slots=True)
class Approved:
    """An approval: in its own event, and where it counted for some content."""

    name: str
    email: str
    team: str
    version: str
    digest: str
    at: str
    """As its file says."""
    note: str
    proof: Proof
    path: str


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. Texts are cut at a length; what has no value is empty."""

    kind: str
    """One of KINDS."""
    name: str = ""
    """The entry, or the policy."""
    environment: str = ""
    key: str = ""
    """What changed in `path`: a section of promptreg.yaml, such as `environments.production`."""
    path: str = ""
    """The file, relative to the registry's root; empty for a release."""
    before: str = ""
    after: str = ""
    digest_before: str = ""
    digest: str = ""
    """Of the content that is released, runs, or was approved."""
    reason: str = ""
    """The trailer `Promptreg-Reason`, or what the file or the message says."""
    by_hand: bool = False
    """A command would have left trailers that tell of this very change, and there are none."""
    commit: str = ""
    """The commit of the branch that brought it; of a release the tagged one."""
    made_in: str = ""
    """The commit that was merged, where `commit` is a merge; else the same."""
    tag: str = ""
    tag_object: str = ""
    author: Person = Person("", "")
    """Of `made_in`; of a release the tagger."""
    authored: str = ""
    """ISO 8601 with a zone, as the author's clock said; never used for the order."""
    committer: Person = Person("", "")
    committed: str = ""
    merged_by: Person | None = None
    """The committer of `commit`, where that is a merge."""
    signature: Proof = Proof()
    """Of `made_in`, or of the tag."""
    policy: str = ""
    """SHA-256 over the RFC 8785 JSON of the promptreg.yaml that was in force."""
    approval: Approved | None = None
    """Of an approval and its withdrawal."""
    approvals: tuple[Approved, ...] = ()
    """Those that counted at `commit` for `digest`."""
    problem: str = ""
    """Why it can't be trusted."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A line of commits that was audited."""

    role: str
    """`registry`: manifests, approvals, promptreg.yaml; `environments`: what runs where."""
    branch: str
    """Its short name; empty where HEAD is detached."""
    commit: str


@dataclass(frozen=True, slots=True)
class Filters:
    """What was asked for; empty means everything."""

    names: tuple[str, ...] = ()
    environment: str = ""
    kinds: tuple[str, ...] = ()
    since: str = ""
    """A moment (by committer date), or a commit's id (what it doesn't reach)."""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Audit:
    """Everything that happened, oldest first by ancestry."""

    registry: str
    branches: tuple[Branch, ...]
    filters: Filters
    events: tuple[Event, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something wrong with an exported audit; `line` is 1-based."""

    line: int
    problem: str
    """`unreadable-line`, `wrong-header`, `broken-chain`, `wrong-order`, `truncated`,
    `unknown-event`, `changed-event` or `missing-event`."""
    message: str


@dataclass(frozen=True, slots=True)
class AuditCheck:
    """Whether an exported audit holds, by itself and against the repository."""

    file: str
    lines: int
    events: int
    registry: str
    made: str
    """When it says that it was made."""
    last: str
    """The hash of its last line: compare it with one that was kept elsewhere."""
    newer: int
    """Events that happened since, and that the file therefore doesn't hold."""
    flaws: tuple[Flaw, ...]
    notes: tuple[str, ...] = field(default=())
