"""Frozen dataclasses with slots that cost little to define.

`dataclasses` writes and compiles six methods of each class while it is imported: half a millisecond,
and a short command defines a hundred classes, of which it makes values of some and compares few.
Here a method is written when it is first asked for; it is the one that `dataclasses` would write.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError, fields
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any, Literal, NoReturn, TypeVar

Made = TypeVar("Made")


def _dataclass(
    *, frozen: Literal[True], slots: Literal[True]
) -> Callable[[type[Made]], type[Made]]:
    """As `dataclasses.dataclass(frozen=True, slots=True)`; there are no other ones here.

    Raises TypeError for a class that has one of the methods itself, or fields that no argument
    sets, or that are given by name alone.
    """
    if frozen is not True or slots is not True:
        raise TypeError("only frozen dataclasses with slots are made here")
    return _made


def _made(cls: type[Made]) -> type[Made]:
    for name, method in _METHODS.items():
        if name in cls.__dict__:
            raise TypeError(f"`{cls.__qualname__}` has a `{name}` of its own")
        setattr(cls, name, method)
    for name, write in _WRITERS.items():
        if name in cls.__dict__:
            raise TypeError(f"`{cls.__qualname__}` has a `{name}` of its own")
        setattr(cls, name, _Later(write))
    if cls.__doc__ is None:
        cls.__doc__ = cls.__name__  # else the arguments would be looked up to tell them
    made = dataclasses.dataclass(init=False, repr=False, eq=False, slots=True)(cls)
    for one in fields(made):  # type: ignore[arg-type]  # it was made one just now
        if not one.init or one.kw_only:
            raise TypeError(f"`{one.name}` of `{cls.__qualname__}` is no plain argument")
    return made


# Type checkers know `dataclasses.dataclass` alone, and what is said of it holds for ours.
if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass  # noqa: PLC0414 - for others to import
else:
    dataclass = _dataclass


class _Later:
    """A method that is written, and put in this one's place, when it is first looked up."""

    def __init__(self, write: Callable[[tuple[Field[Any], ...], type], str]) -> None:
        self._write = write

    def __set_name__(self, owner: type, name: str) -> None:
        # The class that is made for the slots is the last one to call this.
        self._owner, self._name = owner, name

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        method = _compiled(self._owner, self._name, self._write(_fields(self._owner), self._owner))
        setattr(self._owner, self._name, method)
        return method.__get__(instance, owner)


def _compiled(cls: type, name: str, text: str) -> Any:
    found = _fields(cls)
    given: dict[str, Any] = {"_set": object.__setattr__, "_MISSING": MISSING}
    for one in found:
        given[f"_default_{one.name}"] = one.default
        given[f"_make_{one.name}"] = one.default_factory
    lines = "\n".join(f"  {line}" for line in text.split("\n"))
    scope: dict[str, Any] = {}
    # In the class's own module, where its annotations mean something.
    exec(  # noqa: S102 - of the names of fields, which are identifiers
        f"def _write({', '.join(given)}):\n{lines}\n  return {name}",
        vars(sys.modules[cls.__module__]),
        scope,
    )
    method = scope["_write"](**given)
    method.__qualname__ = f"{cls.__qualname__}.{name}"
    if name == "__init__":
        method.__annotations__ = {one.name: one.type for one in found} | {"return": None}
    return method


def _write_init(found: tuple[Field[Any], ...], cls: type) -> str:
    arguments, lines = ["self"], ["  pass"]
    for one in found:
        name, value = one.name, one.name
        if one.default is not MISSING:
            arguments.append(f"{name}=_default_{name}")
        elif one.default_factory is not MISSING:
            arguments.append(f"{name}=_MISSING")
            value = f"_make_{name}() if {name} is _MISSING else {name}"
        else:
            arguments.append(name)
        lines.append(f"  _set(self, {name!r}, {value})")
    if hasattr(cls, "__post_init__"):
        lines.append("  self.__post_init__()")
    return f"def __init__({', '.join(arguments)}):\n" + "\n".join(lines)


def _write_eq(found: tuple[Field[Any], ...], _cls: type) -> str:
    own, others = _values(found, "self"), _values(found, "other")
    return (
        "def __eq__(self, other):\n"
        "  if other.__class__ is self.__class__:\n"
        f"    return {own} == {others}\n"
        "  return NotImplemented"
    )


def _write_hash(found: tuple[Field[Any], ...], _cls: type) -> str:
    return f"def __hash__(self):\n  return hash({_values(found, 'self')})"


def _values(found: tuple[Field[Any], ...], of: str) -> str:
    return "(" + "".join(f"{of}.{one.name}, " for one in found if one.compare) + ")"


def _fields(cls: Any) -> tuple[Field[Any], ...]:
    return fields(cls)


@recursive_repr()
def _repr(self: Any) -> str:
    said = (f"{one.name}={getattr(self, one.name)!r}" for one in fields(self) if one.repr)
    return f"{self.__class__.__qualname__}({', '.join(said)})"


def _refuse_set(_self: Any, name: str, _value: object) -> NoReturn:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_delete(_self: Any, name: str) -> NoReturn:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, one.name) for one in fields(self)]


def _set_state(self: Any, state: list[Any]) -> None:
    for one, value in zip(fields(self), state, strict=True):
        object.__setattr__(self, one.name, value)


_METHODS: dict[str, Any] = {
    "__repr__": _repr,
    "__setattr__": _refuse_set,
    "__delattr__": _refuse_delete,
    "__getstate__": _state,
    "__setstate__": _set_state,
}
_WRITERS = {"__init__": _write_init, "__eq__": _write_eq, "__hash__": _write_hash}
