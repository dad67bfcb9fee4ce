"""`bisect`: the commit that turned a prompt bad, judged by a command of the user's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from promptreg.commands.bisect_judge import Bench, Judge, cases_of
from promptreg.errors import PromptregError, UsageError
from promptreg.model.configuration import FILE
from promptreg.model.data import Json
from promptreg.registry.rendering import prompt_of
from promptreg.registry.snapshot import Loaded
from promptreg.registry.workspace import Workspace
from promptreg.releases.bisection import Bisection, Culprit, Judged, Suspect, Verdict
from promptreg.releases.comparing import compare_entries
from promptreg.releases.comparison import Fact, Point
from promptreg.releases.facts import facts_of
from promptreg.releases.followed import Ends, Held, ends_of
from promptreg.releases.halving import Course, course_of, narrowed, next_to_judge, steps_for
from promptreg.releases.ledger import releases_of, require_history
from promptreg.releases.moment import author_of, committed_at
from promptreg.store.git.commits import Commit, read_commits
from promptreg.store.git.graph import descendants, first_reached, graph
from promptreg.store.git.history import history
from promptreg.store.git.worktree import require_first_commit
from promptreg.worker.process import Worker


@dataclass(frozen=True, slots=True)
class BisectRequest:
    """What is looked for; without inputs those of the bad version's tests are taken."""

    name: str
    good: str
    bad: str
    inputs: Mapping[str, Json] | None = None


def bisect(workspace: Workspace, request: BisectRequest, judge: Judge | None) -> Bisection:
    """The first bad commit among those between good and bad that touched what the prompt reaches.

    Good and bad are judged first. Nothing is checked out. Without a judge only the candidates are
    told. Raises SelectorError, UsageError, RefusedError or GitError where there is nothing to
    look through, PromptregError where good isn't good or bad isn't bad.
    """
    require_first_commit(workspace.git)
    require_history(workspace.git)
    ends = ends_of(workspace, request.name, request.good, request.bad)
    prompt_of(ends.new.entry)
    search = _Search.over(workspace, ends)
    candidates = _suspects(search, search.course.all)
    steps = steps_for(search.course.all)
    judged: tuple[Judged, ...] = ()
    culprit, open_ = None, 0
    if judge is not None:
        with Worker() as worker:
            cases = cases_of(ends.new, request.inputs)
            bench = Bench(ends.followed, cases, judge, worker)
            _verify(search, bench)
            open_ = search.run(bench)
        judged = tuple(search.judged.values())
        if open_.bit_count() == 1:
            culprit = _culprit(workspace, search, open_)
    return Bisection(
        name=ends.new.entry.name,
        good=ends.good,
        bad=ends.bad,
        paths=tuple(sorted(search.paths)),
        candidates=candidates,
        steps=steps,
        judged=judged,
        first_bad=culprit,
        suspects=() if culprit else _suspects(search, open_),
        notes=_notes(search, culprit),
    )


def _notes(search: _Search, culprit: Culprit | None) -> tuple[str, ...]:
    own = search.judged.get(culprit.commit) if culprit else None
    if own is None or own.verdict is not Verdict.SKIP:
        return ()
    return (f"it couldn't be judged itself ({own.reason}); it is the only one that is left",)


@dataclass(slots=True)
class _Search:
    """The state of a search: which files count, which commits touched them, what was judged."""

    workspace: Workspace
    ends: Ends
    parents: Mapping[str, tuple[str, ...]]
    cleared: frozenset[str]
    paths: set[str]
    commits: dict[str, Commit] = field(default_factory=dict)
    course: Course = field(default_factory=lambda: Course((), ()))
    judged: dict[str, Judged] = field(default_factory=dict)

    @classmethod
    def over(cls, workspace: Workspace, ends: Ends) -> _Search:
        """Raises UsageError where no commit between the ends touched the prompt."""
        old, new = ends.old, ends.new
        parents = graph(workspace.git, [new.commit])
        cleared = frozenset(first_reached(parents, [old.commit]))
        paths = {*old.entry.paths, *new.entry.paths}
        roots = [held.snapshot.configuration.template_roots for held in (old, new)]
        if roots[0] != roots[1]:
            paths.add(FILE)  # which decides what a template's name means
        search = cls(workspace, ends, parents, cleared, paths)
        search._look()
        if not search.course.commits:
            raise UsageError(
                f"no commit between good and bad touched what `{new.entry.name}` reaches",
                where=f"{ends.good.label} and {ends.bad.label}",
                hint="the prompt is the same in both; something else made the difference",
            )
        return search

    def run(self, bench: Bench) -> int:
        """Judge until one suspect is left, or skipped ones keep it open; the suspects."""
        while True:
            suspects = self._narrow(bench)
            more = self._reached_between(suspects) - self.paths
            if not more:
                return suspects
            # Files that only counted for a while: what touched them is suspect too.
            self.paths |= more
            self._look()

    def _look(self) -> None:
        paths = [self.workspace.prefix + path for path in sorted(self.paths)]
        found = history(self.workspace.git, self.ends.new.commit, paths)
        self.commits |= {one.oid: one for one in found}
        self.course = course_of(self.parents, self.cleared, [one.oid for one in found])

    def _narrow(self, bench: Bench) -> int:
        course = self.course
        places = {oid: index for index, oid in enumerate(course.commits)}
        suspects, skipped = course.all, 0

        def count(one: Judged) -> None:
            nonlocal suspects, skipped
            index = places.get(one.commit)
            if index is None:
                return
            if one.verdict is Verdict.SKIP:
                skipped |= 1 << index
            else:
                is_bad = one.verdict is Verdict.BAD
                suspects = narrowed(course, suspects, index, is_bad=is_bad)

        for known in self.judged.values():
            count(known)
        while (index := next_to_judge(course, suspects, skipped)) is not None:
            commit = self.commits[course.commits[index]]
            bench.judge.tell(
                f"judging {commit.oid[:12]} {commit.subject} "
                f"({suspects.bit_count()} suspects, about {steps_for(suspects)} more to judge)"
            )
            self.judged[commit.oid] = bench.judged(commit)
            count(self.judged[commit.oid])
        return suspects

    def _reached_between(self, suspects: int) -> set[str]:
        """The files of the prompt at the one suspect and just before it."""
        if suspects.bit_count() != 1:
            return set()
        (oid,) = self.course.among(suspects)
        helds = [self.held(one) for one in (oid, *self.parents[oid])]
        return {path for held in helds if held is not None for path in held.entry.paths}

    def held(self, commit: str) -> Held | None:
        """The prompt as a commit holds it; None where it can't be loaded."""
        try:
            return self.ends.followed.at(commit)
        except PromptregError:
            return None


def _verify(search: _Search, bench: Bench) -> None:
    """Good has to be good and bad to be bad, or what is found would mean nothing."""
    ends = (search.ends.good, Verdict.GOOD), (search.ends.bad, Verdict.BAD)
    commits = read_commits(search.workspace.git, [point.commit for point, _ in ends])
    for point, wanted in ends:
        found = bench.judged(commits[point.commit])
        search.judged[point.commit] = found
        if found.verdict is not wanted:
            raise _not_so(point, wanted, found, bench.judge)


def _not_so(point: Point, wanted: Verdict, found: Judged, judge: Judge) -> PromptregError:
    what = f"`--{wanted} {point.asked}` ({point.label})"
    command = judge.program.command
    if found.verdict is Verdict.SKIP:
        return PromptregError(f"{what} can't be judged: {found.reason}", where=command)
    hint = "the command exits with 0 for good and with 1 for bad"
    if found.reason in {"exit code 126", "exit code 127"}:
        hint = "the shell says that it can't run this command"
    more = f" ({found.reason})" if found.reason else ""
    return PromptregError(
        f"{what} isn't {wanted}: the command says {found.verdict}{more}", where=command, hint=hint
    )


def _suspects(search: _Search, suspects: int) -> tuple[Suspect, ...]:
    return tuple(_suspect(search.commits[oid]) for oid in search.course.among(suspects))


def _suspect(commit: Commit) -> Suspect:
    return Suspect(commit.oid, committed_at(commit), author_of(commit), commit.subject)


def _culprit(workspace: Workspace, search: _Search, suspects: int) -> Culprit:
    (one,) = _suspects(search, suspects)
    commit = search.commits[one.commit]
    before = search.held(commit.parents[0]) if commit.parents else None
    after = search.held(commit.oid)
    base = before or search.ends.old
    released = [
        release
        for name in search.ends.followed.names
        for release in releases_of(workspace.git, name)
        if not release.problem
    ]
    later = descendants(graph(workspace.git, [one.commit for one in released]), commit.oid)
    return Culprit(
        commit=one.commit,
        date=one.date,
        by=one.by,
        subject=one.subject,
        message=commit.body,
        releases=tuple(sorted(one.version for one in released if one.commit in later)),
        compared_with=base.commit,
        changes=_facts(base, after),
    )


def _facts(base: Held, head: Held | None) -> tuple[Fact, ...]:
    """What differs between two versions of the prompt, as far as both can be read."""
    if head is None:
        return ()
    if base.entry.kind != head.entry.kind:
        return facts_of(base.entry, head.entry)
    sides = [(held.entry, Loaded(held.snapshot, ())) for held in (base, head)]
    found = compare_entries(sides[0], sides[1], frozenset())
    return found.changes if found else ()
