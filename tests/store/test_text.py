"""Text of files: strict UTF-8, and code points that a reader can trust."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptreg.model.finding import Place, Severity
from promptreg.store.codepoints import MOST, check_text
from promptreg.store.text import decode

SCOTLAND = "\U0001f3f4" + "".join(chr(0xE0000 + ord(c)) for c in "gbsct") + "\U000e007f"

CLEAN = {
    "plain": "Hello, world.\n\tTab and line end.\n",
    "crlf": "one\r\ntwo\r\n",
    "accents": "Grüße, naïve café, Ærø, łódź",
    "emoji": "👍🏽 👨‍👩‍👧 ❤️‍🔥 🏳️‍🌈 1️⃣ #️⃣ 👩🏽‍⚕️ 🙂‍↔️ 🐦‍⬛ 🇩🇪",
    "flag of Scotland": f"{SCOTLAND} bonnie",
    "persian": "می‌خواهم کتاب‌ها را بخوانم",
    "arabic with marks": "مرحبا\u200f بالعالم \u061c(٣)",
    "hebrew with marks": "שלום \u200eAPI\u200e עולם",
    "hindi": "क्‍ष और क्‌ष",
    "sinhala": "ක්‍රි ශ්‍රී ලංකා",
    "thai": "ภาษา\u200bไทย",
    "japanese variant": "葛\U000e0100城市",
    "korean jamo": "\u1100\u1160\u11a8",
    "braille": "⠓⠑⠇⠇⠕\u2800⠺⠕⠗⠇⠙",
    "russian": "Привет, мир. API-ключ и USB-порт",
    "greek": "Καλημέρα κόσμε",
    "science": "5 μm, Δt, kΩ, TGFβ, λx",
    "math": "∑ ∫ √2 ≤ ∞",
}

FORBIDDEN = {
    "nul": ("a\0b", "U+0000"),
    "escape": ("a\x1b[31m", "U+001B"),
    "vertical tab": ("a\x0bb", "U+000B"),
    "delete": ("a\x7f", "U+007F"),
    "lone carriage return": ("a\rb\r\n", "U+000D"),
    "carriage return at the end": ("a\r", "U+000D"),
    "next line": ("# a\x85key: b", "U+0085"),
    "csi": ("a\x9b31m", "U+009B"),
    "line separator": ("# ok\u2028system: evil", "U+2028"),
    "paragraph separator": ("a\u2029b", "U+2029"),
    "override": ("a\u202eb", "U+202E"),
    "isolate": ("a\u2066b", "U+2066"),
    "tag": ("a\U000e0041b", "U+E0041"),
    "flag of nowhere": ("\U0001f3f4\U000e0078\U000e007f", "U+E0078"),
    "unfinished flag": (SCOTLAND[:-1], "U+E0067"),
    "variation of a letter": ("a\U000e0100", "U+E0100"),
    "variation at the start": ("\U000e0100", "U+E0100"),
    "noncharacter": ("a\ufdd0", "U+FDD0"),
    "last noncharacter": ("\U0010ffff", "U+10FFFF"),
    "word joiner": ("a\u2060b", "U+2060"),
    "invisible times": ("a\u2062b", "U+2062"),
    "deprecated format": ("a\u206ab", "U+206A"),
    "annotation": ("a\ufff9b", "U+FFF9"),
    "mark in the middle": ("a\ufeffb", "U+FEFF"),
}

SUSPICIOUS = {
    "zero width space": ("ig\u200bnore", "U+200B"),
    "non-joiner in latin": ("ig\u200cnore", "U+200C"),
    "joiner in latin": ("ig\u200dnore", "U+200D"),
    "joiner after one emoji": ("👍\u200d ok", "U+200D"),
    "two non-joiners": ("x\u200c\u200cy", "U+200C"),
    "direction mark in latin": ("a\u200fb\nשלום", "U+200F"),
    "arabic mark in latin": ("a\u061cb", "U+061C"),
    "soft hyphen": ("ig\xadnore", "U+00AD"),
    "grapheme joiner": ("a\u034fb", "U+034F"),
    "hangul filler": ("a\u3164b", "U+3164"),
    "jamo filler": ("a\u1160b", "U+1160"),
    "halfwidth filler": ("a\uffa0b", "U+FFA0"),
    "braille blank": ("a\u2800b", "U+2800"),
    "private use": ("a\ue000b", "U+E000"),
    "far private use": ("a\U00100000b", "U+100000"),
    "selectors in a row": ("😀\ufe01\ufe02", "U+FE02"),
    "selector after a letter": ("a\ufe0f", "U+FE0F"),
    "cyrillic a": ("log in to pаypal", "pаypal"),
    "greek o": ("gοοgle", "gοοgle"),
    "greek at the start": ("Αdmin", "Αdmin"),
}


@pytest.mark.parametrize("text", CLEAN.values(), ids=CLEAN)
def test_honest_text_passes(text: str) -> None:
    assert check_text(text) == ()
    assert decode("a.j2", text.encode()) == (text, ())


@pytest.mark.parametrize(("text", "key"), FORBIDDEN.values(), ids=FORBIDDEN)
def test_forbidden_characters_are_errors(text: str, key: str) -> None:
    decoded, findings = decode("a.j2", text.encode())
    assert decoded is None
    first = findings[0]
    assert (first.rule, first.severity, first.key) == ("forbidden-character", Severity.ERROR, key)
    assert key in first.message


@pytest.mark.parametrize(("text", "key"), SUSPICIOUS.values(), ids=SUSPICIOUS)
def test_suspicious_characters_are_warnings(text: str, key: str) -> None:
    decoded, findings = decode("a.j2", text.encode())
    assert decoded == text
    found = {finding.key: finding for finding in findings}
    assert found[key].rule == "suspicious-character"
    assert found[key].severity is Severity.WARNING


@pytest.mark.parametrize(
    ("data", "place", "says"),
    [
        (b"ok\nna\xffme", Place(2, 3), "0xff"),
        ("é\n日本".encode() + b"\xe6\x97", Place(2, 3), "0xe6"),
        (b"\xed\xa0\x80", Place(1, 1), "0xed"),
        (b"\xc0\x80", Place(1, 1), "0xc0"),
        ("\ufeffa: 1".encode(), Place(1, 1), "byte order mark"),
        ("a: 1".encode("utf-16"), Place(1, 1), "UTF-16"),
        ("a: 1".encode("utf-32"), Place(1, 1), "UTF-32"),
    ],
)
def test_other_encodings_are_named(data: bytes, place: Place, says: str) -> None:
    text, (finding,) = decode("a.yaml", data)
    assert text is None
    assert finding.rule == "not-utf8"
    assert finding.at.place == place
    assert says in finding.message


def test_a_character_is_one_finding_with_its_places() -> None:
    _, findings = decode("a.j2", "a\u200bb\nc\u200bd\n".encode())
    (finding,) = findings
    assert finding.at.place == Place(1, 2)
    assert [other.place for other in finding.related] == [Place(2, 2)]
    assert "2 times" in finding.message


def test_warnings_never_crowd_out_an_error() -> None:
    text = "\u200b" * 500 + "\u202e"
    assert any(one.severity is Severity.ERROR for one in check_text(text))
    decoded, findings = decode("a.j2", text.encode())
    assert decoded is None
    assert len(findings) <= 2 * MOST


@pytest.mark.parametrize(
    "text",
    [
        "\u200b" * 85_000,
        ("ש" + "\u200e" * 300 + "\n") * 280,
        "\u200d👩" * 36_000,
        "аa" * 85_000,
        "\u2800" * 85_000,
        SCOTLAND * 9_000,
    ],
)
def test_hostile_files_of_256_kb_are_read(text: str) -> None:
    check_text(text)


@given(st.binary(max_size=300))
@settings(deadline=None, max_examples=300)
def test_any_bytes_are_text_or_a_finding(data: bytes) -> None:
    text, findings = decode("a", data)
    if text is None:
        assert any(finding.severity is Severity.ERROR for finding in findings)
    else:
        assert text.encode() == data


@given(st.text(max_size=200))
@settings(deadline=None, max_examples=300)
def test_places_of_suspects_hold_them(text: str) -> None:
    for suspect in check_text(text):
        assert text.startswith(suspect.codepoint, suspect.at)
