"""Who may decide, and what was approved, as it stands at one commit after the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, cast

from promptreg.checks.approvals import Content, judged_approvals
from promptreg.errors import PromptregError
from promptreg.model.approval import NAMESPACE, Approval
from promptreg.model.audit import Approved, Proof
from promptreg.model.canonical import canonical_digest
from promptreg.model.configuration import Configuration, parse_configuration
from promptreg.ops.audit.signatures import Judge
from promptreg.ops.audit.steps import REGISTRY, SIGNERS, Step
from promptreg.ops.audit.wording import kept
from promptreg.registry.workspace import Workspace
from promptreg.releases.approvals import Recorded, Signed
from promptreg.releases.authors import authors_of
from promptreg.releases.resolve import load_release
from promptreg.releases.tag import Release
from promptreg.store.git.tree_reader import TreeReader

_SIGNED = {
    "none": Signed.NO,
    "verified": Signed.VERIFIED,
    "unverified": Signed.UNVERIFIED,
    "wrong": Signed.WRONG,
}


@dataclass(frozen=True, slots=True)
class Rules:
    """What promptreg.yaml and the signers' file say at some commit."""

    configuration: Configuration = field(default_factory=Configuration)
    digest: str = ""
    """Empty before the first promptreg.yaml."""
    allowed: bytes | None = None
    """The signers' file; None where none is named."""


class Authority:
    """Follows the registry's branch: `follow` each step, then ask for what counted there."""

    def __init__(
        self,
        workspace: Workspace,
        releases: Mapping[str, Sequence[Release]],
        judge: Judge,
        trees: TreeReader,
    ) -> None:
        self._workspace = workspace
        self._releases = releases
        self._judge = judge
        self._trees = trees
        self._signers: dict[str, bytes] = {}
        self._approvals: defaultdict[str, dict[str, Approval]] = defaultdict(dict)
        self._authors: dict[tuple[str, str], frozenset[str] | None] = {}
        self.before = Rules()
        """As they stood before the step that was followed last: what it is judged by."""
        self.now = Rules()

    def follow(self, step: Step) -> None:
        """Take in what a commit says."""
        self.before = self.now
        for kind, path, document in step.documents:
            if kind == REGISTRY:
                self.now = _rules(document)
            elif kind == SIGNERS:
                self._signers |= {path: document or b""}
            else:
                self._approve(path, document or {})
        named = self.now.configuration.allowed_signers
        self.now = replace(self.now, allowed=self._signers.get(named, b"") if named else None)
        if not self.before.digest:
            self.before = replace(self.now, allowed=None)  # nobody counted before the first

    def settle(self) -> None:
        """Go on to what comes after the step: it is judged by what the step says."""
        self.before = self.now

    def _approve(self, path: str, facts: Mapping[Any, Approval]) -> None:
        folder = path.partition("/")[2].rpartition("/")[0]
        self._approvals[folder].pop(path, None)
        for approval in facts.values():
            self._approvals[folder][path] = approval

    def counted(self, name: str, version: str, digest: str) -> tuple[Approved, ...]:
        """The approvals of a release that count here, by path: by members, not by its authors.

        None of a release whose tag is missing or broken.
        """
        own = {
            path: approval
            for path, approval in sorted(self._approvals[name].items())
            if approval.digest == digest
        }
        authors = self._authors_of(name, version, digest) if own else None
        if authors is None:
            return ()
        proofs = {path: self.proof(approval) for path, approval in own.items()}
        recorded = (
            Recorded(path, approval, "", _SIGNED[proofs[path].state])
            for path, approval in own.items()
        )
        content = Content(name, digest, authors)
        judged = judged_approvals(recorded, content, self.before.configuration.owners)
        paths = [one.recorded.path for one in judged if not one.reason]
        return tuple(self.told(path, own[path], proofs[path]) for path in paths)

    def told(self, path: str, approval: Approval, proof: Proof | None = None) -> Approved:
        """An approval for people."""
        return Approved(
            kept(approval.by_name),
            kept(approval.by_email),
            approval.team,
            approval.version,
            approval.digest,
            kept(approval.at),
            kept(approval.note),
            proof or self.proof(approval),
            path,
        )

    def proof(self, approval: Approval) -> Proof:
        """Whether the signature of an approval holds, by those whose keys count."""
        identity = (approval.by_email, NAMESPACE)
        moment = _moment(approval.at)
        return self._judge.approval(
            (approval.signature, approval.signed), identity, moment, self.before.allowed
        )

    def _authors_of(self, name: str, version: str, digest: str) -> frozenset[str] | None:
        if (name, version) not in self._authors:
            self._authors[name, version] = self._found_authors(name, version, digest)
        return self._authors[name, version]

    def _found_authors(self, name: str, version: str, digest: str) -> frozenset[str] | None:
        known = tuple(self._releases.get(name, ()))
        release = next((one for one in known if str(one.version) == version), None)
        if release is None or release.problem or release.digest != digest:
            return None
        try:
            entry = load_release(self._workspace, release, self._trees).entry
            return authors_of(
                self._workspace, entry, release.commit, known, release.version, trees=self._trees
            )
        except PromptregError:
            return None


def _rules(document: Any) -> Rules:
    if document is None:
        return Rules()
    return Rules(parse_configuration(cast("Any", document)), canonical_digest(document))


def _moment(text: str) -> int | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
