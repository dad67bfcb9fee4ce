"""What a prompt's templates reach."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from promptreg.model.data import Route
from promptreg.model.finding import Place
from promptreg.model.names import nearest
from promptreg.model.prompt import Prompt
from promptreg.registry.texts import TemplateTexts
from promptreg.templates.analysis import Analysis
from promptreg.templates.closure import Closure, Start, closure_of
from promptreg.templates.names import folder_of, name_problem, resolve_name
from promptreg.templates.problem import TemplateProblem


@dataclass(frozen=True, slots=True)
class Reached:
    """A prompt's closure, per template and as a whole."""

    templates: Mapping[str, str]
    resolved: Mapping[str, str]
    """`template:` as written to the path that it means."""
    closures: Mapping[Route, Closure]
    unresolved: Mapping[Route, TemplateProblem]
    """What is wrong with a `template:` that leads nowhere."""


def reach(
    path: str,
    prompt: Prompt,
    texts: TemplateTexts,
    roots: tuple[str, ...],
    analysis_of: Callable[[str], Analysis],
) -> Reached:
    """Follow every template of the prompt whose manifest lies at `path`."""
    folder = folder_of(path)
    closures: dict[Route, Closure] = {}
    resolved: dict[str, str] = {}
    unresolved: dict[Route, TemplateProblem] = {}
    for source in prompt.sources():
        if source.file is None:
            start = Start(text=source.inline or "", folder=folder)
        elif problem := name_problem(source.file):
            unresolved[source.route] = _problem("template-not-allowed", problem, source.file)
            continue
        else:
            found = resolve_name(source.file, folder, roots, texts.exists)
            if found is None or texts.get(found) is None:
                unresolved[source.route] = _missing(source.file, found, folder, texts)
                continue
            resolved[source.file] = found
            start = Start(path=found)
        closures[source.route] = closure_of(start, texts.get, roots, analysis_of)
    paths = sorted({one for closure in closures.values() for one in closure.paths})
    templates = {one: text for one in paths if (text := texts.get(one)) is not None}
    return Reached(templates, resolved, closures, unresolved)


def _missing(name: str, found: str | None, folder: str, texts: TemplateTexts) -> TemplateProblem:
    if found is not None:
        return _problem("missing-template", f"the template `{found}` can't be used", name)
    prefix = folder + "/" if folder else ""
    beside = [path.removeprefix(prefix) for path in texts.below(folder)]
    near = nearest(name, beside, most=1)
    fix = f"did you mean `{near[0]}`?" if near else "it is looked up beside the manifest"
    return _problem("missing-template", f"there is no template `{name:.200}`", name, fix)


def _problem(rule: str, message: str, key: str, fix: str = "") -> TemplateProblem:
    return TemplateProblem(rule, message, Place(1, 1), key=key, fix=fix)
