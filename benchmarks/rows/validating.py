"""P3 to P7, P19: `validate` and `check`, cold, warm and as a hook."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable
from pathlib import Path

from benchmarks.measure import ANSWERS, Program
from benchmarks.peers import MissingError
from benchmarks.places import SCHEMAS, Bench
from benchmarks.rows.row import Group, Prepared, Ratio
from benchmarks.subjects import manifests, name_of, retouch

_NOTHING = """repos:
- repo: local
  hooks: [{id: never, name: never, language: system, entry: 'true', files: '^nothing$'}]
"""


def _hook(bench: Bench) -> Prepared:
    pre_commit, schema_check = bench.peer("pre-commit"), bench.peer("check-jsonschema")
    here = bench.copy("S", "hook")
    nothing = bench.cache / "nothing"
    shutil.rmtree(nothing, ignore_errors=True)
    nothing.mkdir()
    (nothing / ".pre-commit-config.yaml").write_text(_NOTHING, encoding="ascii")
    (nothing / "a.txt").write_text("a\n", encoding="ascii")
    bench.git(nothing, "init", "--quiet")
    bench.git(nothing, "add", ".")
    path = manifests(here, sound=True)[0]
    edit = _editing(here, path)
    return Prepared(
        {
            "pre-commit": Program((pre_commit, "run"), nothing),
            "check-jsonschema": Program(
                (schema_check, "--schemafile", str(SCHEMAS / "prompt.schema.json"), path), here
            ),
            "validate": Program(
                (bench.promptreg, "validate", "--tracked", path), here, ANSWERS, before=edit
            ),
        },
        (
            Ratio("P3", "the validate hook, one prompt of S changed", "a `pre-commit run` that does nothing", 0.9, "validate", ("pre-commit",)),
            Ratio("P3", "the same", "check-jsonschema on that file", 0.5, "validate", ("check-jsonschema",)),
        ),
    )  # fmt: skip


def _cold(bench: Bench) -> Prepared:
    here = bench.registry("L")
    floor = (bench.python, "-m", "benchmarks.floors")
    root = {"PYTHONPATH": str(Path(__file__).parents[2])}
    programs = {
        "parse": Program((*floor, "parse"), here, variables=root),
        "naive": Program((*floor, "naive"), here, most=3, variables=root),
        "validate": Program((bench.promptreg, "validate", "--no-cache"), here, ANSWERS),
    }
    what = "cold `validate` of L"
    ratios = [
        Ratio("P4", what, "CSafeLoader parsing the manifests alone", 1.6, "validate", ("parse",)),
        Ratio("P5", what, "CSafeLoader + jsonschema + jinja2.meta", 1 / 12, "validate", ("naive",)),
        Ratio("P19", "peak memory of a cold `validate` of L", "the naive run's", 2.0, "validate", ("naive",), "peak"),
    ]  # fmt: skip
    try:
        checker = bench.peer("check-jsonschema")
    except MissingError:
        return Prepared(programs, tuple(ratios))
    words = (checker, "--schemafile", str(SCHEMAS / "prompt.schema.json"), *manifests(here))
    programs["check-jsonschema"] = Program(words, here, ANSWERS, most=1)
    ratios.append(
        Ratio("P5", what, "check-jsonschema on its prompts", 1 / 12, "validate", ("check-jsonschema",))
    )  # fmt: skip
    return Prepared(programs, tuple(ratios))


def _warm(bench: Bench) -> Prepared:
    here, edited = bench.registry("L"), bench.copy("L", "edited")
    path = manifests(edited, sound=True)[0]
    validate, status = (bench.promptreg, "validate"), ("git", "status", "--porcelain")
    return Prepared(
        {
            "status": Program(status, here),
            "same": Program(validate, here, ANSWERS),
            "status edited": Program(status, edited),
            "edited": Program(validate, edited, ANSWERS, before=_editing(edited, path)),
        },
        (
            Ratio("P6", "warm `validate` of L, nothing changed", "`git status`", 1.7, "same", ("status",)),
            Ratio("P6", "the same, one file changed", "`git status`", 2.0, "edited", ("status edited",)),
        ),
    )  # fmt: skip


def _check(bench: Bench) -> Prepared:
    here = bench.copy("L", "check")
    for path in manifests(here, sound=True)[:10]:
        retouch(here / path, "Said more clearly.")
    bench.git(here, "commit", "--quiet", "--all", "--message", "Say ten things more clearly")
    words = (bench.promptreg, "check", "--base", "HEAD~1")
    return Prepared(
        {
            "status": Program(("git", "status", "--porcelain"), here),
            "check": Program(words, here, ANSWERS),
        },
        (
            Ratio("P7", "`check --base` with 10 changed entries in L", "`git status`", 4.0, "check", ("status",)),
        ),
    )  # fmt: skip


def _editing(folder: Path, path: str) -> Callable[[], object]:
    """Changes the description in a manifest, to another text each time."""
    numbers = itertools.count()
    assert name_of(folder / path)  # noqa: S101 - it is a sound one
    return lambda: retouch(folder / path, f"Draft {next(numbers)}.")


GROUPS = (
    Group(("P3",), _hook, runs=9),
    Group(("P4", "P5", "P19"), _cold, runs=3, seconds=420),
    # The round that fills the cache takes minutes and must not be the one that counts.
    Group(("P6",), _warm, runs=5, seconds=900),
    Group(("P7",), _check, runs=5),
)
