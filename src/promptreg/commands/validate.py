"""`promptreg validate`: everything that is wrong with a registry at one point."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from promptreg.checks.report import Report
from promptreg.commands.remembered import Fresh, Question, judged_anew, remembered
from promptreg.registry.workspace import Workspace
from promptreg.releases.known import KnownReleases, known_releases, releases_id
from promptreg.store.git.revisions import resolve_commit
from promptreg.store.tracked import TrackedTree
from promptreg.store.trees import Tree

if TYPE_CHECKING:
    from promptreg.model.configuration import Configuration


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked.

    `paths` (files and folders, relative to the root) narrow what is told, never what is judged;
    None means all. `revision` is a git revision, empty for the working tree; `only_tracked` leaves
    out the files there that no commit would hold.
    """

    today: date
    paths: tuple[str, ...] | None = None
    revision: str = ""
    only_tracked: bool = False
    settings: Configuration | None = None
    """Whose settings judge; None means the tree's own."""
    only: frozenset[str] | None = None
    """The ids of the findings that matter; others may be left out. None means all."""
    tested: frozenset[str] | None = None
    """The names of the entries whose tests matter; None means all that `paths` concern."""


def validate(workspace: Workspace, request: Request, *, cached: bool = False) -> Report:
    """Judge the working tree, or the revision that `request` names.

    `cached` looks into the repository's cache first and keeps the report there, or with `paths`
    only what texts say and which tests passed. Raises PromptregError where nothing can be judged:
    an unusable promptreg.yaml, an unknown revision. Whatever else is wrong is a finding.
    """
    repository = workspace.repository
    if request.revision:
        tree = workspace.revision(resolve_commit(workspace.git, request.revision))
    elif request.only_tracked:
        tree = TrackedTree(workspace.root, repository)
    else:
        tree = workspace.working_tree()
    if repository is None or not cached:
        return validate_tree(tree, request, lambda: known_releases(repository))
    question = Question(repository, tree, (request.today.isoformat(),))
    judge = partial(_fresh, workspace, request)
    return (remembered if request.paths is None else judged_anew)(question, judge)


def validate_tree(
    tree: Tree, request: Request, releases: Callable[[], KnownReleases] = KnownReleases
) -> Report:
    """Judge any tree. `releases` is asked only where something names one."""
    # Rules, Jinja and schemas take longer to import than an answer from the cache takes.
    from promptreg.commands.judged import judge_tree, report_of  # noqa: PLC0415 - see above

    judged = judge_tree(tree, request, releases)
    return report_of(judged, judged.findings, request)


def _fresh(workspace: Workspace, request: Request, tree: Tree) -> Fresh:
    # As above; these take as long.
    from promptreg.checks.involved import touches  # noqa: PLC0415
    from promptreg.checks.quiet import with_told  # noqa: PLC0415
    from promptreg.commands.judged import Earlier, judge_tree, report_of  # noqa: PLC0415
    from promptreg.commands.known_facts import known_facts  # noqa: PLC0415
    from promptreg.commands.known_prompts import known_prompts  # noqa: PLC0415
    from promptreg.commands.outcomes import keep_outcomes, known_outcomes  # noqa: PLC0415

    ids: list[str] = []
    repository = workspace.git

    def releases() -> KnownReleases:
        ids.append(releases_id(repository))
        return known_releases(repository)

    tests = known_outcomes(repository)
    with (
        known_facts(workspace, cached=True) as facts,
        known_prompts(workspace, cached=True) as quiet,
    ):
        if request.paths is None:
            quiet.tell()
        else:
            quiet.narrow(partial(touches, paths=frozenset(request.paths)))
        judged = judge_tree(tree, request, releases, Earlier(tests, facts, quiet))
        report = report_of(judged, judged.findings, request)
        if request.paths is None:
            quiet.add(with_told(judged.lone, report.findings))
    keep_outcomes(repository, tests)
    return Fresh(report, "".join(ids), is_repeatable=judged.is_repeatable)
