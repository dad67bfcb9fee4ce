"""The digest: what counts and what doesn't."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptreg.model.data import Json, same
from promptreg.model.digest import entry_digest
from promptreg.registry.load import load
from promptreg.store.trees import MemoryTree

if TYPE_CHECKING:
    from tests.model.conftest import Maker

VALUES: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=8)
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
MANIFESTS = st.dictionaries(st.text(max_size=4), VALUES, max_size=4)


def test_it_is_the_sha256_of_canonical_json() -> None:
    manifest: dict[str, Json] = {"b": [1.0, True, None, 1e21], "a": "\u20ac\n"}
    text = (
        '{"apiVersion":"promptreg/v1","manifest":{"a":"\u20ac\\n","b":[1,true,null,1e+21]},'
        '"templates":{"p/t.j2":"x\\ny"}}'
    )
    expected = "sha256:" + sha256(text.encode()).hexdigest()
    assert entry_digest(manifest, {"p/t.j2": "x\r\ny"}) == expected


@given(MANIFESTS, MANIFESTS)
def test_two_manifests_share_a_digest_only_where_they_are_the_same(
    one: dict[str, Json], two: dict[str, Json]
) -> None:
    assert (entry_digest(one, {}) == entry_digest(two, {})) == same(one, two)


@given(MANIFESTS)
def test_key_order_does_not_count(manifest: dict[str, Json]) -> None:
    def turned(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: turned(value[key]) for key in reversed(value)}
        return [turned(item) for item in value] if isinstance(value, list) else value

    assert entry_digest(manifest, {}) == entry_digest(turned(manifest), {})


@given(st.text(alphabet="a\r\n ", max_size=8), st.text(alphabet="a\r\n ", max_size=8))
def test_of_a_template_only_line_ends_do_not_count(one: str, two: str) -> None:
    alike = one.replace("\r\n", "\n") == two.replace("\r\n", "\n")
    assert (entry_digest({}, {"t": one}) == entry_digest({}, {"t": two})) == alike


def test_the_path_of_a_template_counts() -> None:
    assert entry_digest({}, {"a": "x"}) != entry_digest({}, {"b": "x"})
    assert entry_digest({}, {"a": "x"}) != entry_digest({}, {"a": "x", "b": ""})


FILES = {
    "prompts/a.prompt.yaml": (
        "apiVersion: promptreg/v1\nkind: Prompt\nname: a\nowner: t\nlifecycle: active\n"
        "risk: low\nmessages:\n  - role: user\n    template: t.j2\n"
    ),
    "prompts/t.j2": "{% include 'p.j2' %}\n",
    "partials/p.j2": "{% import 'q.j2' as q %}{{ q.m() }}\n",
    "partials/q.j2": "{% macro m() %}x{% endmacro %}\n",
}


def _digest(prompt: Maker, **changes: str) -> str:
    files = {
        path: changes.get(path.rpartition("/")[2].partition(".")[0], text)
        for path, text in FILES.items()
    }
    configuration = (
        "apiVersion: promptreg/v1\nkind: Registry\nname: r\nowners: {t: {contact: t@example.com}}\n"
    )
    loaded = load(MemoryTree({"promptreg.yaml": configuration, **files}))
    assert loaded.findings == ()
    return loaded.snapshot.entries["a"].digest()


@pytest.mark.parametrize(
    "manifest",
    [
        "# a comment\n" + FILES["prompts/a.prompt.yaml"] + "# another\n",
        FILES["prompts/a.prompt.yaml"].replace("\n", "\r\n"),
        "risk: low\n" + FILES["prompts/a.prompt.yaml"].replace("risk: low\n", ""),
        json.dumps(
            {
                "apiVersion": "promptreg/v1",
                "kind": "Prompt",
                "name": "a",
                "owner": "t",
                "lifecycle": "active",
                "risk": "low",
                "messages": [{"role": "user", "template": "t.j2"}],
            }
        ),
    ],
    ids=["comments", "crlf", "key order", "flow"],
)
def test_how_a_manifest_is_written_does_not_count(prompt: Maker, manifest: str) -> None:
    assert _digest(prompt, a=manifest) == _digest(prompt)


def test_every_file_of_the_closure_counts(prompt: Maker) -> None:
    digests = {
        _digest(prompt),
        _digest(prompt, a=FILES["prompts/a.prompt.yaml"].replace("low", "high")),
        _digest(prompt, t=FILES["prompts/t.j2"] + " "),
        _digest(prompt, p=FILES["partials/p.j2"] + " "),
        _digest(prompt, q=FILES["partials/q.j2"] + " "),
    }
    assert len(digests) == 5


def test_an_absent_key_is_not_its_default(prompt: Maker) -> None:
    assert prompt("inputs: {a: {}}").digest() != prompt("inputs: {a: {required: true}}").digest()
