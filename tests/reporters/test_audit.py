"""An audit as text, CSV and Markdown: complete, and nothing in it acts."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptreg.model.audit import (
    Approved,
    Audit,
    AuditCheck,
    Branch,
    Event,
    Filters,
    Flaw,
    Person,
    Proof,
)
from promptreg.reporters.audit import audit_check_lines, audit_lines
from promptreg.reporters.audit_tables import COLUMNS, audit_csv, audit_markdown, defused
from promptreg.reporters.lines import plain

PROOF = Proof("ssh", "SHA256:abc", "verified")
GIVEN = Approved(
    "Gwen", "gwen@example.com", "governance", "0.2.0", "sha256:1", "2026-01-05", "ok", PROOF, "a"
)
EVENT = Event(
    kind="rollback",
    name="support/triage",
    environment="production",
    path="environments/production.yaml",
    before="0.3.0",
    after="0.2.0",
    digest="sha256:1",
    reason="It was rude",
    by_hand=True,
    commit="a" * 40,
    made_in="b" * 40,
    author=Person("Ann Example", "ann@example.com"),
    committed="2026-01-05T09:00:30+01:00",
    committer=Person("Mia", "mia@example.com"),
    merged_by=Person("Hub", "hub@example.com"),
    signature=PROOF,
    policy="sha256:2",
    approvals=(GIVEN,),
)
HOSTILE = "\x1b[31m::error::<img src=x> | `code` @all =1+1 ##[command]x\n# title\u202e"


def audited(*events: Event) -> Audit:
    return Audit("example", (Branch("registry", "main", "c" * 40),), Filters(), events)


def test_text_tells_everything_in_a_hundred_columns() -> None:
    text = plain(audit_lines(audited(EVENT)))
    assert text == (
        "2026-01-05T09:00+01:00  rollback  support/triage in production  0.3.0 -> 0.2.0  by hand\n"
        "  by: Ann Example <ann@example.com>, ssh signature verified (SHA256:abc)\n"
        "  committed by: Mia <mia@example.com>\n"
        "  merged by: Hub <hub@example.com>\n"
        "  why: It was rude\n"
        "  digest: sha256:1\n"
        "  approvals: gwen@example.com as governance (signature verified)\n"
        "  commit: aaaaaaaaaaaa, which merged bbbbbbbbbbbb, policy 2\n"
        "1 event: 1 rollback\n"
        "read from: `main` up to cccccccccccc and the release tags\n"
    )


def test_csv_has_a_row_for_each_event() -> None:
    rows = list(csv.reader(io.StringIO(audit_csv(audited(EVENT, EVENT)), newline="")))
    assert tuple(rows[0]) == COLUMNS
    told = dict(zip(rows[0], rows[2], strict=True))
    assert told["seq"] == "2"
    assert told["by_hand"] == "yes"
    assert told["author_email"] == "ann@example.com"
    assert told["approvals"] == "gwen@example.com as governance (signature verified)"


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "'=1", '"=1', "＝1", "\r=1", "\n=1"]
)
def test_no_cell_is_computed(text: str) -> None:
    cell = defused(text)
    assert cell.startswith("'") or "\\u{" in cell[:4]
    assert text.lstrip("\t\r\n") in cell


def test_plain_cells_stay_as_they_are() -> None:
    for text in ("", "support/triage", "0.1.0", "a=b", "2026-01-05T09:00:30+01:00", "it's"):
        assert defused(text) == text


@given(text=st.text(max_size=40))
def test_whatever_people_write_stays_in_its_cell(text: str) -> None:
    event = replace(EVENT, reason=text, author=Person(text, text), name=text)
    (_, row) = csv.reader(io.StringIO(audit_csv(audited(event)), newline=""))
    assert len(row) == len(COLUMNS)
    assert not any(cell[:1] in set("=+-@\t\r\n") and cell for cell in row)


def test_nothing_acts_in_any_format() -> None:
    event = replace(
        EVENT,
        reason=HOSTILE,
        name=HOSTILE,
        author=Person(HOSTILE, HOSTILE),
        problem=HOSTILE,
        approvals=(replace(GIVEN, email=HOSTILE),),
    )
    made = audited(event)
    lines = audit_markdown(made).split("\n")
    row = lines[-2]
    assert row.count("|") == 10, "a border that is told twice would make a column"
    for text in (plain(audit_lines(made)), audit_csv(made), audit_markdown(made)):
        assert not set("\x1b\u202e") & set(text)
        assert not any(line.lstrip().startswith("::") for line in text.split("\n"))
        assert "\n# title" not in text
    for text in (audit_csv(made), audit_markdown(made)):
        assert "##[command]" not in text


def test_a_check_names_the_lines() -> None:
    flaws = (Flaw(7, "broken-chain", f"an edit {HOSTILE}"), Flaw(9, "missing-event", "one is gone"))
    check = AuditCheck("a.jsonl", 12, 10, "example", "2026-01-05T09:00+00:00", "sha256:1", 2, flaws)
    lines = plain(audit_check_lines(check)).split("\n")
    assert lines[0].startswith("a.jsonl:7: error[broken-chain] an edit \\u{1b}")
    assert lines[1] == "a.jsonl:9: error[missing-event] one is gone"
    assert lines[2] == "2 errors in 10 events"
    assert lines[3] == "made: 2026-01-05T09:00Z; since then 2 more happened"
    good = plain(audit_check_lines(replace(check, flaws=(), newer=0)))
    assert good == "No findings in 10 events\nmade: 2026-01-05T09:00Z\nlast line: sha256:1\n"
