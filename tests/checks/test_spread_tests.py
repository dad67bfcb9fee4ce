"""The findings of tests are the same, on however many processors they run."""

from __future__ import annotations

from functools import partial

from promptreg.checks.bench import bench_for
from promptreg.checks.spread_tests import findings_of_tests
from promptreg.registry.load import load
from promptreg.store.trees import MemoryTree

PROMPT = """\
apiVersion: promptreg/v1
kind: Prompt
name: p{number}
owner: team
lifecycle: active
risk: low
messages: [{{role: user, content: "{{{{ 1 if {number} % 3 else absent }}}} ü{number}"}}]
tests:
  - {{name: one, expect: [{{contains: ü1}}]}}
  - {{name: two, expect: [{{snapshot: p{number}.snap}}]}}
"""


def test_as_many_processes_as_one_wants_find_the_same() -> None:
    files: dict[str, bytes | str] = {
        "promptreg.yaml": "apiVersion: promptreg/v1\nkind: Registry\nname: t\nowners: {team: {}}\n"
    }
    for number in range(20):
        files[f"prompts/p{number}.prompt.yaml"] = PROMPT.format(number=number)
        files[f"prompts/p{number}.snap"] = f"1 ü{number}"
    tree = MemoryTree(files)
    snapshot = load(tree).snapshot
    entries = tuple(snapshot.entries.values())
    bench_of = partial(bench_for, tree, snapshot)

    alone = findings_of_tests(entries, bench_of, most=1)
    assert len(alone.of) == 20
    assert any(alone.of)
    assert not all(alone.of)
    assert findings_of_tests(entries, bench_of, most=2) == alone
    assert findings_of_tests(entries, bench_of, most=5) == alone
    assert findings_of_tests((), bench_of, most=2).of == ()
