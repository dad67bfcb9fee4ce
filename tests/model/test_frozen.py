"""Our dataclasses are those of `dataclasses`, method by method."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
import subprocess
import sys
from collections.abc import Callable
from dataclasses import FrozenInstanceError, field, fields, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptreg.model import frozen
from promptreg.model.frozen import dataclass


def _three(make: Callable[..., Any]) -> tuple[type, ...]:
    """The same three classes, made by either."""

    @make(frozen=True, slots=True)
    class Plain:
        """No defaults."""

        name: str
        size: int

    @make(frozen=True, slots=True)
    class Rich:
        """All that a field can be told, and what a class may add."""

        name: str
        size: int = 3
        parts: list[int] = field(default_factory=list)
        secret: str = field(default="x", repr=False)
        note: str = field(default="", compare=False)

        def __post_init__(self) -> None:
            if self.size < 0:
                raise ValueError(self.name)

        @property
        def double(self) -> int:
            return self.size * 2

    @make(frozen=True, slots=True)
    class Empty:
        """Nothing."""

    return Plain, Rich, Empty


OURS, THEIRS = _three(dataclass), _three(dataclasses.dataclass)
PAIRS = list(zip(OURS, THEIRS, strict=True))

values = st.none() | st.integers(-2, 2) | st.text("ab", max_size=1) | st.lists(st.integers(0, 1))
names = st.sampled_from(["name", "size", "parts", "secret", "note", "other"])


def _outcome(act: Callable[[], object]) -> object:
    try:
        return act()
    except Exception as error:
        return type(error), str(error)


def _told(value: Any) -> object:
    """What can be seen of a value, whichever class it has."""
    if not dataclasses.is_dataclass(value):
        return value
    seen = {one.name: getattr(value, one.name) for one in fields(value)}
    return (repr(value), seen, _outcome(lambda: hash(value)), dataclasses.asdict(value))  # type: ignore[arg-type]  # it is none of a class


@settings(deadline=None)
@given(st.integers(0, 2), st.lists(values, max_size=6), st.dictionaries(names, values, max_size=3))
def test_values_are_made_and_told_the_same(
    which: int, given_: list[Any], named: dict[str, Any]
) -> None:
    ours, theirs = PAIRS[which]
    made = [_outcome(lambda kind=kind: kind(*given_, **named)) for kind in (ours, theirs)]  # type: ignore[misc]
    assert _told(made[0]) == _told(made[1])


@settings(deadline=None)
@given(st.tuples(values, values, values), st.tuples(values, values, values))
def test_values_are_compared_the_same(one: tuple[Any, ...], other: tuple[Any, ...]) -> None:
    def compared(kind: type) -> object:
        both = _outcome(lambda: kind(*one)), _outcome(lambda: kind(*other))
        return both[0] == both[1], both[0] != both[1], both[0] == one

    assert compared(OURS[1]) == compared(THEIRS[1])


@pytest.mark.parametrize(("ours", "theirs"), PAIRS, ids=lambda kind: kind.__name__)
def test_classes_look_the_same(ours: type, theirs: type) -> None:
    for look in (
        lambda kind: [
            (one.name, one.kind, one.annotation, one.default is one.empty)
            for one in inspect.signature(kind).parameters.values()
        ],
        lambda kind: [(one.name, one.type, one.compare, one.repr) for one in fields(kind)],
        lambda kind: kind.__slots__,
        lambda kind: kind.__match_args__,
        lambda kind: kind.__doc__,
        lambda kind: kind.__init__.__annotations__,
        lambda kind: kind.__init__.__qualname__,
        lambda kind: sorted(vars(kind).keys() - {"__dataclass_params__"}),
    ):
        assert look(ours) == look(theirs)


@pytest.mark.parametrize("act", [
    lambda one: setattr(one, "name", "b"), lambda one: delattr(one, "name"),
], ids=["set", "delete"])  # fmt: skip
def test_nothing_changes_a_value(act: Callable[[Any], object]) -> None:
    ours, theirs = OURS[0]("a", 1), THEIRS[0]("a", 1)
    with pytest.raises(FrozenInstanceError):
        act(ours)
    assert _outcome(lambda: act(ours)) == _outcome(lambda: act(theirs))
    assert ours == OURS[0]("a", 1)


def test_values_are_replaced_and_copied() -> None:
    value = OURS[1]("a", parts=[1])
    assert replace(value, size=4) == OURS[1]("a", 4, [1])
    assert copy.copy(value) == value
    assert copy.deepcopy(value) == value
    assert copy.deepcopy(value).parts is not value.parts


@dataclass(frozen=True, slots=True)
class Node:
    """One that can hold itself, and be found by its name."""

    name: str
    inner: list[Node]


def test_values_are_pickled_and_told_without_an_end() -> None:
    node = Node("a", [])
    assert pickle.loads(pickle.dumps(node)) == node  # noqa: S301 - made one line above
    node.inner.append(node)
    assert repr(node) == "Node(name='a', inner=[...])"


def test_a_subclass_has_what_it_inherits() -> None:
    class Leaf(Node):
        __slots__ = ()

    leaf = Leaf("a", [])
    assert (leaf.name, leaf == Leaf("a", []), leaf == Node("a", [])) == ("a", True, False)


@pytest.mark.parametrize("wrong", [
    lambda: dataclass(frozen=True, slots=False), lambda: dataclass(frozen=False, slots=True),
    lambda: _with(__eq__=lambda self, other: True), lambda: _with(__repr__=lambda self: ""),
    lambda: _with(__annotations__={"a": "int"}, a=field(init=False)),
    lambda: _with(__annotations__={"a": "int"}, a=field(kw_only=True)),
], ids=["slots", "frozen", "eq", "repr", "init", "kw_only"])  # fmt: skip
def test_what_is_not_made_here_is_refused(wrong: Callable[[], object]) -> None:
    with pytest.raises(TypeError):
        wrong()


def _with(**body: Any) -> type:
    return dataclass(frozen=True, slots=True)(type("Some", (), {"__module__": __name__, **body}))


def test_no_method_is_written_before_it_is_asked_for() -> None:
    words = "import promptreg.model.prompt as p; print(type(vars(p.Prompt)['__init__']).__name__)"
    said = subprocess.run((sys.executable, "-c", words), capture_output=True, text=True, check=True)
    assert said.stdout == f"{frozen._Later.__name__}\n"
