"""Pushing what was made. A push that is refused leaves nothing behind that others contradict."""

from __future__ import annotations

from collections.abc import Iterator

from promptreg.errors import GitError, PromptregError, RefusedError
from promptreg.model.version import Version
from promptreg.registry.workspace import Workspace
from promptreg.releases.plan import CommitFiles, CreateTag, Plan
from promptreg.releases.races import who_moved
from promptreg.releases.tag import PREFIX, parse_tag_name
from promptreg.releases.unfinished import Made, forget, move_refs, put_files, remember
from promptreg.store.git.changes import changed_paths
from promptreg.store.git.commits import Signature, rev_list, trailers
from promptreg.store.git.config import remotes
from promptreg.store.git.fetch import fetch, fetched_tip
from promptreg.store.git.listing import blobs_of
from promptreg.store.git.push import push, push_command
from promptreg.store.git.refs import refs_at
from promptreg.store.git.remote_tags import remote_tags
from promptreg.store.git.repository import Repository, head
from promptreg.store.git.revisions import is_ancestor
from promptreg.store.git.staging import Replaced, require_clean
from promptreg.store.git.transaction import MovedError, RefUpdate, update_refs

_LEDGER = ("environments/", "approvals/")


def require_known_releases(repo: Repository, remote: str, plan: Plan) -> None:
    """Refuse to release an entry of which the remote has releases that aren't known here.

    Asks the remote. Two releases of other versions are two refs, so no push would be refused.
    """
    names = {step.release.name for step in plan.steps if isinstance(step, CreateTag)}
    if not names or remote not in remotes(repo):
        return
    here = refs_at(repo, PREFIX.rstrip("/"))
    for ref, oid in sorted(remote_tags(repo, remote).items()):
        tag = parse_tag_name(ref.removeprefix(PREFIX))
        if tag is not None and tag[0] in names and here.get(ref) != oid:
            what = "is another one there" if ref in here else "isn't known here"
            raise RefusedError(
                f"the release {tag[1]} of `{tag[0]}` {what}; nothing was changed",
                where=f"{remote}: {ref}",
                hint=f"`git fetch --tags {remote}`, look at what changed, and release again",
            )


def publish(
    workspace: Workspace,
    remote: str,
    plan: Plan,
    made: Made,
    by: Signature,
    *,
    carried: tuple[str, ...],
) -> None:
    """Push the refs of `made`, all or none, with the tags of the releases that it names.

    `carried` are other refs that go with them.

    A refused push is taken back here. MovedError means that the branch here has been brought up to
    the remote's, whose new commits only moved environments: the plan may be made anew. RefusedError
    names who was faster, or what to do. GitError, where nobody knows whether the push arrived, leaves
    what was made in place.
    """
    refs = [*(one.name for one in made.updates), *carried]
    try:
        push(workspace.git, remote, [*refs, *_named(workspace.git, plan)])
    except RefusedError as refused:
        if not _take_back(workspace.git, plan, made, by):
            raise _here_only(refused, remote, refs) from None
        _explain(workspace, remote, plan, by, refused)
    except PromptregError as problem:
        forget(workspace.git)
        raise _here_only(problem, remote, refs) from None


def carried_branch(repo: Repository, remote: str, plan: Plan) -> tuple[str, ...]:
    """The checked-out branch, where it has to be pushed along with the plan's releases.

    It does where it holds a commit that is released and that the remote isn't known to have: a tag
    on a commit of no branch would be lost by the next rebase.
    """
    now = head(repo)
    commits = {step.release.commit for step in plan.steps if isinstance(step, CreateTag)}
    if not commits or not now.branch or remote not in remotes(repo):
        return ()
    known = tuple(refs_at(repo, f"refs/remotes/{remote}").values())
    own = [one for one in commits if rev_list(repo, one, excluding=known, limit=1)]
    return (now.branch,) if any(is_ancestor(repo, one, now.commit) for one in own) else ()


def _named(repo: Repository, plan: Plan) -> list[str]:
    """The tags that the plan's releases, pins and promotions name, and those below them.

    They may be here only, and whoever fetches the rest would miss them: a release names the one
    before it, an environment what runs in it.
    """
    highest: dict[str, Version] = {}
    for name, version in _releases_in(plan):
        known = highest.get(name)
        highest[name] = version if known is None or known.rank() < version.rank() else known
    patterns = [f"{PREFIX}{name}@v*" for name in highest]
    made = {step.ref for step in plan.steps if isinstance(step, CreateTag)}
    found = []
    for ref in sorted(refs_at(repo, *patterns)) if patterns else ():
        tag = parse_tag_name(ref.removeprefix(PREFIX))
        if tag and tag[0] in highest and tag[1].rank() <= highest[tag[0]].rank():
            found.append(ref)
    return [ref for ref in found if ref not in made]


def _releases_in(plan: Plan) -> Iterator[tuple[str, Version]]:
    for step in plan.steps:
        if isinstance(step, CreateTag):
            yield step.release.name, step.release.version
            tags = [f"{pin.name}@v{pin.version}" for pin in step.release.pins]
        elif isinstance(step, CommitFiles):
            moved = [value for key, value in trailers(step.message) if key == "Promptreg-Move"]
            tags = [f"{one.partition(' ')[0]}@v{one.rpartition(' -> ')[2]}" for one in moved]
        else:
            tags = []
        yield from (named for tag in tags if (named := parse_tag_name(tag)) is not None)


def _take_back(repo: Repository, plan: Plan, made: Made, by: Signature) -> bool:
    """Put the refs and files back where they were; False where they have moved on since."""
    back = [one.back for one in made.updates]
    try:
        update_refs(repo, back, by=by, reason=f"promptreg: take back {plan.title}")
        put_files(repo, Made((), tuple(one.back for one in made.files), made.staged))
    except MovedError:
        forget(repo)
        return False
    forget(repo)
    return True


def _explain(
    workspace: Workspace, remote: str, plan: Plan, by: Signature, refused: RefusedError
) -> None:
    """Raise what is to be said of a refused push; MovedError after catching up with the remote."""
    repo = workspace.git
    steps = [step for step in plan.steps if isinstance(step, CommitFiles)]
    taken_back = RefusedError(
        f"{refused.what}; what was made here was taken back",
        where=remote,
        hint="`git pull --rebase` where the remote has newer commits; then run the command again",
    )
    try:
        fetch(repo, remote)
        tips = {step.ref: fetched_tip(repo, remote, step.ref) for step in steps}
        if len(plan.steps) == len(steps) == 1 and _catch_up(
            workspace, steps[0], tips[steps[0].ref], by
        ):
            raise MovedError(taken_back.what, where=remote, hint=taken_back.hint)
        others = who_moved(workspace, plan, tips)
    except GitError:
        raise taken_back from None
    raise others or taken_back


def _catch_up(workspace: Workspace, step: CommitFiles, tip: str, by: Signature) -> bool:
    """Fast-forward the branch to the remote's, where that is harmless; whether it was done.

    In the checked-out branch only files of the ledger may change, and none that a person edits.
    """
    repo = workspace.git
    if not tip or tip == step.parent or not is_ancestor(repo, step.parent, tip):
        return False
    paths = changed_paths(repo, step.parent, tip)
    here = head(repo).branch == step.ref
    ledger = tuple(workspace.prefix + folder for folder in _LEDGER)
    if here and not all(path.startswith(ledger) for path in paths):
        return False
    old, new = blobs_of(repo, step.parent, paths), blobs_of(repo, tip, paths)
    files = tuple(Replaced(path, old.get(path, ""), new.get(path, "")) for path in paths)
    try:
        if here:
            require_clean(repo, paths)
    except PromptregError:
        return False
    update = RefUpdate(step.ref, tip, step.parent)
    made = Made((update,), files if here else ())
    remember(repo, "", Plan("take over the remote's commits", ()), made)
    move_refs(repo, made, by=by, reason="promptreg: fast-forward")
    put_files(repo, made)
    forget(repo)
    return True


def _here_only(problem: PromptregError, remote: str, refs: list[str]) -> GitError:
    """What was made is known to nobody else yet, as far as one can tell from here."""
    names = ", ".join(one.removeprefix("refs/tags/").removeprefix("refs/heads/") for one in refs)
    return GitError(
        f"{problem.what}; {names} may exist in this repository only",
        where=remote,
        hint=f"when the remote is ready: `{push_command(remote, refs)}`",
    )
