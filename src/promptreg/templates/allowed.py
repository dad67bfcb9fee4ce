"""What templates may use of Jinja: one table of globals, filters, tests and tags.

The environment is built from it, the gate judges by it and the reference page is generated from it.
What Jinja has and this table refuses carries the reason; what it doesn't name doesn't exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Word:
    """A name of Jinja's: `kind` is global, filter, test or tag; `refused` is why it is left out."""

    kind: str
    name: str
    refused: str = ""


def words(text: str) -> frozenset[str]:
    """The words of a text, for tables that are read better as one."""
    return frozenset(text.split())


@cache
def allowed_names(kind: str) -> frozenset[str]:
    """The names of a kind that templates may use."""
    return frozenset(word.name for word in WORDS if word.kind == kind and not word.refused)


def reason_refused(kind: str, name: str) -> str:
    """Why a name that Jinja has is left out; empty where Jinja has none of that name."""
    for word in WORDS:
        if word.kind == kind and word.name == name:
            return word.refused
    return ""


_ALLOWED = {
    "global": "cycler dict joiner namespace range",
    "filter": (
        "abs batch capitalize center count d default dictsort e escape filesizeformat first float "
        "groupby indent int items join last length list lower map max min reject rejectattr "
        "replace reverse round select selectattr slice sort string striptags sum title tojson trim "
        "truncate unique upper urlencode wordcount wordwrap"
    ),
    "test": (
        "!= < <= == > >= boolean defined divisibleby eq equalto even false float ge greaterthan gt "
        "in integer iterable le lessthan lower lt mapping ne none number odd sameas sequence "
        "string true undefined upper"
    ),
    "tag": "block call extends filter for from if import include macro print raw set with",
}

_MARKUP = "it marks text as HTML, and a prompt is no HTML page"

_REFUSED = (
    Word("global", "lipsum", "its text is random: the same inputs must give the same bytes"),
    Word("filter", "attr", "it reaches Python attributes by computed names; write `a.b` or `a[b]`"),
    Word("filter", "forceescape", _MARKUP),
    Word("filter", "format", "its widths are unbounded; join text with `~`"),
    Word("filter", "pprint", "it prints Python's internals; use `tojson`"),
    Word("filter", "random", "the same inputs must give the same bytes"),
    Word("filter", "safe", _MARKUP),
    Word("filter", "urlize", "it writes HTML links, and a prompt is no HTML page"),
    Word("filter", "xmlattr", "it writes HTML attributes, and a prompt is no HTML page"),
    Word("tag", "autoescape", _MARKUP),
    Word("test", "callable", "inputs are plain data; nothing in them can be called"),
    Word("test", "escaped", _MARKUP),
    Word("test", "filter", "which filters exist is known when the template is written"),
    Word("test", "test", "which tests exist is known when the template is written"),
)

WORDS: tuple[Word, ...] = (
    *(Word(kind, name) for kind, names in _ALLOWED.items() for name in names.split()),
    *_REFUSED,
)
"""The table; allowed words first, by kind and name."""

METHODS: dict[type, frozenset[str]] = {
    str: words(
        "capitalize casefold center count endswith expandtabs find index isalnum isalpha isascii "
        "isdecimal isdigit islower isnumeric isspace istitle isupper join ljust lower lstrip "
        "partition removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip "
        "split splitlines startswith strip swapcase title upper zfill"
    ),
    dict: words("get items keys values"),
    list: words("count index"),
    tuple: words("count index"),
    float: frozenset(["is_integer"]),
}
"""Methods of plain values that templates may call, by the value's type."""

LOOP = words(
    "changed cycle depth depth0 first index index0 last length nextitem previtem revindex revindex0"
)
"""What Jinja's `loop` offers inside a `for`."""
