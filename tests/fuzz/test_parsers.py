"""Whatever the bytes, a parser answers with a value, findings, or an error that is ours.

`TORTURE=25` runs 25 times as many examples and tells the worst time of each target.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from promptreg.commands.validate import Request, validate_tree
from promptreg.errors import PromptregError
from promptreg.model.environment import Pin
from promptreg.model.finding import Severity
from promptreg.model.prompt import Message, Part, Source
from promptreg.model.selector import parse_selector
from promptreg.model.version import Version, parse_range, parse_version
from promptreg.registry.documents import KINDS, parse_document
from promptreg.registry.load import load
from promptreg.registry.locate import located
from promptreg.releases.environment_file import with_pin
from promptreg.releases.environment_text import read_environment_text
from promptreg.releases.tag import parse_object
from promptreg.reporters.printable import is_command, printable, printable_lines
from promptreg.store.json_input import read_json
from promptreg.store.schema import input_schema, judge
from promptreg.store.schema_subset import schema_problems
from promptreg.store.text import decode
from promptreg.store.trees import MemoryTree
from promptreg.store.yaml import read_yaml
from promptreg.templates.analysis import analyse
from promptreg.templates.render import render_messages
from promptreg.templates.request import RenderRequest

TORTURE = int(os.environ.get("TORTURE", "1"))
WORST: dict[str, float] = {}
"""Seconds of the slowest example of the target that runs; `conftest` tells them."""

Test = TypeVar("Test", bound=Callable[..., None])
EXAMPLES = Path(__file__).parents[2] / "examples"
FILES = {
    path.relative_to(EXAMPLES).as_posix(): path.read_bytes()
    for path in sorted(EXAMPLES.rglob("*"))
    if path.is_file() and path.suffix != ".md"
}
MANIFESTS = [data for path, data in FILES.items() if path.endswith(".yaml")]
TEMPLATES = [data.decode() for path, data in FILES.items() if path.endswith(".j2")]
TOKENS = st.sampled_from(
    re.findall(
        r"\S+",
        "[ ] { } : , - ? & * ! | > ' \" % # @ ` ~ << --- ... &a *a !!x |9 >- {{ }} {% %} {# #} {%- "
        "if for endif endfor else in is not and or set macro endmacro include import extends block "
        "raw endraw call filter with loop self caller super range(9) namespace() |upper |join "
        "|tojson . .. / \\ ( ) ** ~ == 1 0x1 1e999 -0 NaN null true \\u2028 \\x00 é 😀 __class__",
    )
) | st.sampled_from(["\n", "\r", "\t", "  ", "\0", "\x1b", "\x85", "\u2028", "\ufeff", "\u202e"])  # fmt: skip
KEYWORDS = re.findall(
    r"\S+",
    "type properties required items enum const $ref $defs a pattern minLength anyOf allOf not if "
    "then else additionalProperties default x-a format uniqueItems prefixItems multipleOf minimum",
)


def fuzz(most: int) -> Callable[[Test], Test]:
    """Run a test on `most` examples, and on more where TORTURE says so."""
    return settings(
        deadline=None,
        max_examples=most * TORTURE,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


@contextmanager
def measured(name: str) -> Iterator[None]:
    """Remember the worst time of `name`."""
    start = time.perf_counter()
    yield
    WORST[name] = max(WORST.get(name, 0.0), time.perf_counter() - start)


def _edited(text: str, edits: list[tuple[float, int, str]]) -> str:
    for where, drop, put in edits:
        at = int(where * len(text))
        text = text[:at] + put + text[at + drop :]
    return text


def mangled(*seeds: str) -> st.SearchStrategy[str]:
    """A seed with a few places changed, or text that never was one."""
    put = TOKENS | st.text(max_size=6) | st.sampled_from(seeds)
    edit = st.tuples(st.floats(0, 1), st.sampled_from([0, 0, 1, 2, 9, 200]), put)
    near = st.builds(_edited, st.sampled_from(seeds), st.lists(edit, min_size=1, max_size=5))
    return near | st.lists(TOKENS, max_size=40).map("".join)


def _bytes(text: str, noise: tuple[float, bytes]) -> bytes:
    data = text.encode("utf-8", "surrogatepass")
    at = int(noise[0] * len(data))
    return data[:at] + noise[1] + data[at:]


def mangled_bytes(*seeds: bytes) -> st.SearchStrategy[bytes]:
    """As `mangled`, with bytes that may be no text."""
    noise = st.tuples(st.floats(0, 1), st.just(b"") | st.binary(max_size=3))
    return st.builds(_bytes, mangled(*(seed.decode() for seed in seeds)), noise)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | TOKENS
    | st.sampled_from(["object", "array", "string", "#/$defs/a", "#", "^(a+)+$", "2024-02-30"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(KEYWORDS) | st.text(max_size=4),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@fuzz(2000)
@given(mangled_bytes(*MANIFESTS))
def test_yaml(data: bytes) -> None:
    with measured("decode and read"):
        text, findings = decode("a.yaml", data)
        if text is None:
            assert findings
            return
        reading = read_yaml("a.yaml", text)
        assert reading.value is not None or reading.findings or text.strip()
        if not any(one.severity is Severity.ERROR for one in reading.findings):
            json.dumps(reading.value, allow_nan=False).encode()
            assert read_yaml("a.yaml", text) == reading
        located(reading.findings, {"a.yaml": text})


@fuzz(2000)
@given(mangled_bytes(*MANIFESTS), st.sampled_from(KINDS))
def test_documents(data: bytes, kind: str) -> None:
    with measured("parse_document"):
        parsed = parse_document("a.yaml", data, kind)
        assert (parsed.data is None) == any(
            one.severity is Severity.ERROR for one in parsed.findings
        )


@st.composite
def _grafted(draw: st.DrawFn) -> tuple[str, bytes]:
    """A manifest of the examples in which other values stand at some places."""
    path = draw(st.sampled_from([path for path in FILES if path.endswith(".yaml")]))
    value = yaml.safe_load(FILES[path])
    for _ in range(draw(st.integers(1, 3))):
        _graft(draw, value)
    return path, json.dumps(value).encode()


def _graft(draw: st.DrawFn, value: Any) -> None:
    while True:
        keys = list(value) if isinstance(value, dict) else list(range(len(value)))
        if not keys:
            return
        key = draw(st.sampled_from(keys))
        inner = value[key]
        if not isinstance(inner, (dict, list)) or not inner or draw(st.integers(0, 3)) == 0:
            value[key] = draw(JSON)
            return
        value = inner


@fuzz(40)
@given(_grafted())
def test_a_registry_with_a_strange_document(grafted: tuple[str, bytes]) -> None:
    path, data = grafted
    others = {one: held for one, held in FILES.items() if not one.endswith(".prompt.yaml")}
    with measured("validate"), suppress(PromptregError):
        tree = MemoryTree({**others, path: data})
        report = validate_tree(tree, Request(date(2026, 1, 1)))
        assert all(one.rule and one.message for one in report.findings)


@fuzz(40)
@given(st.sampled_from(sorted(FILES)), st.data())
def test_a_registry_with_a_mangled_file(path: str, data: st.DataObject) -> None:
    held = data.draw(mangled_bytes(FILES[path]))
    with measured("load"), suppress(PromptregError):
        found = load(MemoryTree({**FILES, path: held}))
        located(found.findings, found.snapshot.texts)


@fuzz(2000)
@given(mangled(*TEMPLATES))
def test_templates(source: str) -> None:
    with measured("analyse"):
        found = analyse(source)
        lines = re.split(r"\r\n|\r|\n", source)
        for problem in found.problems:
            assert problem.place.line <= len(lines)
    with measured("render"):
        turn = Message("user", (Part("text", Source((), inline=source)),), ())
        inputs: dict[str, Any] = {"items": [1, {"a": "b"}], "message": "x", "language": None}
        request = RenderRequest((turn,), templates={"a.j2": "{{ items }}"}, inputs=inputs)
        answer = render_messages(request)
        assert answer == render_messages(request)
    if found.problems:
        assert answer.failure is not None


_POINTS = st.lists(
    st.sampled_from("a1@v.^~<>=*-/:, 0g") | st.sampled_from(
        ["git:", "latest", "prompts:/", "production", "1.2.3", "-rc.1", "support/x", "９", "\n", "..", "HEAD"]
    ),
    max_size=14,
).map("".join)  # fmt: skip


@fuzz(2000)
@given(_POINTS | st.text(max_size=30))
def test_selectors_versions_ranges(text: str) -> None:
    for parse in (parse_selector, parse_version, parse_range):
        with measured(parse.__name__), suppress(PromptregError):
            parsed = parse(text)
            assert parse(str(parsed)) == parsed


@fuzz(2000)
@given(mangled_bytes(*(data for path, data in FILES.items() if path.endswith(".json"))))
def test_json_inputs(data: bytes) -> None:
    with measured("read_json"), suppress(PromptregError):
        value = read_json("a.json", data)
        assert read_json("b.json", json.dumps(value, allow_nan=False).encode()) == value


_TAG = (
    f"object {'a' * 40}\ntype commit\ntag support/x@v1.0.0\ntagger Ann <ann@example.com> 1 +0100\n\n"
    f"Release support/x 1.0.0\n\nText\n\nPromptreg-Digest: sha256:{'0' * 64}\nPromptreg-Bump: major\n"
    f"Promptreg-Previous: {'b' * 40}\nPromptreg-Pins: a b@v1.0.0 sha256:{'1' * 64}\n"
).encode()


@fuzz(2000)
@given(
    st.sampled_from(["support/x@v1.0.0", "a@v1", "-x", "x@v1.0.0"]) | st.text(max_size=20),
    st.sampled_from(["tag", "commit", "blob"]),
    mangled_bytes(_TAG),
)
def test_tag_objects(tag: str, kind: str, content: bytes) -> None:
    with measured("parse_object"):
        release = parse_object(tag, "c" * 40, kind, content)
    if release is not None and not release.problem:
        assert kind == "tag"
        assert f"tag {tag}\n" in content.decode("utf-8", "replace")


_ENVIRONMENT = (
    'apiVersion: promptreg/v1\nkind: Environment\nname: production\nreleases:\n  # why\n  "a": '
    f'{{version: 1.0.0, digest: "sha256:{"0" * 64}"}}  # note\n  b/c:\n    version: 0.1.0\n'
    f"    digest: sha256:{'1' * 64}\n"
).encode()


@fuzz(2000)
@given(mangled_bytes(_ENVIRONMENT), st.sampled_from(["a", "b/c", "new"]))
def test_environment_files(content: bytes, name: str) -> None:
    with measured("read and point"), suppress(PromptregError):
        before = read_environment_text("production", content)
        pin = Pin(Version(9, 0, 0), "sha256:" + "9" * 64)
        text = with_pin(content.decode(), "production", name, pin)
        after = read_environment_text("production", text.encode())
        assert after == replace(before, releases={**before.releases, name: pin})


@fuzz(1000)
@given(st.dictionaries(st.sampled_from(["type", "properties", "$ref", "$defs", "items", "anyOf", "pattern", "enum", "required"]), JSON, max_size=4), JSON)  # fmt: skip
def test_schemas(schema: dict[str, Any], value: Any) -> None:
    with measured("judge"):
        found = input_schema(schema)
        problems = schema_problems(found, ())
        if not problems:
            for one in judge(found, value):
                assert one.message


@fuzz(1000)
@given(st.text(max_size=60) | mangled("::error file=a::x", "##[error]x", "##vso[a]"))
def test_what_is_printed_is_inert(text: str) -> None:
    for line in (printable(text), *printable_lines(text)):
        assert line.replace("\t", "").isprintable() or not any(
            ord(char) < 32 or 0x7F <= ord(char) < 0xA0 for char in line.replace("\t", "")
        )
        assert "\n" not in line
        assert "\r" not in line


def test_the_seeds_are_good() -> None:
    assert load(MemoryTree(FILES)).findings == ()
    release = parse_object("support/x@v1.0.0", "c" * 40, "tag", _TAG)
    assert release is not None
    assert release.problem == ""
    assert len(read_environment_text("production", _ENVIRONMENT).releases) == 2
    with pytest.raises(PromptregError):
        parse_version("x")
    assert is_command("::error::x")
