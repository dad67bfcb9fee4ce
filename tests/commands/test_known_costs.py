"""What `status` remembers of comparisons is what it would find, after any edit and release."""

from __future__ import annotations

import contextlib
import json
import random
import sys
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptreg.commands.known_digests import KnownDigests
from promptreg.commands.status import status
from promptreg.errors import PromptregError
from promptreg.model.entry import Entry
from promptreg.model.prompt import parse_prompt
from promptreg.model.version import Bump
from promptreg.releases.running import Status
from promptreg.reporters.lines import plain
from promptreg.reporters.status import status_lines
from promptreg.reporters.values import result_text
from promptreg.store.cache import FOLDER, Cache
from promptreg.store.kept_lines import Added, KeptLines
from promptreg.store.program_files import program_id

if TYPE_CHECKING:
    from tests.commands.conftest import Desk

    from promptreg.registry.workspace import Workspace
    from promptreg.releases.unreleased import UnreleasedEntry

PROMPT = """\
apiVersion: promptreg/v1
kind: Prompt
name: {name}
description: {description}
owner: team
lifecycle: active
risk: low
{order}
messages: [{{role: user, template: {template}}}, {{role: system, content: "{{{{ a }}}}"}}]
"""
AGENT = """\
apiVersion: promptreg/v1
kind: Agent
name: helper
description: Helps.
owner: team
lifecycle: active
risk: low
prompts: {{main: "{}"}}
"""
MANIFEST: dict[str, Any] = {
    "name": "one", "description": "A.", "owner": "team", "lifecycle": "active", "risk": "low",
    "messages": [{"role": "user", "content": "Hello"}],
}  # fmt: skip
ORDERS = (
    "inputs: {a: {type: string}, b: {type: integer, default: 1, maximum: 9}}",
    "inputs: {b: {type: integer, default: 1, maximum: 9}, a: {type: string}}",
    "inputs: {a: {type: string}, b: {type: number, default: 1.0, maximum: 9}}",
    "inputs: {a: {type: string}, b: {type: number, default: 1, maximum: 9.0}}",
    "inputs: {a: {type: string, required: true}, c: {type: string}}",
)
TEXTS = ("Hello {{ a }}", "Hello {{ a }}\r\n", "{% include 'tone.j2' %}", "Bye {{ a }}", "{% if")


def _prompt(name: str = "one", *, order: str = ORDERS[0], template: str = "one.j2") -> str:
    return PROMPT.format(name=name, description="A.", order=order, template=template)


@pytest.fixture
def workspace(desk: Desk) -> Workspace:
    """Two prompts and an agent, released, the first one changed since."""
    desk.registry(
        {
            "prompts/one.prompt.yaml": _prompt(),
            "prompts/two.prompt.yaml": _prompt("two"),
            "prompts/one.j2": TEXTS[0],
            "partials/tone.j2": "Be kind.",
            "agents/helper.agent.yaml": AGENT.format("one@^1.0"),
        }
    )
    for name in ("one", "two", "helper"):
        desk.release(name, "1.0.0")
    desk.write({"prompts/one.prompt.yaml": _prompt(order=ORDERS[4])})
    desk.commit()
    return desk.open()


def _told(workspace: Workspace, *, cached: bool) -> tuple[Status, str, str]:
    found = status(workspace, cached=cached)
    return found, plain(status_lines(found)), result_text("status", found)


def _entry(found: Status, name: str = "one") -> UnreleasedEntry:
    assert found.unreleased is not None
    (entry,) = [one for one in found.unreleased.entries if one.name == name]
    return entry


def _forget(workspace: Workspace) -> None:
    topic = f"unreleased of {workspace.prefix}".encode()
    Cache(workspace.git.common_dir).put(sha256(topic).hexdigest(), {})


def _lines(workspace: Workspace, topic: str = "costs") -> KeptLines:
    cache = Cache(workspace.git.common_dir)
    return KeptLines(cache, f"{topic} of {workspace.prefix}", program_id())


def _plant(workspace: Workspace, line: bytes) -> None:
    """Let the next `status` compare again, with `line` for what it remembers of a comparison."""
    _forget(workspace)
    lines = _lines(workspace)
    (name,) = lines.read()
    lines.add(Added(set(), {name}, lambda _: line))


def test_what_is_kept_is_what_is_told(workspace: Workspace) -> None:
    """A cost comes out of the cache, or the tests below would show nothing."""
    cold = _told(workspace, cached=False)
    assert not (workspace.git.common_dir / FOLDER).exists()
    assert _told(workspace, cached=True) == cold
    assert _told(workspace, cached=True) == cold
    _plant(workspace, b'["patch","docs: from the cache"]')

    entry = _entry(status(workspace, cached=True))
    assert (entry.required, entry.reasons) == (Bump.PATCH, ("docs: from the cache",))
    assert _told(workspace, cached=False) == cold


@pytest.mark.parametrize(
    "line", [b"", b"{", b"{}", b"[]", b"null", b'"major"', b'["huge"]', b"[1]", b'["major",1]']
)
def test_a_line_of_something_else_says_nothing(workspace: Workspace, line: bytes) -> None:
    cold = _told(workspace, cached=True)
    _plant(workspace, line)

    assert _told(workspace, cached=True) == cold


@pytest.mark.parametrize("line", [b"", b"sha256:0", b"sha256:" + b"g" * 64, b"sha256:" + b"0" * 65])
def test_a_line_that_is_no_digest_says_nothing(workspace: Workspace, line: bytes) -> None:
    cold = _told(workspace, cached=True)
    _plant_digests(workspace, line)

    assert _told(workspace, cached=True) == cold


def test_a_digest_that_is_kept_is_believed(workspace: Workspace) -> None:
    """Or the test above would show nothing."""
    status(workspace, cached=True)
    _plant_digests(workspace, b"sha256:" + b"0" * 64)

    assert {one.name for one in _unreleased(workspace)} == {"one", "two", "helper"}


def _plant_digests(workspace: Workspace, line: bytes) -> None:
    _forget(workspace)
    lines = _lines(workspace, "digests")
    names = set(lines.read())
    assert len(names) == 3
    lines.add(Added(set(), names, lambda _: line))


def _unreleased(workspace: Workspace) -> tuple[UnreleasedEntry, ...]:
    found = status(workspace, cached=True).unreleased
    assert found is not None
    return found.entries


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)


def _held(data: dict[str, Any], texts: dict[str, str], path: str = "a.yaml") -> Entry:
    return Entry(path, parse_prompt(MANIFEST), data, texts, {})


@given(st.lists(st.dictionaries(st.text(max_size=2), _JSON, max_size=3), min_size=2, max_size=2))
def test_what_is_written_alike_has_one_name_and_nothing_else_has(
    data: list[dict[str, Any]],
) -> None:
    """Whether parts of it are the same object, or were read from a text, has no say."""
    one, other = data
    digests = KnownDigests(dict)
    name = digests.content(_held(one, {"a": "b"}))
    assert name == digests.content(_held(json.loads(json.dumps(one)), {"a": "b"}))
    twice = digests.content(_held({"a": one, "b": one}, {}))
    assert twice == digests.content(_held({"a": one, "b": json.loads(json.dumps(one))}, {}))
    same = json.dumps(one) == json.dumps(other)
    assert (name == digests.content(_held(other, {"a": "b"}))) == same
    assert name != digests.content(_held(one, {"a": "c"}))
    assert name != digests.content(_held(one, {"a": "b"}, "b.yaml"))


def test_what_is_nested_deeper_than_marshal_goes_has_a_name_too() -> None:
    data: dict[str, Any] = {}
    for _ in range(2500):
        data = {"a": data}
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(100_000)
    try:
        one, other = (KnownDigests(dict).content(_held(data, {"a": text})) for text in "ab")
    finally:
        sys.setrecursionlimit(limit)
    assert one != other


def test_without_the_cache_nothing_is_kept(workspace: Workspace) -> None:
    status(workspace)
    assert not _lines(workspace).read()
    status(workspace, cached=True)
    assert len(_lines(workspace).read()) == 1


@pytest.mark.parametrize("number", range(1, len(ORDERS)))
def test_the_same_digest_is_not_yet_the_same_entry(
    desk: Desk, workspace: Workspace, number: int
) -> None:
    """`1` and `1.0`, or keys in another order, have one digest and may be told otherwise."""
    for order in (ORDERS[number], ORDERS[number - 1], ORDERS[number]):
        desk.write({"prompts/one.prompt.yaml": _prompt(order=order), "prompts/one.j2": "Other."})
        desk.commit()
        assert _told(workspace, cached=True) == _told(workspace, cached=False)


def test_a_moved_manifest_is_another_side(desk: Desk, workspace: Workspace) -> None:
    before = _told(workspace, cached=True)
    desk.git("mv", "prompts/one.prompt.yaml", "prompts/other.prompt.yaml")
    desk.commit()

    assert _told(workspace, cached=True) == _told(workspace, cached=False)
    assert _entry(status(workspace, cached=True)) != _entry(before[0])


def test_what_an_agent_pins_counts_each_time(desk: Desk, workspace: Workspace) -> None:
    desk.write({"agents/helper.agent.yaml": AGENT.format("one@^1").replace("Helps", "Serves")})
    desk.commit()
    before = _told(workspace, cached=True)
    desk.release("one", "1.1.0")

    assert _told(workspace, cached=True) == _told(workspace, cached=False) != before


EDITS = ("order", "text", "tone", "move", "agent", "release", "pre", "forge", "two", "duplicate")


@pytest.mark.parametrize("seed", range(6))
def test_after_any_edits_warm_equals_cold(desk: Desk, workspace: Workspace, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - a seed that makes the same edits again
    seen = set()
    for number in range(2, 12):
        edit = rng.choice(EDITS)
        _edit(desk, edit, rng, number)
        cold = _said(workspace, cached=False)
        assert _said(workspace, cached=True) == cold, edit
        assert _said(workspace, cached=True) == cold, edit
        seen.add(cold)
    assert len(seen) > 1


def _said(workspace: Workspace, *, cached: bool) -> tuple[str, str]:
    try:
        return _told(workspace, cached=cached)[1:]
    except PromptregError as problem:  # an agent that changed, and can't be pinned
        return str(problem), problem.hint


def _edit(desk: Desk, edit: str, rng: random.Random, number: int) -> None:
    writes = {
        "order": {"prompts/one.prompt.yaml": _prompt(order=rng.choice(ORDERS))},
        "text": {"prompts/one.j2": rng.choice(TEXTS)},
        "tone": {"partials/tone.j2": rng.choice(("Be kind.", "Be glad.", "Be kind.\r\n"))},
        "agent": {
            "agents/helper.agent.yaml": AGENT.format(rng.choice(("one", "two@^1", "one@^1")))
        },
        "two": {"prompts/two.prompt.yaml": _prompt("two", order=rng.choice(ORDERS))},
        "duplicate": {"prompts/three.prompt.yaml": _prompt(rng.choice(("one", "three")))},
    }
    if edit in writes:
        desk.write(writes[edit])
    elif edit == "move":
        place = desk.path / "prompts/one.prompt.yaml"
        place.rename(desk.path / "prompts/four.prompt.yaml")
        desk.write({"prompts/one.prompt.yaml": _prompt("four")})
    desk.commit()
    name = rng.choice(("one", "two"))
    if edit == "forge":
        desk.git("tag", "--force", "-m", "Not what release writes.", f"{name}@v1.0.0", "HEAD")
    elif edit in {"release", "pre"}:
        with contextlib.suppress(PromptregError):  # it may be broken, or there may be two
            desk.release(name, f"{number}.0.0{'-rc.1' if edit == 'pre' else ''}")
