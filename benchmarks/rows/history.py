"""P8 to P12 but for writes: listing, showing and rendering beside a long history."""

from __future__ import annotations

import json
import subprocess

from benchmarks.measure import Program
from benchmarks.places import Bench
from benchmarks.rows.row import Group, Prepared, Ratio
from benchmarks.rows.start_up import TRIVIAL
from benchmarks.subjects import released

_CONTENTS = "--format=%(refname) %(objectname) %(objecttype) %(contents)"


def _tags(bench: Bench) -> Prepared:
    programs: dict[str, Program] = {}
    ratios = []
    for place, said in (("L", "in L"), ("R", "of 1,000 prompts")):
        here = bench.registry(place)
        all_refs = ("git", "for-each-ref")
        programs |= {
            f"contents {place}": Program((*all_refs, _CONTENTS, "refs/tags"), here),
            f"names {place}": Program((*all_refs, "--format=%(refname)", "refs/tags"), here),
            f"list {place}": Program((bench.promptreg, "list"), here),
            f"status {place}": Program((bench.promptreg, "status"), here),
        }
        fields = "`for-each-ref` with name, id and contents"
        for verb in ("list", "status"):
            what = f"`{verb}` with 50,000 releases {said}"
            ratios.append(Ratio("P8", what, fields, 1.7, f"{verb} {place}", (f"contents {place}",)))
        what = f"`list` with 50,000 releases {said}"
        ratios.append(
            Ratio("P8", what, "`for-each-ref` with the names alone, all that it reads", 1.7, f"list {place}", (f"names {place}",))
        )  # fmt: skip
    return Prepared(programs, tuple(ratios))


def _peer_list(bench: Bench) -> Prepared:
    gto, here = bench.peer("gto"), bench.registry("S")
    return Prepared(
        {
            "gto": Program((gto, "show"), here, most=1),
            "list": Program((bench.promptreg, "list"), here),
        },
        (Ratio("P9", "`list` in S", "`gto show`", 1 / 150, "list", ("gto",)),),
    )


def _show(bench: Bench) -> Prepared:
    here = bench.registry("T")
    name, _, _ = released(bench, here)
    return Prepared(
        {
            "git": Program(("git", "--version"), here),
            "start-up": Program((bench.promptreg, *TRIVIAL), here),
            "show": Program((bench.promptreg, "show", name), here),
        },
        (
            Ratio("P10", "`show NAME` at 100,000 tags of 1,000 prompts", "`git --version` + start-up", 1.7, "show", ("git", "start-up")),
        ),
    )  # fmt: skip


def _log(bench: Bench) -> Prepared:
    here = bench.registry("L")
    name, version, inputs = released(bench, here)
    words = (bench.promptreg, "log", name)
    told = subprocess.run(
        (*words, "--format", "json"),
        cwd=here,
        env=dict(bench.environ),
        check=True,
        capture_output=True,
    )
    paths = json.loads(told.stdout)["paths"]
    render = ("render", f"{name}@{version}", "--inputs", str(inputs))
    return Prepared(
        {
            "start-up": Program((bench.promptreg, *TRIVIAL), here),
            "git log": Program(("git", "log", "--format=%H", "--", *paths), here),
            "log": Program(words, here),
            "imports": Program((bench.python, "-c", "import typer, jinja2"), here),
            "render": Program((bench.promptreg, *render), here),
        },
        (
            Ratio("P11", "`log NAME` in L", "start-up + `git log -- paths of its closure`", 1.3, "log", ("start-up", "git log")),
            Ratio("P12", "`render NAME@1.2.3` in L", "`python -c 'import typer, jinja2'`", 1.4, "render", ("imports",)),
        ),
    )  # fmt: skip


GROUPS = (
    # The round that fills the cache takes minutes and must not be the one that counts.
    Group(("P8",), _tags, runs=3, seconds=900),
    Group(("P9",), _peer_list, runs=3),
    Group(("P10",), _show, runs=15),
    Group(("P11", "P12"), _log, runs=9),
)
