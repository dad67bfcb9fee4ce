"""Laws of whole registries: what a changed byte, partial or manifest means, and what it costs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from promptreg.checks.verdicts import judge, required_bump
from promptreg.model.data import Json, Route
from promptreg.model.entry import Entry
from promptreg.model.version import Bump
from promptreg.registry.load import load
from promptreg.releases.comparing import Sides, compare_registries
from promptreg.releases.comparison import EntryComparison, Status
from promptreg.releases.facts import facts_of
from promptreg.releases.other_files import other_files
from promptreg.rules.changes.builtin import CHANGE_RULES
from promptreg.store.trees import MemoryTree

CONFIGURATION = (
    b"apiVersion: promptreg/v1\nkind: Registry\nname: r\nowners: {t: {contact: t@example.com}}\n"
)
HEADER = "apiVersion: promptreg/v1\nkind: Prompt\nowner: t\nlifecycle: active\nrisk: low\n"
EXAMPLES = Path(__file__).parents[2] / "examples"


def sides(base: Mapping[str, bytes], head: Mapping[str, bytes]) -> Sides:
    changed = {path for path in base.keys() | head.keys() if base.get(path) != head.get(path)}
    return Sides(load(MemoryTree(base)), load(MemoryTree(head)), frozenset(changed))


def bump(base: Entry, head: Entry) -> Bump:
    return required_bump(judge(facts_of(base, head), CHANGE_RULES))


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_more_changes_never_need_a_smaller_bump(
    data: st.DataObject,
    examples: tuple[Entry, ...],
    places: Callable[[Json], list[Route]],
    mutate: Callable[[Entry, list[Route]], Entry],
) -> None:
    entry = data.draw(st.sampled_from(examples))
    routes = st.sampled_from(places(entry.data))
    some = data.draw(st.lists(routes, min_size=1, max_size=3, unique=True))
    more = data.draw(st.lists(routes, max_size=3, unique=True))
    both = list(dict.fromkeys([*some, *more]))
    assert bump(entry, entry) is Bump.NONE
    assert bump(entry, mutate(entry, some)) <= bump(entry, mutate(entry, both))


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[set[int]], list[set[int]], int]:
    """What each partial includes (only later ones), what each entry includes, and which changes."""
    count = draw(st.integers(1, 7))
    partials = [
        draw(st.sets(st.integers(one + 1, count - 1), max_size=3)) if one + 1 < count else set()
        for one in range(count)
    ]
    entries = draw(st.lists(st.sets(st.integers(0, count - 1), max_size=2), min_size=1, max_size=5))
    return partials, entries, draw(st.integers(0, count - 1))


def including(names: set[int], text: str = "") -> str:
    return text + "".join(f"{{% include 'p{one}.j2' %}}" for one in sorted(names))


def reached(partials: list[set[int]], start: set[int]) -> set[int]:
    found, left = set(), list(start)
    while left:
        one = left.pop()
        if one not in found:
            found.add(one)
            left += partials[one]
    return found


@settings(max_examples=120, deadline=None)
@given(graphs())
def test_a_changed_partial_changes_exactly_the_entries_that_reach_it(
    graph: tuple[list[set[int]], list[set[int]], int],
) -> None:
    partials, entries, which = graph
    base = {"promptreg.yaml": CONFIGURATION}
    for index, names in enumerate(partials):
        base[f"partials/p{index}.j2"] = including(names, f"text {index} ").encode()
    for index, names in enumerate(entries):
        said = f'name: e{index}\nmessages: [{{role: user, content: "Hi {including(names)}"}}]\n'
        base[f"prompts/e{index}.prompt.yaml"] = (HEADER + said).encode()
    path = f"partials/p{which}.j2"
    both = sides(base, {**base, path: base[path] + b"more"})
    found = compare_registries(both)
    expected = {f"e{n}" for n, start in enumerate(entries) if which in reached(partials, start)}
    assert {one.name for one in found} == expected
    assert all([fact.kind for fact in one.changes] == ["partial-changed"] for one in found)
    assert [one.path for one in other_files(both, found)] == ([] if expected else [path])


def _files() -> dict[str, bytes]:
    wanted = ("promptreg.yaml", "prompts/support", "partials", "agents")
    return {
        name: path.read_bytes()
        for path in sorted(EXAMPLES.rglob("*"))
        if path.is_file() and (name := path.relative_to(EXAMPLES).as_posix()).startswith(wanted)
    }


FILES = _files()
PATHS = sorted(path for path in FILES if path != "promptreg.yaml")
BASE = load(MemoryTree(FILES))


@st.composite
def edits(draw: st.DrawFn) -> tuple[str, bytes]:
    """A file, and what one edit of a few bytes makes of it."""
    path = draw(st.sampled_from(PATHS))
    data = FILES[path]
    start = draw(st.integers(0, len(data)))
    end = min(len(data), start + draw(st.integers(0, 2)))
    new = draw(
        st.sampled_from([b"", b" ", b"\n", b"#", b"x", b"0", b"\r\n", b"{{ y }}", b"\xff", b"true"])
    )
    return path, data[:start] + new + data[end:]


@settings(max_examples=300, deadline=None)
@example((PATHS[0], FILES[PATHS[0]].replace(b"\n", b"\r\n")))
@example((PATHS[0], b"# a comment\n" + FILES[PATHS[0]]))
@given(edits())
def test_every_changed_byte_is_told_or_said_to_mean_nothing(edit: tuple[str, bytes]) -> None:
    path, data = edit
    assume(data != FILES[path])
    head = load(MemoryTree({**FILES, path: data}))
    both = Sides(BASE, head, frozenset({path}))
    found = compare_registries(both)
    others = other_files(both, found)
    named = {one for entry in found for one in (*entry.files, entry.path)}
    assert path in named | {one.path for one in others}
    for entry in found:
        _is_consistent(entry, both)
    judge([fact for entry in found for fact in entry.changes], CHANGE_RULES)


def _is_consistent(entry: EntryComparison, both: Sides) -> None:
    old = both.base.snapshot.entries.get(entry.before_name or entry.name)
    new = both.head.snapshot.entries.get(entry.name)
    if entry.status is Status.UNCHANGED_CONTENT:
        assert old is not None
        assert new is not None
        assert old.digest() == new.digest()
    elif entry.status is Status.BROKEN:
        assert entry.problems
    else:
        assert entry.changes
    if old is not None and new is not None and old.digest() != new.digest():
        assert entry.changes or entry.problems
