"""The Jinja environment that parses and compiles templates. It never evaluates anything."""

from __future__ import annotations

from functools import lru_cache
from types import CodeType
from typing import Any

from jinja2 import StrictUndefined, nodes, pass_context
from jinja2.filters import FILTERS
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.tests import TESTS

from promptreg.templates.allowed import allowed_names
from promptreg.templates.bounded import bounded_filters
from promptreg.templates.metering import METERS, Meter, add_meters


class Compiler(ImmutableSandboxedEnvironment):
    """Parses and compiles with the rules of every template here.

    Text is kept as written, but for one final newline, as in plain Jinja. Nothing is computed
    while compiling: `optimized` turns off the optimizer, and a `finalize` that asks for the
    context keeps the code generator from folding what `{{ }}` prints.
    """

    intercepted_binops = frozenset(["+", "*", "**", "%"])

    def __init__(self) -> None:
        super().__init__(
            undefined=StrictUndefined,
            optimized=False,
            finalize=_only_at_run_time,
            autoescape=False,
            cache_size=0,
        )
        self.globals = {}
        self.filters = {name: FILTERS[name] for name in allowed_names("filter")}
        self.filters |= bounded_filters(Meter()) | METERS
        self.tests = {name: TESTS[name] for name in allowed_names("test")}


@lru_cache(maxsize=1)
def compiler() -> Compiler:
    """The one environment for parsing and compiling; it keeps no state of templates."""
    return Compiler()


def compile_metered(tree: nodes.Template, name: str) -> Any:
    """The code of a tree that has passed the gate, with meters set. Changes `tree`."""
    environment = compiler()
    add_meters(tree)
    return environment.compile(tree, name=name, filename=name)


def named(code: CodeType, before: str, name: str) -> CodeType:
    """`code` as if it had been compiled under `name` and not under `before`."""
    return code.replace(
        co_filename=name,
        co_consts=tuple(_renamed(constant, before, name) for constant in code.co_consts),
    )


def _renamed(constant: object, before: str, name: str) -> object:
    if isinstance(constant, CodeType):
        return named(constant, before, name)
    if isinstance(constant, str) and before in constant:
        # Jinja's messages quote a name as Python does; elsewhere it stands alone.
        return constant.replace(repr(before), repr(name)).replace(before, name)
    return constant


@pass_context
def _only_at_run_time(_context: object, value: object) -> object:
    return value
