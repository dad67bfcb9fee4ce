"""One template text read with Jinja's own parser: the names it takes, the files it reaches, its faults."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice

from jinja2 import TemplateSyntaxError, nodes

from promptreg.model.finding import Place
from promptreg.templates import limits
from promptreg.templates.analysed import Analysis, Reference
from promptreg.templates.environment import compiler
from promptreg.templates.gate import gate_problems
from promptreg.templates.places import Places
from promptreg.templates.problem import TemplateProblem
from promptreg.templates.scope import Found, Reaching, find_names


def analyse_whole(source: str) -> Analysis:
    """The facts about a text of a permitted size. Never raises, and evaluates nothing of it."""
    places = Places(source)
    try:
        tree = compiler().parse(source)
    except (OSError, ImportError):  # a fault of this process, no verdict on the text
        raise
    except Exception as error:  # Jinja leaks ValueError, RecursionError and others
        return Analysis(problems=(_syntax_problem(error, places),))
    named = islice(gate_problems(tree, places), limits.MAX_PROBLEMS)
    problems = sorted(named, key=_position)
    if problems:
        return Analysis(problems=tuple(problems))
    return _facts(tree, places)


def _position(problem: TemplateProblem) -> tuple[int, int]:
    return problem.place.line, problem.place.column


def _facts(tree: nodes.Template, places: Places) -> Analysis:
    found = find_names(tree)
    if found.excess is not None:
        message = f"its references see more than {limits.MAX_VISIBLE} names in all"
        place = places.of(found.excess.lineno)
        return Analysis(problems=(TemplateProblem("template-not-allowed", message, place),))
    return Analysis(
        variables=_placed(found, tree, places),
        assigned=frozenset(found.top.names - {"self"}),
        references=tuple(_reference(node, visible, places) for node, visible in found.references),
        literals=tuple(_literals(tree, places)),
        problems=tuple(_compiling_problems(tree, places)),
    )


def _placed(found: Found, tree: nodes.Template, places: Places) -> tuple[tuple[str, Place], ...]:
    """The free names with their places: the same name may stand on that line for something else."""
    before: dict[int, int] = {}
    seen: Counter[tuple[str, int]] = Counter()
    for node in _named(tree):
        before[id(node)] = seen[node.name, node.lineno]
        seen[node.name, node.lineno] += 1
    placed = [
        (name, places.of(node.lineno, name, skip=before[id(node)]))
        for name, node in found.free.items()
    ]
    return tuple(sorted(placed, key=lambda item: (item[1].line, item[1].column, item[0])))


def _named(tree: nodes.Template) -> list[nodes.Name | nodes.NSRef]:
    found = tree.find_all((nodes.Name, nodes.NSRef))
    return [node for node in found if isinstance(node, (nodes.Name, nodes.NSRef))]


def _reference(node: Reaching, visible: frozenset[str], places: Places) -> Reference:
    kinds = {nodes.Include: "include", nodes.Import: "import", nodes.FromImport: "from"}
    assert isinstance(node.template, nodes.Const)  # noqa: S101 - the gate has seen to it
    name = node.template.value
    return Reference(
        kind=kinds.get(type(node), "extends"),
        name=name,
        place=places.of(node.template.lineno, f"'{name}'" if "'" not in name else name),
        with_context=getattr(node, "with_context", True),
        ignore_missing=getattr(node, "ignore_missing", False),
        visible=visible - {"self", "super", "loop", "caller", "kwargs", "varargs"},
    )


def _literals(tree: nodes.Template, places: Places) -> Iterator[tuple[str, Place]]:
    for node in tree.find_all(nodes.Const):
        value = node.value
        if isinstance(value, str) and not value.replace("\n", "").replace("\t", "").isprintable():
            yield value, places.of(node.lineno)


def _compiling_problems(tree: nodes.Template, places: Places) -> Iterator[TemplateProblem]:
    """What only the code generator refuses: blocks defined twice, misplaced `extends`."""
    unsure = (nodes.Block, nodes.Extends, nodes.CallBlock, nodes.AssignBlock, nodes.Macro)
    if not any(True for _ in tree.find_all(unsure)):
        return
    try:
        compiler().compile(tree, raw=True)
    except (OSError, ImportError):
        raise
    except Exception as error:  # even an AssertionError of Jinja's is a fault of the text
        yield _syntax_problem(error, places)


def _syntax_problem(error: Exception, places: Places) -> TemplateProblem:
    if isinstance(error, TemplateSyntaxError):
        message = (error.message or "this can't be read").rstrip(".")
        return TemplateProblem("template-syntax", message, places.of(error.lineno))
    if isinstance(error, RecursionError):
        message = "the template is nested too deeply"
        return TemplateProblem("template-not-allowed", message, Place(1, 1))
    message = f"the template can't be read: {error}" if str(error) else "the template can't be read"
    return TemplateProblem("template-syntax", message, Place(1, 1))
