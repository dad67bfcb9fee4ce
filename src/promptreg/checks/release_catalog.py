"""The findings of `verify` and `lock --check`: what each means."""

from __future__ import annotations

from promptreg.checks.rule import Description
from promptreg.model.finding import Severity

_COMPARE = (
    "Compare the tag with another clone (`promptreg verify --remote origin`) and put the right "
    "one back."
)


def _release(id_: str, summary: str, why: str, fix: str = _COMPARE) -> Description:
    return Description(id_, Severity.ERROR, "0.1", summary, why, fix, is_fixed=True)


def _lowerable(id_: str, severity: Severity, summary: str, why: str, fix: str) -> Description:
    return Description(id_, severity, "0.1", summary, why, fix)


LEDGER = (
    _release(
        "broken-chain",
        "A release's `Promptreg-Previous` doesn't name the release before it.",
        "Each release names the tag object of the one before it. Where that leads nowhere, to "
        "another entry or to something that is no release, one of them isn't what was released.",
    ),
    _release(
        "deleted-release",
        "A later release names a release that has no tag any more.",
        "What was released stays: somebody may run it, and the history of an entry has a hole.",
        "Put the tag back with the command that the finding shows.",
    ),
    _release(
        "digest-mismatch",
        "The files of a release's commit aren't what its tag promises.",
        "The tag was moved or made anew, or its commit holds another prompt. It is not served.",
    ),
    _lowerable(
        "forked-chain",
        Severity.ERROR,
        "A release names an earlier one than the one before it as its predecessor.",
        "Either two clones released at once without knowing of each other, or a tag was put in by "
        "hand: no later release names the ones between.",
        "See who made them. Where both are genuine, `severity: {forked-chain: warning}` in "
        "promptreg.yaml accepts it; `promptreg release --push` avoids it.",
    ),
    _release(
        "grafted-history",
        "`.git/info/grafts` gives a commit other parents than it has.",
        "Other tools show a history that isn't the one that is stored. promptreg looks past it.",
        "Remove the file.",
    ),
    _release(
        "incomplete-clone",
        "The clone lacks tags, objects or a branch that are needed.",
        "What isn't here can't be verified, and an empty answer would look like a good one.",
        "Run the command that the finding shows.",
    ),
    _release(
        "lightweight-release",
        "A release's ref leads to no tag object.",
        "A lightweight tag has no message, digest or author. `promptreg release` never makes one.",
    ),
    _release(
        "misnamed-release",
        "A release's ref and the name in its tag object differ.",
        "The genuine tag of one release would pass, with its signature, as another one.",
    ),
    _release(
        "missing-object",
        "An object that a release consists of is missing or corrupt.",
        "It can't be read, so it can't be served or verified.",
        "`git fsck` names what is broken; another clone has it.",
    ),
    _lowerable(
        "outdated-lock",
        Severity.WARNING,
        "A selector in the lock means another release now.",
        "What is locked is served still; a newer release, or another one in the environment, isn't.",
        "`promptreg lock` writes what selectors mean now.",
    ),
    _release(
        "release-not-of-commit",
        "A release's tag is the tag of something else than a commit.",
        "Only a commit holds the files of a release.",
    ),
    _release(
        "remote-differs",
        "A remote has another tag object under a release's name, or a release that isn't here.",
        "One of the two was made anew or deleted. A plain fetch keeps yours and says nothing.",
        "Find out which one is right before either is trusted.",
    ),
    _release(
        "replaced-object",
        "`refs/replace/` makes git show one object in the place of another.",
        "People and other tools would review other bytes than those that are released. promptreg "
        "reads the true ones.",
        "Delete the ref: `git replace -d OBJECT`.",
    ),
    _release(
        "replaced-release",
        "A release's tag was made anew: a later release or a lock names another tag object.",
        "Its message, author, date or content differ from what was released.",
        "Put the tag object back with the command that the finding shows.",
    ),
    _release(
        "shallow-history",
        "The clone is shallow.",
        "Chains, branches and the history of environments can't be followed; nothing is guessed.",
        "`git fetch --unshallow --tags`; in CI check out with the whole history.",
    ),
    _lowerable(
        "unknown-past-release",
        Severity.ERROR,
        "The history of an environment names a release that has no tag.",
        "It ran once, so it was released; since then its tag was deleted, or isn't fetched. Where "
        "the version was a slip in an edit by hand, the history keeps it.",
        "`git fetch --tags`. For a slip: `severity: {unknown-past-release: warning}` in "
        "promptreg.yaml.",
    ),
    _release(
        "unknown-signer",
        "A release is signed by a key that nothing here says counts.",
        "Anybody can sign. `signed_releases: true` asks for a key of somebody who may release.",
        "Add the key to the file that `allowed_signers:` in promptreg.yaml names, or import the GPG "
        "key; if nobody knows it, find out who made the tag.",
    ),
    _lowerable(
        "unpublished-release",
        Severity.WARNING,
        "A release isn't on the remote that was compared.",
        "It isn't pushed yet, or it was deleted there.",
        "Push it with the command that the finding shows.",
    ),
    _lowerable(
        "unreachable-release",
        Severity.ERROR,
        "A release's commit isn't on the release branch, or on any branch where none is named.",
        "It isn't part of the history that people review: that was rewritten, or the tag was moved.",
        "Merge the branch of a hot fix; else compare the tag with another clone.",
    ),
    _release(
        "unreadable-ref",
        "git can't read a ref: its file is empty or holds no id.",
        "What it led to is hidden, and looks as if it were not there.",
        "Delete the ref's file and fetch the ref again.",
    ),
    _release(
        "unreadable-release",
        "A tag has the name of a release, and isn't in the form that `release` writes.",
        "Without a digest, a bump and its place in the chain nothing can be verified. It is not "
        "served.",
    ),
    _release(
        "unsigned-release",
        "A release isn't signed, and `signed_releases: true` asks for it.",
        "Whoever may push tags can make one that looks like a release. Releases below the first that "
        "is signed, or whose own commit asks for it, are told in a note.",
        "See who made it. A tag is never signed anew: release again, signed, under a higher version.",
    ),
    _release(
        "wrong-bump",
        "A release's `Promptreg-Bump` isn't the step from the version before it.",
        "`release` writes what it counted; the tag was edited.",
    ),
    _release(
        "wrong-lock",
        "An entry of the lock contradicts itself or the tag that it names.",
        "The lock was edited by hand.",
        "`promptreg lock` writes what selectors mean now.",
    ),
    _lowerable(
        "wrong-past-digest",
        Severity.ERROR,
        "The history of an environment remembers a release with another digest than its tag.",
        "What ran under that version is not what the tag says now: it was made anew.",
        "Compare the tag with another clone. Where the digest was a slip in an edit by hand: "
        "`severity: {wrong-past-digest: warning}` in promptreg.yaml.",
    ),
    _release(
        "wrong-pin",
        "What an agent's release pins doesn't fit its manifest or the releases that it names.",
        "The agent would run with other prompts than it was released with.",
    ),
    _release(
        "wrong-signature",
        "A release's signature doesn't hold.",
        "The tag was edited after it was signed, or its key was revoked.",
    ),
)
