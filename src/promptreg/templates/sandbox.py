"""The environment that runs compiled templates: metered, and reading only a map of texts."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping, MutableMapping
from functools import lru_cache, update_wrapper
from types import BuiltinMethodType, CodeType
from typing import Any, cast

from jinja2 import StrictUndefined, Template, TemplateNotFound
from jinja2.environment import TemplateModule
from jinja2.exceptions import SecurityError
from jinja2.runtime import BlockReference, Context, LoopContext, Macro
from jinja2.utils import (
    Cycler,
    Joiner,
    Namespace,
    _PassArg,  # the mark that pass_context and its like leave
    missing,
    pass_context,
)

from promptreg.templates import bounded, limits
from promptreg.templates.allowed import METHODS
from promptreg.templates.environment import Compiler, compile_metered, compiler, named
from promptreg.templates.metering import (
    JOINED,
    STEP,
    WEIGHED,
    Meter,
    TemplateLimit,
    checked_text,
    weighed,
)
from promptreg.templates.names import folder_of, name_problem, resolve_name

INLINE = ":inline"
"""The last segment of an inline text's name; no file can have it."""

_JINJA_OBJECTS = (LoopContext, Macro, BlockReference, TemplateModule, Cycler, Joiner, Namespace)
_ANYWHERE = secrets.token_hex(16)
"""Stands for a template's name in code; no text can hold what nobody knows."""
_ADDRESS = re.compile(r" at 0x[0-9a-f]+")


class Missing(StrictUndefined):
    """An undefined value that fails on any use, in plain words."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        if self._undefined_hint:
            return _ADDRESS.sub("", self._undefined_hint)
        if self._undefined_obj is missing:
            return f"`{self._undefined_name}` is undefined"
        return f"{_kind(self._undefined_obj)} has no `{self._undefined_name}`"


class Sandbox(Compiler):
    """Runs the templates of one rendering at a time; `meter` counts all of them together.

    Making one takes as long as a rendering, so `rested` gives one that has served before: nothing
    of a rendering stays in it but the templates' functions, which keep nothing themselves.
    """

    def __init__(self) -> None:
        super().__init__()
        self.meter = meter = Meter()
        self.roots: tuple[str, ...] = ()
        self.templates: Mapping[str, str] = {}
        self._ready: dict[tuple[str, str], Template] = {}
        self.undefined = Missing
        self.globals = {
            "cycler": Cycler,
            "dict": dict,
            "joiner": Joiner,
            "namespace": Namespace,
            "range": _bounded_range,
        }
        self.filters = _Filters(meter, self.filters | bounded.bounded_filters(meter))
        self.filters[STEP] = meter.step
        self.filters[JOINED] = lambda values: bounded.joined(meter, values)
        self.filters[WEIGHED] = weighed
        self.tests = dict(_compared_tests())
        self.finalize = self._print
        self.binop_table |= {
            "+": bounded.add,
            "*": bounded.multiply,
            "**": bounded.power,
            "%": bounded.remainder,
        }

    @pass_context
    def _print(self, _context: Context, value: Any) -> str:
        return self.meter.printed(value)

    def template_of(self, text: str, name: str) -> Template:
        """`text` compiled, ready to run here under `name`."""
        key = (text, name)
        template = self._ready.get(key)
        if template is None:
            if len(self._ready) >= _MOST_READY:
                self._ready.clear()
            template = _Fresh.from_code(self, _code(text, name), dict(self.globals))
            self._ready[key] = template
        return template

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002, ARG002 - Jinja's signature
    ) -> Template:
        """What a template includes, imports or extends: out of the map, never the file system."""
        if isinstance(name, Template):
            return name
        path = name if parent is None else self.join_path(name, parent)
        text = self.templates.get(path)
        if text is None:
            raise TemplateNotFound(path)
        return self.template_of(text, path)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """As Jinja does it; the key of a plain object is found without failing first."""
        if type(obj) is dict and attribute not in _OF_OBJECTS:
            if attribute in obj:
                return obj[attribute]
            return self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)

    def join_path(self, template: str, parent: str) -> str:
        """The path that a name in the template `parent` means."""
        problem = name_problem(template)
        if problem:
            raise SecurityError(problem)
        path = resolve_name(template, folder_of(parent), self.roots, self.templates.__contains__)
        if path is None:
            raise TemplateNotFound(template)
        return path

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether a template may have this attribute: methods of the table, and Jinja's objects."""
        if not super().is_safe_attribute(obj, attr, value):
            return False
        if isinstance(obj, _JINJA_OBJECTS):
            return True
        return any(isinstance(obj, kind) and attr in names for kind, names in METHODS.items())

    def unsafe_undefined(self, obj: Any, attribute: str) -> Any:
        """A key of that name where there is one; what Python calls so is not ours."""
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        hint = f"`{attribute}` of {_kind(obj)} is not available in templates"
        return self.undefined(hint, name=attribute, obj=obj, exc=SecurityError)

    def wrap_str_format(self, _value: Any) -> None:
        """`format` gets no wrapper: it isn't among the methods."""
        return

    def call(__self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805 - names that no keyword argument has
        """Call a macro, a global or a method, counted and bounded."""
        __self.meter.step()
        if isinstance(__obj, BuiltinMethodType) and isinstance(__obj.__self__, str):
            return __self._text_method(__obj, args, kwargs)
        __self.meter.enter()
        try:
            result = super().call(__context, __obj, *args, **kwargs)
        finally:
            __self.meter.leave()
        return checked_text(result) if isinstance(result, str) else result

    def _text_method(self, method: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if method.__name__ == "join" and args:
            return bounded.joined(self.meter, args[0], method.__self__)
        bounded.check_method(method.__self__, method.__name__, (*args, *kwargs.values()))
        return checked(method(*args, **kwargs))


def checked(value: Any) -> Any:
    """`value`, where it is a bearable text, list or number."""
    if isinstance(value, str):
        return checked_text(value)
    if isinstance(value, list) and len(value) > limits.MAX_ITEMS:
        raise TemplateLimit(f"a list has at most {limits.MAX_ITEMS} items")
    return value


def inline_name(folder: str) -> str:
    """The name that inline text of a manifest in `folder` runs under."""
    return f"{folder}/{INLINE}" if folder else INLINE


def rested(templates: Mapping[str, str], roots: tuple[str, ...]) -> Sandbox:
    """A sandbox for one rendering, its meter at nothing. Nobody else has it, in no thread."""
    try:
        sandbox = _RESTING.pop()
    except IndexError:
        sandbox = Sandbox()
    sandbox.templates, sandbox.roots = templates, roots
    return sandbox


def rest(sandbox: Sandbox) -> None:
    """Keep a sandbox for the next rendering. Only one that ended well: what failed is dropped."""
    sandbox.templates, sandbox.roots = {}, ()
    sandbox.meter.reset()
    if len(_RESTING) < _MOST_RESTING:
        _RESTING.append(sandbox)


_RESTING: list[Sandbox] = []  # `pop` and `append` are each one step, whatever other threads do
_MOST_RESTING = 8
_MOST_READY = 1024
_OF_OBJECTS = frozenset(dir(dict))


class _Fresh(Template):
    """A template that runs anew for each import: its names may hold what counts."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        self._module = None
        try:
            return super()._get_default_module(ctx)
        finally:
            self._module = None


class _Filters(dict[str, Callable[..., Any]]):
    """Filters that count, each made when a template first asks for it: most use a few of fifty."""

    def __init__(self, meter: Meter, plain: Mapping[str, Callable[..., Any]]) -> None:
        super().__init__()
        self._meter = meter
        self._plain = plain

    def __missing__(self, name: str) -> Callable[..., Any]:
        self[name] = made = _metered(self._meter, name, self._plain[name])
        return made

    def get(self, name: str, default: Any = None) -> Any:
        """As `dict.get`, which knows nothing of what isn't made yet."""
        try:
            return self[name]
        except KeyError:
            return default

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or name in self._plain


@lru_cache(maxsize=2048)
def _code(text: str, name: str) -> CodeType:
    return named(_anonymous_code(text), _ANYWHERE, name)


@lru_cache(maxsize=2048)  # about 11 KB each
def _anonymous_code(text: str) -> CodeType:
    """The code of a text that stands nowhere yet: the same text lies in many places."""
    tree = compiler().parse(text, _ANYWHERE, _ANYWHERE)
    code: CodeType = compile_metered(tree, _ANYWHERE)
    return code


def _metered(meter: Meter, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    skip = 0 if _PassArg.from_obj(function) is None else 1
    takes_text = name in bounded.TEXT_FILTERS

    def run(*args: Any, **kwargs: Any) -> Any:
        meter.step()
        if takes_text and len(args) > skip and not isinstance(args[skip], str):
            args = (*args[:skip], meter.text(args[skip]), *args[skip + 1 :])
        return checked(function(*args, **kwargs))

    return update_wrapper(run, function, assigned=())  # the marks; copying names takes longer


@lru_cache(maxsize=1)
def _compared_tests() -> dict[str, Any]:
    return {name: _compared(cast("Any", test)) for name, test in compiler().tests.items()}


def _compared(test: Callable[..., Any]) -> Callable[..., Any]:
    """A test that compares its value with an argument, which may be a long comparison."""

    def run(value: Any, *args: Any, **kwargs: Any) -> Any:
        for argument in args[:1]:
            weighed(value)
            weighed(argument)
        return test(value, *args, **kwargs)

    return run


def _bounded_range(*bounds: int) -> range:
    numbers = range(*bounds)
    if len(numbers) > limits.MAX_RANGE:
        raise TemplateLimit(f"`range` counts at most {limits.MAX_RANGE} numbers")
    return numbers


def _kind(value: Any) -> str:
    names = {dict: "the object", list: "the list", str: "the text", type(None): "none"}
    return names.get(type(value), f"this {type(value).__name__}")
