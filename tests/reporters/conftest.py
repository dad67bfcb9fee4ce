"""A report to show, and judges of what the formats make of any report."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import jsonschema
import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from promptreg.checks.report import Report
from promptreg.model.finding import Finding, Location, Place, Severity
from promptreg.reporters.options import ReportOptions
from promptreg.rules.builtin import descriptions

Judge: TypeAlias = Callable[[str], Any]

SCHEMAS = Path(__file__).parent / "schemas"
_XS = "{http://www.w3.org/2001/XMLSchema}"
_BLOCKS = {
    "bullet_list", "fence", "heading", "html_block", "inline", "list_item", "paragraph",
    "table", "tbody", "td", "th", "thead", "tr",
}  # fmt: skip
_INLINES = {"text", "code_inline", "strong_open", "strong_close", "softbreak"}
_HTML = re.compile(
    r"<!-- promptreg -->\n?|</details>\n?|<details>\n<summary><code>[^<>]*</code>: [a-z0-9, ]+</summary>\n?"
)
# What services make of plain text in a page: mentions, references, links, emoji, mathematics.
_LIVE = re.compile(r"@|#\d|://|www\.|:[a-z_+]+:|\$|\b[0-9a-f]*\d[0-9a-f]{6,}|</?[a-z!]|\|")


@pytest.fixture(scope="session")
def report() -> Report:
    """An error with all that a finding can have, a warning about a file, a clean manifest."""
    triage = "prompts/triage.prompt.yaml"
    undeclared = Finding(
        "undeclared-input",
        Severity.ERROR,
        "`tier` is used but not declared",
        Location(triage, ("messages", 0, "content"), Place(14, 15)),
        entry="support/triage",
        key="tier",
        fix="add `tier` under `inputs:` or remove it from the template",
        related=(
            Location(triage, ("inputs",), Place(22, 1), note="declared here"),
            Location("partials/tone, v2.j2", (), note="used here too"),
        ),
    )
    odd = Finding(
        "suspicious-character", Severity.WARNING, "100% odd: a b", Location("partials/a b%c.j2")
    )
    return Report(
        "working tree",
        (odd, undeclared),
        2,
        0,
        notes=("no tags here",),
        excerpts={(triage, 14): "    Tier: {{ tier }}"},
        manifests=("prompts/clean.prompt.yaml", triage),
    )


@pytest.fixture(scope="session")
def options() -> ReportOptions:
    """A registry in a subfolder."""
    return ReportOptions(Severity.ERROR, "registry/", "registry", descriptions())


@pytest.fixture(scope="session")
def valid_sarif() -> Judge:
    """Reads SARIF, which fits the schema."""
    schema = json.loads((SCHEMAS / "sarif-2.1.0-rtm.5.json").read_text())
    return _json_judge(jsonschema.Draft4Validator(schema))


@pytest.fixture(scope="session")
def valid_gitlab() -> Judge:
    """Reads a code quality report, which fits the schema and has no fingerprint twice."""
    schema = json.loads((SCHEMAS / "gitlab-code-quality.schema.json").read_text())
    judge = _json_judge(jsonschema.Draft202012Validator(schema))

    def read(text: str) -> Any:
        issues = judge(text)
        assert len({one["fingerprint"] for one in issues}) == len(issues)
        return issues

    return read


def _json_judge(validator: Any) -> Judge:
    def read(text: str) -> Any:
        data = json.loads(text.encode("utf-8"))
        assert [error.message for error in validator.iter_errors(data)] == []
        return data

    return read


@pytest.fixture(scope="session")
def valid_junit() -> Judge:
    """Reads JUnit XML, which fits the schema and whose counts are those of its elements."""
    schema = Xsd(SCHEMAS / "junit-10.xsd")

    def read(text: str) -> ET.Element:
        root = ET.fromstring(text.encode("utf-8"))  # noqa: S314 - our own
        assert root.tag == "testsuites"
        assert list(schema.problems(root)) == []
        for one in root.iter():
            if one.tag in {"testsuite", "testsuites"}:
                for name, tag in (("tests", "testcase"), ("failures", "failure")):
                    assert one.get(name) == str(len(list(one.iter(tag))))
        return root

    return read


class Xsd:
    """As much of XML Schema as junit-10.xsd needs: content models, required attributes, text."""

    def __init__(self, path: Path) -> None:
        schema = ET.parse(path).getroot()  # noqa: S314 - our own
        self.elements = {one.get("name"): one for one in schema.findall(f"{_XS}element")}
        self.types = {one.get("name"): one for one in schema.findall(f"{_XS}complexType")}

    def problems(self, element: ET.Element) -> Iterator[str]:
        """What doesn't fit, in the element and below."""
        declared = self.elements.get(element.tag)
        if declared is None:
            yield f"unknown element {element.tag}"
            return
        inline = declared.find(f"{_XS}complexType")
        kind = inline if inline is not None else self.types.get(declared.get("type"))
        attributes = (
            {}
            if kind is None
            else {one.get("name"): one for one in kind.findall(f"{_XS}attribute")}
        )
        yield from (
            f"{element.tag}: unknown {name}" for name in set(element.attrib) - set(attributes)
        )
        required = {name for name, one in attributes.items() if one.get("use") == "required"}
        yield from (f"{element.tag}: no {name}" for name in required - set(element.attrib))
        model = "" if kind is None else "".join(self._model(particle) for particle in kind)
        children = "".join(f"<{child.tag}>" for child in element)
        if not re.fullmatch(model, children):
            yield f"{element.tag}: {children} doesn't fit {model}"
        is_text = kind is None or kind.get("mixed") == "true"
        texts = [element.text, *(child.tail for child in element)]
        if not is_text and any((text or "").strip() for text in texts):
            yield f"{element.tag}: text"
        for child in element:
            yield from self.problems(child)

    def _model(self, particle: ET.Element) -> str:
        low, high = particle.get("minOccurs", "1"), particle.get("maxOccurs", "1")
        times = f"{{{low},{'' if high == 'unbounded' else high}}}"
        match particle.tag.removeprefix(_XS):
            case "element":
                return f"(?:<{particle.get('ref') or particle.get('name')}>){times}"
            case "sequence":
                return f"(?:{''.join(map(self._model, particle))}){times}"
            case "choice":
                return f"(?:{'|'.join(map(self._model, particle))}){times}"
        return ""


@pytest.fixture(scope="session")
def xsd() -> Xsd:
    """The judge of JUnit XML, to be judged itself."""
    return Xsd(SCHEMAS / "junit-10.xsd")


@pytest.fixture(scope="session")
def inert_markdown() -> Judge:
    """Parses Markdown and finds nothing alive in it; its blocks."""
    parser = MarkdownIt("commonmark").enable("table")

    def read(text: str) -> list[Token]:
        tokens = parser.parse(text)
        for token in tokens:
            assert token.type.removesuffix("_open").removesuffix("_close") in _BLOCKS
            if token.type == "html_block":
                assert _HTML.fullmatch(token.content), token.content
            if token.type == "fence":
                assert token.info in {"text", "diff"}
            for child in token.children or ():
                assert child.type in _INLINES, child
                assert child.type != "text" or not _LIVE.search(child.content), child.content
        return tokens

    return read
