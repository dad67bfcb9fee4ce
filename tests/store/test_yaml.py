"""The strict reader of YAML: values by YAML 1.2, findings for the rest, and never an exception."""

from __future__ import annotations

import io
import json
import os
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError as RuamelError

from promptreg.model.data import Json
from promptreg.model.finding import Place, Severity
from promptreg.store.yaml import read_yaml

TORTURE = int(os.environ.get("TORTURE", "1"))
"""How many times more examples `make torture` asks for."""

VALUES: dict[str, tuple[str, Json]] = {
    "words that 1.1 took for booleans": (
        "[no, yes, on, off, y, n, No]",
        ["no", "yes", "on", "off", "y", "n", "No"],
    ),
    "dates and times": ("[2024-01-31, 12:30:45, 1:30]", ["2024-01-31", "12:30:45", "1:30"]),
    "booleans": ("[true, True, TRUE, false]", [True, True, True, False]),
    "nulls": ("[~, null, Null, NULL, ]", [None, None, None, None]),
    "an empty value": ("a:", {"a": None}),
    "decimal": ("[0, 7, -3, +4, 010, 1_000]", [0, 7, -3, 4, 10, "1_000"]),
    "octal and hexadecimal": ("[0o17, 0x1F, 0b1]", [15, 31, "0b1"]),
    "floats": ("[1.5, .5, 5., 1e3, -2.5E-1, 1.10]", [1.5, 0.5, 5.0, 1000.0, -0.25, 1.1]),
    "the largest integers": ("[9007199254740991, -9007199254740991]", [2**53 - 1, 1 - 2**53]),
    "leading zeros": ("000000000000000000000000012", 12),
    "not quite numbers": (
        "[1.2.3, 0o9, 0xG, 1e, '-', +, ., 1.4.0-rc.1]",
        ["1.2.3", "0o9", "0xG", "1e", "-", "+", ".", "1.4.0-rc.1"],
    ),
    "quoted is text": ("['1', \"true\", '']", ["1", "true", ""]),
    "the Norwegian key": ("{no: 1, off: 2, =: 3}", {"no": 1, "off": 2, "=": 3}),
    "block texts": ("a: |\n  x\n  y\nb: >-\n  x\n  y\n", {"a": "x\ny\n", "b": "x y"}),
    "one alias": ("a: &x {b: [1]}\nc: *x", {"a": {"b": [1]}, "c": {"b": [1]}}),
    "an alias as a key": ("[&k word, {*k : 1}]", ["word", {"word": 1}]),
    "a document marker": ("---\na: 1\n...\n", {"a": 1}),
    "crlf": ("a: 1\r\nb: |\r\n  x\r\n", {"a": 1, "b": "x\n"}),
    "a quoted merge key": ("'<<': 1", {"<<": 1}),
    "an honest escape": ('a: "x\\ty\\n\\u00e9"', {"a": "x\ty\né"}),
}


@pytest.mark.parametrize(("text", "value"), VALUES.values(), ids=VALUES)
def test_values_are_those_of_yaml_1_2(text: str, value: Json) -> None:
    reading = read_yaml("a.yaml", text)
    assert reading.findings == ()
    assert reading.value == value
    assert json.dumps(reading.value) == json.dumps(value)


# text -> rule, place, part of the message
BROKEN: dict[str, tuple[str, str, Place, str]] = {
    "empty": ("", "yaml-syntax", Place(1, 1), "no document"),
    "only a comment": ("# a\n", "yaml-syntax", Place(1, 1), "no document"),
    "tab": ("a:\n\tb: 1\n", "yaml-syntax", Place(2, 1), "tab"),
    "open bracket": ("a: [1,\nb: 2\n", "yaml-syntax", Place(3, 1), "`[` of line 1"),
    "open brace": ("a: {b: 1\nc: 2\n", "yaml-syntax", Place(2, 2), "`{` of line 1"),
    "open quote": ("a: 'x\nb: 2\n", "yaml-syntax", Place(3, 1), "quote opened on line 1"),
    "colon in text": ("a: b: c\n", "yaml-syntax", Place(1, 5), "`:`"),
    "indentation": ("a: 1\n b: 2\n", "yaml-syntax", Place(2, 3), "`:`"),
    "less indentation": ("a:\n    b: 1\n  c: 2\n", "yaml-syntax", Place(3, 3), "indentation"),
    "no colon": ("a: 1\nb\nc: 2\n", "yaml-syntax", Place(3, 1), "no `:`"),
    "jinja unquoted": ("a: {{ name }}\n", "yaml-not-plain", Place(1, 5), "collection"),
    "at sign": ("a: @b\n", "yaml-syntax", Place(1, 4), "'@'"),
    "bad escape": ('a: "\\q"\n', "yaml-syntax", Place(1, 5), "escape"),
    "a star": ("a: *\n", "yaml-syntax", Place(1, 5), "`*`"),
    "no such anchor": ("a: *b\n", "yaml-syntax", Place(1, 4), "`*b`"),
    "duplicate": ("a: 1\nb: 2\na: 3\n", "yaml-duplicate-key", Place(3, 1), "twice"),
    "duplicate by quotes": ("{a: 1, 'a': 2}", "yaml-duplicate-key", Place(1, 8), "twice"),
    "number as key": ("x:\n  1: a\n", "yaml-not-plain", Place(2, 3), "not text"),
    "boolean as key": ("true: a\n", "yaml-not-plain", Place(1, 1), "not text"),
    "null as key": ("~: a\n", "yaml-not-plain", Place(1, 1), "not text"),
    "missing key": ("?\n: a\n", "yaml-not-plain", Place(1, 2), "missing"),
    "list as key": ("? [a]\n: b\n", "yaml-not-plain", Place(1, 3), "collection"),
    "merge": ("a: &a {b: 1}\nc: {<<: *a}\n", "yaml-not-plain", Place(2, 5), "<<"),
    "python tag": ("a: !!python/name:os.system x\n", "yaml-not-plain", Place(1, 4), "!!python"),
    "own tag": ("a: !x 1\n", "yaml-not-plain", Place(1, 4), "!x"),
    "bare tag": ("a: ! 1\n", "yaml-not-plain", Place(1, 4), "tag"),
    "tag of a list": ("!!set {a}\n", "yaml-not-plain", Place(1, 1), "!!set"),
    "tag directive": ("%TAG ! tag:x,2000:\n---\na: 1\n", "yaml-not-plain", Place(1, 1), "`%`"),
    "yaml directive": ("%YAML 1.2\n---\na: 1\n", "yaml-not-plain", Place(1, 1), "`%`"),
    "second document": ("a: 1\n---\nb: 1\n", "yaml-not-plain", Place(2, 1), "second"),
    "anchor in itself": ("a: &x [*x]\n", "yaml-not-plain", Place(1, 8), "inside its own"),
    "anchor twice": ("[&x 1, &x 2]\n", "yaml-not-plain", Place(1, 8), "twice"),
    "nan": ("a: .nan\n", "yaml-not-plain", Place(1, 4), ".nan"),
    "infinity": ("a: -.inf\n", "yaml-not-plain", Place(1, 4), "-.inf"),
    "too large": ("a: 9007199254740992\n", "yaml-not-plain", Place(1, 4), "too large"),
    "5000 digits": ("a: " + "9" * 5000, "yaml-not-plain", Place(1, 4), "too large"),
    "a float of 5000 digits": ("a: " + "9" * 5000 + ".5", "yaml-not-plain", Place(1, 4), "too large"),
    "1e999": ("a: 1e999\n", "yaml-not-plain", Place(1, 4), "too large"),
    "escaped ESC": ('a: "x\\e[1m"\n', "forbidden-character", Place(1, 6), "U+001B"),
    "escaped bidi": ('a: "é\\tx\\u202e"\n', "forbidden-character", Place(1, 9), "U+202E"),
    "escaped tag": ('a: "\\U000e0041"\n', "forbidden-character", Place(1, 5), "U+E0041"),
    "escaped in a key": ('"a\\u202e": 1\n', "forbidden-character", Place(1, 1), "U+202E"),
    "lone carriage return": ('a: "x\\ry"\n', "forbidden-character", Place(1, 6), "U+000D"),
    "65 lists": ("[" * 65 + "]" * 65, "limit-exceeded", Place(1, 65), "64 levels"),
    "50 KB of brackets": ("[" * 50_000, "limit-exceeded", Place(1, 65), "64 levels"),
    "30 000 braces": ("{a: " * 30_000, "limit-exceeded", Place(1, 257), "64 levels"),
    "a deep block list": ("- " * 5_000 + "x", "limit-exceeded", Place(1, 129), "64 levels"),
    "depth by alias": ("[&a " + "[" * 40 + "]" * 40 + ", " + "[" * 30 + "*a" + "]" * 30 + "]", "limit-exceeded", Place(1, 117), "depth"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "rule", "place", "says"), BROKEN.values(), ids=BROKEN)
def test_what_is_not_plain_data_is_a_finding(text: str, rule: str, place: Place, says: str) -> None:
    reading = read_yaml("a.yaml", text)
    assert reading.value is None
    finding = reading.findings[0]
    assert (finding.rule, finding.at.place, finding.severity) == (rule, place, Severity.ERROR)
    assert says in finding.message
    assert finding.at.path == "a.yaml"
    assert len(finding.message) < 200


def test_sixty_four_levels_are_fine() -> None:
    assert read_yaml("a.yaml", "[" * 64 + "]" * 64).findings == ()


def test_a_duplicate_key_shows_the_first_one() -> None:
    reading = read_yaml("a.yaml", "m:\n  a: 1\n  b: 2\n  a: 3\n")
    (finding,) = reading.findings
    assert finding.at.route == ("m", "a")
    assert finding.at.place == Place(4, 3)
    (first,) = finding.related
    assert (first.place, first.note) == (Place(2, 3), "the first one")


def test_several_mistakes_are_all_found_with_their_routes() -> None:
    text = "a:\n  - x: !t 1\n    1: 2\nb: {c: .nan, c: 1}\n"
    routes = {finding.rule + str(finding.at.route) for finding in read_yaml("a", text).findings}
    assert routes == {
        "yaml-not-plain('a', 0, 'x')",
        "yaml-not-plain('a', 0)",
        "yaml-not-plain('b', 'c')",
        "yaml-duplicate-key('b', 'c')",
    }


def test_suspicious_escapes_warn_and_keep_the_value() -> None:
    reading = read_yaml("a.yaml", 'a: "ig\\u200bnore"')
    assert reading.value == {"a": "ig\u200bnore"}
    (finding,) = reading.findings
    assert finding.severity is Severity.WARNING
    assert finding.at.route == ("a",)
    assert finding.at.place == Place(1, 7)


def test_raw_characters_are_left_to_the_check_of_the_file() -> None:
    assert read_yaml("a.yaml", 'a: "ig\u200bnore"').findings == ()


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [x,x,x,x,x,x,x,x,x]\n"
        + "".join(f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)),
        "a: &a [" + "x, " * 200 + "]\nb: [" + "*a, " * 60 + "]",
        "a: &a " + "x" * 200_000 + "\nb: [" + "*a, " * 10 + "]",
        "a: &a {? " + "x" * 200_000 + " : 1}\nb: [" + "*a, " * 10 + "]",
    ],
    ids=["bomb", "many", "long text", "long key"],
)  # fmt: skip
def test_what_aliases_add_is_bounded(text: str) -> None:
    (finding,) = read_yaml("a.yaml", text).findings
    assert (finding.rule, finding.key) == ("limit-exceeded", "aliases")


def test_without_libyaml_the_answers_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    with_c = {name: read_yaml("a", case[0]) for name, case in BROKEN.items()}
    values = {name: read_yaml("a", case[0]) for name, case in VALUES.items()}
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    for name, (text, _) in VALUES.items():
        assert read_yaml("a", text) == values[name], name
    for name, case in BROKEN.items():
        found = read_yaml("a", case[0]).findings[0]
        assert found.rule == with_c[name].findings[0].rule, name


@given(st.text(max_size=120))
@example("\ud800")
@example('"\\UFFFFFFFF"')
@example("!<tag:yaml.org,2002:int> x")
@example("%YAML 9.9\n---\n")
@example("a: !!binary ====")
@example("? ? ? ?")
@example("- |9\n x")
@settings(deadline=None, max_examples=400 * TORTURE)
def test_no_text_raises(text: str) -> None:
    reading = read_yaml("a", text)
    if reading.value is None:
        assert reading.findings


_YAMLISH = st.text(alphabet="ab:-?[]{},&*!|>'\"%@`#~<=. \n\t0123e\\x", max_size=60)


@given(_YAMLISH)
@settings(deadline=None, max_examples=400 * TORTURE)
def test_what_we_read_ruamel_reads_alike(text: str) -> None:
    reading = read_yaml("a", text)
    if reading.value is None:
        return
    try:
        theirs = _ruamel(text)
    except (RuamelError, ValueError, TypeError, AssertionError):
        return
    assert _loose(theirs) == _loose(reading.value)


_SCALARS: st.SearchStrategy[Any] = (
    st.none()
    | st.booleans()
    | st.integers(1 - 2**53, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp", "Cn", "Co", "Mn"]), max_size=20)
)  # fmt: skip
_DOCUMENTS = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.from_regex(r"[a-z]{1,6}", fullmatch=True), inner, max_size=4)
    ),
    max_leaves=12,
).filter(lambda value: value is not None)


@given(_DOCUMENTS, st.sampled_from([True, False, None]))
@settings(deadline=None, max_examples=300 * TORTURE)
def test_what_ruamel_writes_for_1_2_we_read(value: Any, flow: Any) -> None:
    writer = YAML(typ="safe", pure=True)
    writer.version = None
    writer.default_flow_style = flow
    stream = io.StringIO()
    writer.dump(value, stream)
    reading = read_yaml("a", stream.getvalue())
    if reading.findings:
        # libyaml refuses `[:x]`, which 1.2 allows: a finding, not another value.
        with pytest.raises(yaml.YAMLError):
            yaml.load(stream.getvalue(), Loader=yaml.CSafeLoader)
    else:
        assert reading.value == value
    dumped = json.dumps(value, ensure_ascii=False)
    assert read_yaml("a", dumped).value == json.loads(dumped)


_WORDY = st.recursive(
    st.text("abyn é:#-'\"{}[],&*", max_size=12) | st.integers(-99, 99) | st.booleans(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abé: -'\"", max_size=6), inner),
    max_leaves=12,
)


@given(_WORDY)
@settings(deadline=None, max_examples=200 * TORTURE)
def test_where_1_1_and_1_2_agree_so_do_we_with_libyaml(value: Any) -> None:
    text = yaml.dump(value, Dumper=yaml.CSafeDumper, allow_unicode=True)
    reading = read_yaml("a", text)
    assert reading.findings == ()
    assert reading.value == yaml.load(text, Loader=yaml.CSafeLoader)


def _ruamel(text: str) -> Any:
    reader = YAML(typ="safe", pure=True)
    reader.version = (1, 2)
    reader.allow_duplicate_keys = False
    return reader.load(text)


def _loose(value: Any) -> Any:
    """ruamel keeps 1_000 and 0b1 as numbers and dates as objects: compare what 1.2 fixes."""
    if isinstance(value, dict):
        return {str(key): _loose(child) for key, child in value.items()}
    if isinstance(value, list):
        return [_loose(child) for child in value]
    return value if isinstance(value, bool | None) else float(value) if isinstance(value, int | float) else str(value)  # fmt: skip
