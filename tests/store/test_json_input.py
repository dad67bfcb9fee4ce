"""Strict JSON for input files."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptreg.errors import InputError
from promptreg.store.json_input import read_inputs, read_json


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b'{"a": NaN}', "NaN"),
        (b'{"a": -Infinity}', "Infinity"),
        (b'{"a": 1, "b": {"c": 1, "c": 2}}', "`c`"),
        (b'{"a": 1e999}', "too large"),
        (b'{"a": 9007199254740993}', "too large to be exact"),
        (b'{"a": ' + b"9" * 5000 + b"}", "too large to be exact"),
        (b'{"a": "\\ud800"}', "surrogate"),
        (b'{"\\udfff": 1}', "surrogate"),
        (b'{"a": "\xff"}', "not UTF-8 at byte 7"),
        (b'\xef\xbb\xbf{"a": 1}', "byte order mark"),
        ('{"a": 1}'.encode("utf-16"), "not UTF-8"),
        (b"[" * 100_000, "64 levels"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "64 levels"),
        (b'{"a": 1,}', "at line 1, column 9"),
        (b"{'a': 1}", "no JSON"),
        (b"", "no JSON"),
        (b'{"a": "b\n"}', "no JSON"),
        (b'{"a": 1} {"b": 2}', "Extra data"),
        (b'"' + b'\\"' * 200_000, "no JSON"),
        (b'{"a": "' + b"x" * 1024 * 1024 + b'"}', "more than 1048576 bytes"),
    ],
)
def test_what_is_not_strict_json_is_refused(data: bytes, says: str) -> None:
    with pytest.raises(InputError) as caught:
        read_json("in.json", data)
    assert says in caught.value.what
    assert caught.value.where == "in.json"


def test_inputs_are_an_object() -> None:
    assert read_inputs("in.json", b'{"a": [1, 2.5, null, "\\ud83d\\ude00", "[[{{"]}') == {
        "a": [1, 2.5, None, "😀", "[[{{"]
    }
    with pytest.raises(InputError, match="object"):
        read_inputs("in.json", b"[1]")


def test_brackets_in_texts_are_no_nesting() -> None:
    assert read_json("in.json", json.dumps("[" * 1000 + '\\"{').encode()) == "[" * 1000 + '\\"{'


def test_the_cap_is_the_callers() -> None:
    with pytest.raises(InputError, match="more than 3 bytes"):
        read_json("in.json", b"[1, 2]", most_bytes=3)


@given(st.binary(max_size=200) | st.text('{}[]",:\\u0123dDeE.-ntf ', max_size=80).map(str.encode))
@settings(deadline=None, max_examples=300)
def test_any_bytes_are_a_value_or_an_input_error(data: bytes) -> None:
    try:
        value = read_json("in.json", data)
    except InputError:
        return
    assert value == json.loads(data)
    json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
