"""Facts that are moved from one text to another of the same tags, against each text read whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from promptreg.model.finding import Place
from promptreg.templates.analysis import Reference
from promptreg.templates.skeleton import analyse_by_skeleton
from promptreg.templates.whole_analysis import analyse_whole

ROOT = Path(__file__).parents[2]
DATA = st.sampled_from(
    [
        "%}",
        "a = b",
        "'",
        '"',
        "",
        "",
        " ",
        "a",
        "b.j2 'b.j2' {",
        "x }} y",
        "\n",
        "\n\n",
        "text\n",
        "\n  ",
        "a\nb",
        "ü\n\n a",
    ]
)
NAMES = st.sampled_from(["a", "b", "loop", "range", "teams", "j2", "x"])
FILES = st.sampled_from(["b.j2", "teams/a.j2", "x", "promptreg-file-1", "a/../b.j2", "-"])
EXPRESSIONS = st.recursive(
    NAMES
    | st.sampled_from(["'x'", '"a }} b"', "1.5", "none", "'a'.b", "a.b", "'\\u200b'", "{'a': b}"]),
    lambda inner: st.one_of(
        st.builds("{} ~ {}".format, inner, inner),
        st.builds("({}\n + {})".format, inner, inner),
        st.builds("[{}, {}]".format, inner, inner),
        st.builds("f({}, a={})".format, inner, inner),
        st.builds("{} | replace('a', {})".format, inner, inner),
        st.builds("{} if {} else {}".format, inner, inner, inner),
    ),
    max_leaves=4,
)
SIGNS = st.sampled_from(["", "-", "+"])
TAGS = st.one_of(
    st.builds("{{{{{}{} }}}}".format, st.sampled_from([" ", "- ", "\n"]), EXPRESSIONS),
    st.builds("{{%{} set {} = {} -%}}".format, SIGNS, NAMES, EXPRESSIONS),
    st.builds("{{%{} include '{}' %}}".format, SIGNS, FILES),
    st.builds('{{% include "{}" ignore missing without context {}%}}'.format, FILES, SIGNS),
    st.builds('{{% include "{}" if {} %}}'.format, FILES, NAMES),
    st.builds("{{% from '{}' import {} as {} with context %}}".format, FILES, NAMES, NAMES),
    st.builds('{{% import "{}" as {} -%}}'.format, FILES, NAMES),
    st.builds('{{%{} extends "{}" %}}'.format, SIGNS, FILES),
    st.builds("{{% extends '{}' {}%}}".format, FILES, SIGNS),
    st.sampled_from(["{# a note #}", "{#- {{ a }} -#}", "{##}", "{# 'b.j2'\n#}"]),
    st.sampled_from(["{% raw %}", "{% endraw %}", "{%raw%}", "{{", "{%", "{#", "{{ a", "{{ ( }}"]),
    st.sampled_from(["{{ ) }}", "{% include 'promptreg\\x2dfile-1' %}", "{{ a }", "{{ '}}' }}"]),
    st.sampled_from(["{{ 'x }}", "{% nothing %}", "{{ }}", "{%\n%}"]),
)  # fmt: skip


def _blocks(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("{}{}".format, inner, inner),
        st.builds("{}{}{}".format, inner, DATA, inner),
        st.builds("{{% if {} %}}{}{{% else -%}}{}{{% endif %}}".format, EXPRESSIONS, inner, inner),
        st.builds("{{% for {} in {} %}}{}{{%- endfor %}}".format, NAMES, EXPRESSIONS, inner),
        st.builds("{{% block {} %}}{}{{% endblock %}}".format, NAMES, inner),
        st.builds("{{% macro f({}) %}}{}{{% endmacro %}}".format, NAMES, inner),
        st.builds("{{% set {} %}}{}{{% endset %}}".format, NAMES, inner),
        st.builds("{{% call({}) f(a) %}}{}{{% endcall %}}".format, NAMES, inner),
        st.builds("{{% with {} = {} %}}{}{{% endwith %}}".format, NAMES, EXPRESSIONS, inner),
    )


TEXTS = st.recursive(st.builds("{}{}{}".format, DATA, TAGS, DATA), _blocks, max_leaves=12)


@given(TEXTS)
@settings(deadline=None, max_examples=400)
@example('\n{% include "a/b.j2" %}\n{{ a }}\n{{ a }}')
@example("{% extends 'a.j2' %}\n{% extends 'b.j2' %}\n{% block a %}{% endblock %}")
@example("{{ a }}\n{% include 'a.j2' %}\n{% include 'a.j2' %}{{ a }}")
@example("{% include 'promptreg\\x2dfile-1' %}\n{% include 'b.j2' %}")
@example("{% include 'b.j2' %}{% include 'promptreg\\x2dfile-1' %}")
@example("{% extends 'a.j2' %}{% block b %}\r\n{{ a }}{% endblock %}")
@example("{{ a\n}}{% include 'a.j2' %}\n")
def test_a_text_says_the_same_whichever_way_it_is_read(source: str) -> None:
    assert analyse_by_skeleton(source) in (None, analyse_whole(source))


@given(st.lists(st.tuples(DATA, TAGS), max_size=6), DATA)
@settings(deadline=None, max_examples=400)
def test_so_does_any_row_of_tags(pieces: list[tuple[str, str]], end: str) -> None:
    source = "".join(data + tag for data, tag in pieces) + end
    assert analyse_by_skeleton(source) in (None, analyse_whole(source))


def _texts() -> Iterator[Path]:
    for folder in ("examples", "tests/cases", "docs", "integrations"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".j2", ".jinja", ".jinja2", ".md", ".txt", ".yaml"):
                yield path


def test_the_texts_of_this_repository_say_the_same() -> None:
    read = [path.read_bytes().decode("utf-8", "replace") for path in _texts()]
    texts = [text for text in read if "{" in text]
    assert len(texts) > 100
    for text in texts:
        assert analyse_by_skeleton(text) in (None, analyse_whole(text))


def test_examples_are_not_read_one_by_one() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "examples").rglob("*.j2")]
    one_by_one = [text for text in texts if analyse_by_skeleton(text) is None]
    assert len(one_by_one) * 10 < len(texts)


def test_places_move_with_the_tags() -> None:
    before = analyse_by_skeleton("Hello {{ name }}\n{% include 'a.j2' %}\n{{ name }} {{ other }}")
    after = analyse_by_skeleton(
        "So\n\nhere is {{ name }}\n\n\n{% include 'team/b.j2' %}\nand\n{{ name }}, {{ other }}"
    )
    assert before is not None
    assert after is not None
    assert before.variables == (("name", Place(1, 10)), ("other", Place(3, 15)))
    assert after.variables == (("name", Place(3, 12)), ("other", Place(8, 16)))
    names = frozenset[str]()
    assert after.references == (
        Reference("include", "team/b.j2", Place(6, 12), True, False, names),
    )


@pytest.mark.parametrize(
    "source",
    [
        "{% raw %}{{ a }}{% endraw %}",
        "{{ {'a': 1} }}",
        "{{ a",
        "{# a",
        "{{ a }}\r\n",
        "{% if a %}",
        "{{ 'a' | exec }}",
        "{{ ) }}",
        "{{ '}}' }}",
        "{{ a }}" * 1000,
        "{{ a }}" + "a" * 70_000,
    ],
)
def test_what_is_unsure_is_left_to_the_whole_reading(source: str) -> None:
    assert analyse_by_skeleton(source) is None
