"""Facts of texts: kept where nothing is wrong, told as if they were found out now."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptreg.model.data import Json
from promptreg.registry.discover import discover
from promptreg.registry.documents import Parsed, parse_document
from promptreg.registry.facts import KeptFacts, line_of
from promptreg.store.schema_words import Violation
from promptreg.templates.analysis import Analysis, analyse

ROOT = Path(__file__).parents[2]
ENVIRONMENT = b"apiVersion: promptreg/v1\nkind: Environment\nname: e\nreleases: {}\n"


def _lines(facts: KeptFacts) -> dict[str, bytes]:
    return {name: line_of(fact) for name, fact in facts.news.items()}


def _next(facts: KeptFacts) -> KeptFacts:
    """The facts of the next run."""
    return KeptFacts(lambda: _lines(facts))


def _documents() -> list[tuple[str, bytes, str]]:
    paths = [path.relative_to(ROOT / "examples").as_posix() for path in _files()]
    roots = ("prompts", "agents", "policies", "experiments", "environments")
    found = discover(paths, roots)
    return [(one.path, (ROOT / "examples" / one.path).read_bytes(), one.kind) for one in found]


def _files() -> list[Path]:
    return sorted(path for path in (ROOT / "examples").rglob("*") if path.is_file())


def test_every_document_here_comes_back() -> None:
    first = KeptFacts(dict)
    documents = _documents()
    cold = [parse_document(*one) for one in documents]
    assert [first.parsed(*one) for one in documents] == cold
    second = _next(first)

    assert [second.parsed(*one) for one in documents] == cold
    assert second.used == first.news.keys()
    assert not second.news
    assert [json.dumps(second.parsed(*one).data) for one in documents] == [
        json.dumps(one.data) for one in cold
    ]


SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(), st.floats(allow_nan=False)
)  # fmt: skip
VALUES = st.recursive(SCALARS, lambda of: st.lists(of) | st.dictionaries(st.text(), of))


@given(st.dictionaries(st.text(), VALUES))
@settings(deadline=None)
def test_any_data_comes_back(data: dict[str, object]) -> None:
    text = "kind: Environment\nname: e\nreleases: {}\n" + "x-any: " + json.dumps(data) + "\n"
    content = text.encode()
    first = KeptFacts(dict)
    cold = parse_document("p", content, "Environment")
    assert first.parsed("p", content, "Environment") == cold
    second = _next(first)
    again = second.parsed("p", content, "Environment")

    assert again == cold
    assert json.dumps(again.data) == json.dumps(cold.data)


@pytest.mark.parametrize(
    "content",
    [
        b"kind: [", b"kind: Prompt\n", b"\xff", b"x-a: \xe2\x80\x8b\n" + ENVIRONMENT,
        ENVIRONMENT + b"more: 1\n",
        ENVIRONMENT + b'x-a: "\\u200b"\n',
    ],
)  # fmt: skip
def test_what_has_findings_is_judged_each_time_and_names_its_path(content: bytes) -> None:
    facts = KeptFacts(dict)
    for path in ("a.yaml", "b.yaml"):
        found = facts.parsed(path, content, "Environment")
        assert found.findings
        assert {one.at.path for one in found.findings} == {path}
    assert not facts.news


@pytest.mark.parametrize("text", ["{{", "{{ a|exec }}", "{% if %}", "{{ 'x'" + "|upper" * 200])
def test_a_template_with_problems_is_never_kept(text: str) -> None:
    facts = KeptFacts(dict)

    assert facts.analysis(text) == analyse(text)
    assert facts.analysis(text).problems
    assert not facts.news


def test_a_text_of_another_kind_is_another_text() -> None:
    first = KeptFacts(dict)
    first.parsed("p", ENVIRONMENT, "Environment")

    assert _next(first).parsed("p", ENVIRONMENT, "Prompt").findings
    assert _next(first).analysis(ENVIRONMENT.decode()) == Analysis()


@pytest.mark.parametrize("line", [b"", b"1", b"[]", b'"x"', b"null", b"{", b"[" * 9999, b"[1,2,3]"])
def test_odd_lines_are_found_out_anew(line: bytes) -> None:
    first = KeptFacts(dict)
    cold = (first.analysis("{{ a }}"), first.parsed("p", ENVIRONMENT, "Environment"))
    second = KeptFacts(lambda: dict.fromkeys(first.news, line))

    assert (second.analysis("{{ a }}"), second.parsed("p", ENVIRONMENT, "Environment")) == cold
    assert second.news.keys() == first.news.keys()


def test_kept_lines_are_read_once_and_only_when_asked() -> None:
    asked = []

    def read() -> dict[str, bytes]:
        asked.append(1)
        return {}

    facts = KeptFacts(read)
    assert not asked
    facts.analysis("{{ a }}")
    facts.analysis("{{ b }}")
    assert len(asked) == 1


def test_reading_no_more_leaves_what_was_asked_for() -> None:
    first = KeptFacts(dict)
    for text in ("{{ old }}", "{{ new }}"):
        first.analysis(text)
    planted = {name: line_of(Analysis(assigned=frozenset({"planted"}))) for name in first.news}
    facts = KeptFacts(lambda: planted)
    assert facts.analysis("{{ old }}").assigned == {"planted"}
    facts.read_no_more()

    assert facts.analysis("{{ old }}").assigned == {"planted"}
    assert facts.analysis("{{ new }}") == analyse("{{ new }}")


def test_that_a_value_fits_is_kept_and_nothing_else() -> None:
    asked: list[object] = []

    def judge(schema: Json, value: Json) -> tuple[Violation, ...]:
        asked.append((schema, value))
        return () if value == 1 else (Violation((), "no", "", "k"),)

    first = KeptFacts(dict)
    for _ in range(2):
        assert first.violations({}, 1, judge) == ()
        assert first.violations({}, 2, judge) != ()
    assert asked == [({}, 1), ({}, 2), ({}, 2)]
    second = _next(first)
    asked.clear()

    assert second.violations({}, 1, judge) == ()
    assert second.violations({"type": "null"}, 1, judge) == ()
    assert second.violations({}, 1.0, judge) == ()
    assert asked == [({"type": "null"}, 1), ({}, 1.0)]
    assert second.used == first.news.keys()


def test_a_document_that_is_no_text_is_judged() -> None:
    """Whoever can write there can't make a run stumble."""
    names: list[str] = []

    class Everything(dict[str, bytes]):
        def get(self, name: str, default: object = None) -> bytes:
            names.append(name)
            return b"{}"

    found = KeptFacts(Everything).parsed("p", b"\xff", "Prompt")

    assert names
    assert isinstance(found, Parsed)
    assert {one.rule for one in found.findings} == {"not-utf8"}
