"""Selectors: every form, and text that only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptreg.errors import SelectorError
from promptreg.model.selector import (
    AtRevision,
    InEnvironment,
    Latest,
    Point,
    Selector,
    WorkingTree,
    parse_selector,
)
from promptreg.model.version import Version, parse_range

NAMES = st.from_regex(r"[d-k][a-z0-9_-]{0,8}(/[d-k][a-z0-9_-]{0,8}){0,2}", fullmatch=True)
POINTS: st.SearchStrategy[Point] = st.one_of(
    st.just(WorkingTree()),
    st.just(Latest()),
    st.builds(Version, *[st.integers(0, 999_999_999)] * 3, st.just(("rc", 1))),
    st.sampled_from(["^1.2", "~0.3", ">=1,<3", "=2", "<1.0.0-rc.1"]).map(parse_range),
    st.from_regex(r"[a-km-u][a-z0-9-]{0,20}", fullmatch=True).map(InEnvironment),
    st.text(min_size=1, max_size=20).map(AtRevision),
)


@given(NAMES, POINTS)
def test_a_selector_survives_format_and_parse(name: str, point: Point) -> None:
    selector = Selector(name, point)
    assert parse_selector(str(selector)) == selector


@pytest.mark.parametrize(
    ("text", "name", "point"),
    [
        ("support/triage", "support/triage", WorkingTree()),
        ("a@1.4.0", "a", Version(1, 4, 0)),
        ("a@v1.4.0", "a", Version(1, 4, 0)),
        ("a@1.4.0-rc.1", "a", Version(1, 4, 0, ("rc", 1))),
        ("a@latest", "a", Latest()),
        ("a@production", "a", InEnvironment("production")),
        ("a@vnext", "a", InEnvironment("vnext")),
        ("a@git:HEAD~1", "a", AtRevision("HEAD~1")),
        ("a@git:v1@{upstream}", "a", AtRevision("v1@{upstream}")),
        ("prompts:/a/1.4.0", "a", Version(1, 4, 0)),
        ("prompts:/support/triage/1.4.0", "support/triage", Version(1, 4, 0)),
        ("prompts:/support/triage@production", "support/triage", InEnvironment("production")),
        ("prompts:/support/triage@latest", "support/triage", Latest()),
    ],
)
def test_a_form(text: str, name: str, point: Point) -> None:
    assert parse_selector(text) == Selector(name, point)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "@",
        "@1.0.0",
        "a@",
        "a@1",
        "a@v1",
        "a@1.2",
        "a@*",
        "a@^",
        "a@^*",
        "a@^1.x",
        "a@b@1.0.0",
        "a@1.0.0@production",
        "a@Production",
        "a@prod_1",
        "a@git:",
        "a@-1.0.0",
        "a@--help",
        "--help",
        "-a@1.0.0",
        "--upload-pack=x@1.0.0",
        "A@1.0.0",
        "a@1.0.0\n",
        "a\n@1.0.0",
        "a@\uff11.0.0",
        "\uff41@1.0.0",
        "a@\u0661.0.0",
        "a@v\uff11.0.0",
        "a @1.0.0",
        "a@ 1.0.0",
        "a@>=1," * 1000,
        "a@" + "1" * 5000 + ".0.0",
        "a@^" + "9" * 5000,
        "a" * 1_000_000,
        "a@" + "b" * 1_000_000,
        "prompts:/",
        "prompts:/a",
        "prompts:/support/triage",
        "prompts:/a/1",
        "prompts:/a/latest",
        "prompts:/a/production",
        "prompts:/a/git:HEAD",
        "prompts:/a/^1.2",
        "prompts://a@production",
        "prompts:/a@1@2",
        "models:/a@production",
        "prompts:/prompts:/a@production",
        "prompts:/" * 50_000 + "a@production",
    ],
)
def test_no_selector(text: str) -> None:
    with pytest.raises(SelectorError) as caught:
        parse_selector(text)
    assert len(caught.value.what) < 700


@given(st.text(alphabet="a1@v.^~<>=*-/:, gitlatespromp\u0661", max_size=30))
def test_any_text_is_a_selector_or_a_selector_error(text: str) -> None:
    try:
        selector = parse_selector(text)
    except SelectorError:
        return
    assert parse_selector(str(selector)) == selector
