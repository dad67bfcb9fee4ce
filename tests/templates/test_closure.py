"""What a template reaches through others."""

from __future__ import annotations

import pytest

from promptreg.model.finding import Place
from promptreg.templates.closure import Closure, Start, closure_of

ROOTS = ("partials", ".")


def close(text: str, files: dict[str, str] | None = None, folder: str = "prompts") -> Closure:
    return closure_of(Start(text=text, folder=folder), dict(files or {}).get, ROOTS)


def test_paths_of_everything_reached_in_sorted_order() -> None:
    files = {
        "prompts/b.j2": "{% include 'c.j2' %}{{ y }}",
        "partials/c.j2": "{{ z }}",
        "prompts/unused.j2": "{{ nothing }}",
        "a.j2": "{% include 'prompts/b.j2' %}{{ x }}",
    }
    closure = closure_of(Start(path="a.j2"), files.get, ROOTS)
    assert closure.problems == ()
    assert closure.paths == ("a.j2", "partials/c.j2", "prompts/b.j2")
    assert [(use.name, use.path) for use in closure.variables] == [
        ("x", "a.j2"),
        ("y", "prompts/b.j2"),
        ("z", "partials/c.j2"),
    ]


def test_the_own_folder_comes_before_the_roots() -> None:
    files = {"prompts/p.j2": "{{ near }}", "partials/p.j2": "{{ far }}", "p.j2": ""}
    assert close("{% include 'p.j2' %}", files).names == {"near"}
    assert close("{% include 'p.j2' %}", files, folder="other").names == {"far"}
    assert close("{% include 'p.j2' %}", files, folder="").paths == ("p.j2",)


def test_an_included_template_sees_what_is_set_around_it() -> None:
    files = {"partials/p.j2": "{{ a }}{{ i }}{{ b }}"}
    text = "{% set a = 1 %}{% for i in [1] %}{% include 'p.j2' %}{% endfor %}"
    assert close(text, files).names == {"b"}
    assert close("{% include 'p.j2' %}" + text, files).names == {"a", "i", "b"}
    assert close("{% include 'p.j2' without context %}", files).names == set()


def test_a_parent_sees_what_its_child_sets() -> None:
    files = {"partials/base.j2": "{{ title }}{% block body %}{{ other }}{% endblock %}"}
    text = "{% extends 'base.j2' %}{% set title = 1 %}{% block body %}{{ x }}{% endblock %}"
    assert close(text, files).names == {"other", "x"}


def test_an_import_without_context_sees_no_inputs() -> None:
    files = {"partials/m.j2": "{% macro f(a) %}{{ a }}\n{{ name }}{% endmacro %}"}
    closure = close("{% from 'm.j2' import f %}{{ f(1) }}{{ name }}", files)
    (problem,) = closure.problems
    assert (problem.rule, problem.path, problem.key) == (
        "undeclared-input",
        "partials/m.j2",
        "name",
    )
    assert problem.place == Place(2, 4)
    assert "with context" in problem.fix
    assert close("{% from 'm.j2' import f with context %}", files).problems == ()


def test_a_missing_template_is_named_where_it_is_mentioned() -> None:
    (problem,) = close("a\n {% include 'nope.j2' %}").problems
    assert (problem.rule, problem.path, problem.key) == ("missing-template", "", "nope.j2")
    assert problem.place == Place(2, 13)
    assert close("{% include 'nope.j2' ignore missing %}").problems == ()
    start = closure_of(Start(path="gone.j2"), lambda _: None, ROOTS)
    assert [problem.rule for problem in start.problems] == ["missing-template"]


@pytest.mark.parametrize("tag", ["include '{}'", "extends '{}'", "import '{}' as x"])
def test_a_cycle_is_named(tag: str) -> None:
    files = {
        "prompts/a.j2": "{% " + tag.format("b.j2") + " %}",
        "prompts/b.j2": "{% " + tag.format("a.j2") + " %}",
    }
    closure = closure_of(Start(path="prompts/a.j2"), files.get, ROOTS)
    (problem,) = closure.problems
    assert (problem.rule, problem.path) == ("template-cycle", "prompts/b.j2")
    assert "`prompts/a.j2` -> `prompts/b.j2` -> `prompts/a.j2`" in problem.message


def test_problems_of_a_reached_file_say_which_file() -> None:
    closure = close("{% include 'p.j2' %}", {"partials/p.j2": "{{ a|exec }}"})
    assert [(problem.rule, problem.path) for problem in closure.problems] == [
        ("template-not-allowed", "partials/p.j2")
    ]


def test_includes_that_fan_out_are_bounded() -> None:
    files = {
        f"prompts/{n}.j2": f"{{% set a{n} = 1 %}}{{% include '{n + 1}.j2' %}}" for n in range(60)
    }
    rules = {problem.rule for problem in closure_of(Start(path="prompts/0.j2"), files.get).problems}
    assert rules == {"limit-exceeded"}


@pytest.mark.parametrize(
    "name",
    [
        "../.git/config",
        "../private/notes.txt",
        "/etc/passwd.txt",
        "~/x.j2",
        "-x.j2",
        "http://example.com/x.j2",
        "x\\u0000.j2",
        "CON.txt",
        ":(glob)**.j2",
        "a" * 4000 + ".j2",
        "．．/．．/x.j2",
        ".git/x.j2",
        "a//b.j2",
        "./a.j2",
        "a./b.j2",
        "c:/x.j2",
        "config",
        "secrets.yaml",
        "",
    ],
)
def test_names_that_leave_the_templates_are_refused(name: str) -> None:
    asked: list[str] = []

    def read(path: str) -> str | None:
        asked.append(path)
        return ""

    closure = closure_of(Start(text="{% include '" + name + "' ignore missing %}"), read, ROOTS)
    assert [problem.rule for problem in closure.problems] == ["template-not-allowed"]
    assert asked == []


def test_references_that_multiply_end() -> None:
    files = {f"t{one}.txt": f"{{% include 't{one + 1}.txt' %}}" * 400 for one in range(60)}
    found = closure_of(Start(path="t0.txt"), files.get)
    assert [one.rule for one in found.problems] == ["limit-exceeded"]


def test_names_that_add_up_end() -> None:
    files = {
        f"t{one}.txt": "".join(f"{{% set v{one}_{name} = 1 %}}" for name in range(4_000))
        + f"{{% include 't{one + 1}.txt' %}}"
        for one in range(30)
    }
    found = closure_of(Start(path="t0.txt"), files.get)
    assert [one.rule for one in found.problems] == ["limit-exceeded"]
