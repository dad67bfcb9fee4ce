"""Everything that a template reaches, and the names that all of it takes from its caller."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from promptreg.model.finding import Place
from promptreg.templates import limits
from promptreg.templates.analysis import Analysis, Reference, analyse
from promptreg.templates.names import folder_of, name_problem, resolve_name
from promptreg.templates.problem import TemplateProblem


@dataclass(frozen=True, slots=True)
class Start:
    """Where a closure begins: the file at `path`, or inline `text` of a manifest in `folder`."""

    path: str = ""
    text: str = ""
    folder: str = ""


@dataclass(frozen=True, slots=True)
class Use:
    """A name that a template takes from its caller; `path` is empty for the inline text."""

    name: str
    path: str
    place: Place


@dataclass(frozen=True, slots=True)
class Closure:
    """What a start reaches: files in sorted order, names in order of first use, and problems."""

    paths: tuple[str, ...] = ()
    variables: tuple[Use, ...] = ()
    problems: tuple[TemplateProblem, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """The names that the caller has to supply."""
        return frozenset(use.name for use in self.variables)


def closure_of(
    start: Start,
    read: Callable[[str], str | None],
    roots: tuple[str, ...] = (),
    analysis_of: Callable[[str], Analysis] = analyse,
) -> Closure:
    """Follow every literal reference from `start`.

    `read` gives the text of a path, or None where there is no such template. Names are looked up
    beside the referring file, then below `roots`. The start itself must exist. `analysis_of` is
    `analyse`, or answers as it does.
    """
    walk = _Walk(read, roots, analysis_of)
    text = read(start.path) if start.path else start.text
    if text is None:
        problem = TemplateProblem(
            "missing-template", f"there is no template `{start.path}`", Place(1, 1), key=start.path
        )
        return Closure(problems=(problem,))
    folder = folder_of(start.path) if start.path else start.folder
    walk.enter(_Stop(start.path, folder, analysis_of(text)), frozenset())
    return Closure(
        paths=tuple(sorted(walk.paths)),
        variables=tuple(walk.variables.values()),
        problems=tuple(walk.problems),
    )


@dataclass(frozen=True, slots=True)
class _Stop:
    path: str
    folder: str
    analysis: Analysis


@dataclass(slots=True)
class _Walk:
    read: Callable[[str], str | None]
    roots: tuple[str, ...]
    analysis_of: Callable[[str], Analysis]
    paths: set[str] = field(default_factory=set)
    variables: dict[tuple[str, str], Use] = field(default_factory=dict)
    problems: dict[TemplateProblem, None] = field(default_factory=dict)
    seen: set[tuple[str, frozenset[str], bool]] = field(default_factory=set)
    trail: list[str] = field(default_factory=list)
    visible: int = 0
    followed: int = 0
    is_cut: bool = False

    def enter(self, stop: _Stop, visible: frozenset[str], *, isolated: bool = False) -> None:
        """Go through one template that sees the names `visible` beside its caller's inputs.

        An isolated one, imported without context, sees no inputs at all.
        """
        key = (stop.path, visible, isolated)
        if key in self.seen:
            return
        self.seen.add(key)
        self.visible += len(visible)
        if stop.path:
            self.paths.add(stop.path)
        for problem in stop.analysis.problems:
            self._problem(replace(problem, path=stop.path))
        self._variables(stop, visible, isolated=isolated)
        self.trail.append(stop.path)
        for reference in stop.analysis.references:
            self._follow(stop, reference, visible, isolated=isolated)
        self.trail.pop()

    def _variables(self, stop: _Stop, visible: frozenset[str], *, isolated: bool) -> None:
        for name, place in stop.analysis.variables:
            if name in visible:
                continue
            if not isolated:
                self.variables.setdefault((name, stop.path), Use(name, stop.path, place))
                continue
            message = f"`{name}` is not visible to an imported template"
            fix = "import it `with context`, or pass the value to the macro"
            problem = TemplateProblem("undeclared-input", message, place, stop.path, name, fix)
            self._problem(problem)

    def _follow(
        self, stop: _Stop, reference: Reference, visible: frozenset[str], *, isolated: bool
    ) -> None:
        self.followed += 1
        if self.followed > limits.MAX_FOLLOWED:
            self._too_much(stop, reference)
            return
        target = self._target(stop, reference)
        if target is None:
            return
        if target.path in self.trail:
            self._cycle(stop, reference, target.path)
            return
        too_many = len(self.seen) > limits.MAX_VISITS or self.visible > limits.MAX_VISIBLE
        if too_many or len(self.trail) > limits.MAX_INCLUDE_DEPTH:
            self._too_much(stop, reference)
            return
        if reference.with_context:
            self.enter(target, visible | reference.visible, isolated=isolated)
        else:
            self.enter(target, frozenset(), isolated=True)

    def _too_much(self, stop: _Stop, reference: Reference) -> None:
        if self.is_cut:
            return  # said once; thousands of places wouldn't say more
        self.is_cut = True
        message = "the template reaches too many others, or nests them too deeply"
        self._problem(TemplateProblem("limit-exceeded", message, reference.place, stop.path))

    def _target(self, stop: _Stop, reference: Reference) -> _Stop | None:
        name = reference.name
        why = name_problem(name)
        if why:
            rule, message, fix = "template-not-allowed", f"`{name}` can't be used: {why}", ""
        else:
            path = resolve_name(name, stop.folder, self.roots, self._exists)
            text = None if path is None else self.read(path)
            if path is not None and text is not None:
                return _Stop(path, folder_of(path), self.analysis_of(text))
            if reference.ignore_missing:
                return None
            rule, message = "missing-template", f"there is no template `{name}`"
            looked = ", ".join(f"`{base or '.'}`" for base in (stop.folder, *self.roots))
            fix = f"looked in {looked}"
        self._problem(TemplateProblem(rule, message, reference.place, stop.path, name, fix))
        return None

    def _exists(self, path: str) -> bool:
        return self.read(path) is not None

    def _cycle(self, stop: _Stop, reference: Reference, path: str) -> None:
        ring = [*self.trail[self.trail.index(path) :], path]
        message = "templates that reach each other never end: " + " -> ".join(
            f"`{name}`" for name in ring
        )
        self._problem(
            TemplateProblem("template-cycle", message, reference.place, stop.path, reference.name)
        )

    def _problem(self, problem: TemplateProblem) -> None:
        self.problems.setdefault(problem)
