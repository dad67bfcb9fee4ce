"""Code that is compiled once and named for each place equals code that was compiled there."""

from __future__ import annotations

from types import CodeType
from typing import Any

import pytest

from promptreg.templates.environment import compile_metered, compiler, named

TEXTS = (
    "plain",
    "{{ a }}{% include 'b.j2' %}",
    "{% from 'b.j2' import c with context %}{{ c(1) }}",
    "{% extends 'b.j2' %}{% block d %}{{ super() }}{% endblock %}",
    "{% macro e(f) %}{% for g in f %}{{ loop.index }}{% endfor %}{% endmacro %}{{ e([1]) }}",
    "{% import 'b.j2' as h %}{{ h.i }}{{ 'before' }}",
)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("name", ["a.j2", "a/ä.j2", 'it\'s "so" \\ too.j2', "", "x/:inline"])
def test_named_code_is_code_compiled_under_the_name(text: str, name: str) -> None:
    mark = "0f" * 16
    there = compile_metered(compiler().parse(text, name, name), name)
    anywhere = compile_metered(compiler().parse(text, mark, mark), mark)

    assert _parts(named(anywhere, mark, name)) == _parts(there)


def _parts(code: CodeType) -> tuple[Any, ...]:
    inner = [_parts(one) if isinstance(one, CodeType) else one for one in code.co_consts]
    return code.co_filename, code.co_code, code.co_names, list(code.co_lines()), inner
