"""The comment recipe against a GitHub that is played by a server on this machine."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from subprocess import CompletedProcess
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

if TYPE_CHECKING:
    from tests.integrations.conftest import Machine

TOP = Path(__file__).parents[2]

WORKFLOW = yaml.safe_load((TOP / "integrations/github/comment.yml").read_text("utf-8"))
SCRIPT: str = WORKFLOW["jobs"]["comment"]["steps"][1]["run"]
REPORT = "<!-- promptreg -->\n### promptreg: failed\n"
SHA = "a" * 40
REPOSITORY = "/repos/example/prompts"


@dataclass
class Hub:
    """What GitHub knows, and what it was asked to write."""

    pulls: list[dict[str, Any]] = field(default_factory=list)
    comments: list[dict[str, Any]] = field(default_factory=list)
    asked: list[dict[str, list[str]]] = field(default_factory=list)
    written: list[tuple[str, str, str]] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    address: str = ""

    def answer(self, method: str, path: str, query: dict[str, list[str]], body: bytes) -> Any:
        """What the API says."""
        assert path.startswith(REPOSITORY)
        path = path.removeprefix(REPOSITORY + "/")
        if method != "GET":
            self.written.append((method, path, json.loads(body)["body"]))
            return {}
        if path == "pulls":
            self.asked.append(query)
            return self.pulls
        start = 100 * (int(query["page"][0]) - 1)
        return self.comments[start : start + 100]


@pytest.fixture
def hub() -> Iterator[Hub]:
    """A GitHub with one open pull request, number 7, whose head is the commit that was judged."""
    known = Hub(pulls=[{"number": 7, "head": {"sha": SHA}}])

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            known.tokens.add(self.headers["Authorization"])
            answer = known.answer(self.command, parts.path, parse_qs(parts.query), body)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        do_GET = do_POST = do_PATCH = handle_any  # noqa: N815 - http.server wants these names

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        known.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield known
        server.shutdown()
        thread.join()


def comment(
    machine: Machine, hub: Hub, report: str | None = REPORT, branch: str = "topic"
) -> CompletedProcess[str]:
    """Run the script of the recipe on a report."""
    folder = machine.room / "report"
    folder.mkdir()
    if report is not None:
        (folder / "promptreg.md").write_text(report, encoding="utf-8")
    return run(machine, hub, branch)


def run(machine: Machine, hub: Hub, branch: str = "topic") -> CompletedProcess[str]:
    script = machine.room / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    variables = {
        "GITHUB_API_URL": hub.address,
        "GITHUB_REPOSITORY": "example/prompts",
        "RUNNER_TEMP": str(machine.room),
        "TOKEN": "a-token",
        "HEAD_SHA": SHA,
        "HEAD_BRANCH": branch,
        "HEAD_OWNER": "contributor",
    }
    return machine.run([sys.executable, str(script)], machine.room, variables)


def test_it_comments_on_the_pull_request_that_has_the_commit(machine: Machine, hub: Hub) -> None:
    done = comment(machine, hub)
    assert (done.returncode, done.stdout) == (0, "Commented on #7.\n")
    ((method, path, body),) = hub.written
    assert (method, path) == ("POST", "issues/7/comments")
    assert body.startswith(REPORT)
    assert hub.tokens == {"Bearer a-token"}


def test_a_branch_name_stays_a_name(machine: Machine, hub: Hub) -> None:
    comment(machine, hub, branch="x&state=all#/../$(id)")
    assert hub.asked == [{"state": ["open"], "head": ["contributor:x&state=all#/../$(id)"]}]


def test_nothing_is_written_where_the_head_has_moved_on(machine: Machine, hub: Hub) -> None:
    hub.pulls = [{"number": 7, "head": {"sha": "b" * 40}}]
    assert comment(machine, hub).returncode == 0
    assert hub.written == []


def test_the_comment_of_before_is_replaced(machine: Machine, hub: Hub) -> None:
    hub.comments = [
        *({"id": number, "user": {"login": "a-person"}, "body": "hello"} for number in range(100)),
        {"id": 1, "user": {"login": "a-person"}, "body": REPORT},
        {"id": 2, "user": {"login": "github-actions[bot]"}, "body": "another bot's"},
        {"id": 3, "user": {"login": "github-actions[bot]"}, "body": REPORT},
    ]
    comment(machine, hub)
    assert [one[:2] for one in hub.written] == [("PATCH", "issues/comments/3")]


def test_what_is_no_report_is_refused(machine: Machine, hub: Hub) -> None:
    done = comment(machine, hub, "Approved!\n")
    assert (done.returncode, hub.asked, hub.written) == (1, [], [])


def test_no_report_is_no_failure(machine: Machine, hub: Hub) -> None:
    done = comment(machine, hub, None)
    assert (done.returncode, done.stdout, hub.asked) == (0, "There is no report.\n", [])


def test_a_link_is_not_followed(machine: Machine, hub: Hub) -> None:
    (machine.room / "secret").write_text(REPORT)
    (machine.room / "report").mkdir()
    (machine.room / "report/promptreg.md").symlink_to(machine.room / "secret")
    assert run(machine, hub).stdout == "There is no report.\n"
    assert hub.written == []


def test_a_forged_report_calls_nobody_and_commands_no_bot(machine: Machine, hub: Hub) -> None:
    comment(
        machine, hub, f"{REPORT}/approve\n  /merge now\n@everyone (@a/team) triage@production\n"
    )
    ((_, _, body),) = hub.written
    assert not any(line.lstrip(" \t").startswith("/") for line in body.split("\n"))
    assert "@everyone" not in body
    assert "@a/team" not in body
    assert "triage@production" in body, "a selector is no mention"


@pytest.mark.parametrize("filler", ["x", "@a ", "/a\n", "é"])
def test_a_comment_is_never_too_long(machine: Machine, hub: Hub, filler: str) -> None:
    comment(machine, hub, REPORT + filler * 70_000)
    ((_, _, body),) = hub.written
    assert 60_000 < len(body) < 65_536
