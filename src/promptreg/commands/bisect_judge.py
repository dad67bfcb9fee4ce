"""What a command of the user's says of a prompt at a commit."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from promptreg.checks.judging import bounded_judge
from promptreg.errors import (
    InputError,
    PromptregError,
    RefusedError,
    RegistryError,
    SelectorError,
    UsageError,
)
from promptreg.formats import json_format, text
from promptreg.model.data import Json
from promptreg.model.message import Rendered
from promptreg.model.prompt import Prompt
from promptreg.registry.rendering import fill_inputs, prompt_of, render_entry
from promptreg.releases.bisection import Judged, Verdict
from promptreg.releases.followed import Followed, Held
from promptreg.store.git.commits import Commit
from promptreg.store.program import Program, run_program
from promptreg.worker.process import Worker

RENDERED, RENDERED_JSON = "PROMPTREG_RENDERED", "PROMPTREG_RENDERED_JSON"
_COMMIT, _NAME = "PROMPTREG_COMMIT", "PROMPTREG_NAME"
_SKIP_CODE = 125
_LAST_CODE = 127

_NOT_THERE = (SelectorError, RegistryError, InputError, UsageError, RefusedError)
"""Why a commit can't be judged, though others can. What git can't do stops everything."""


@dataclass(frozen=True, slots=True)
class Judge:
    """The user's command; `tell` is given what it wrote and what is being judged, a line each."""

    program: Program
    tell: Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Case:
    """Inputs that the prompt is rendered with at every commit; a test's, where it has a name."""

    test: str
    locale: str
    inputs: Mapping[str, Json]


def cases_of(held: Held, inputs: Mapping[str, Json] | None) -> tuple[Case, ...]:
    """The given inputs, else those of the prompt's tests. Raises UsageError where it has none."""
    prompt = prompt_of(held.entry)
    if inputs is not None:
        return (Case("", "", inputs),)
    if not prompt.tests:
        raise UsageError(
            f"`{prompt.name}` has no tests whose inputs it could be rendered with",
            where=held.entry.path,
            hint="give some: `--inputs FILE`, a JSON object",
        )
    return tuple(Case(test.name, test.locale, test.inputs) for test in prompt.tests)


@dataclass(frozen=True, slots=True)
class Bench:
    """Everything that judging a commit takes."""

    followed: Followed
    cases: tuple[Case, ...]
    judge: Judge
    worker: Worker

    def judged(self, commit: Commit) -> Judged:
        """The verdict on a commit; skipped where the prompt isn't there or can't be rendered.

        Raises PromptregError where the command is stopped by a signal or takes too long.
        """
        try:
            held = self.followed.at(commit.oid)
            rendered = [(case, self._rendered(held, case)) for case in self.cases]
        except _NOT_THERE as problem:
            return Judged(commit.oid, commit.subject, Verdict.SKIP, _sentence(problem))
        code = self._run(held, rendered)
        if code == 0:
            return Judged(commit.oid, commit.subject, Verdict.GOOD, "")
        if code == _SKIP_CODE:
            return Judged(commit.oid, commit.subject, Verdict.SKIP, "the command said so")
        if not 0 < code <= _LAST_CODE:
            raise PromptregError(
                f"the command was stopped at {commit.oid[:12]}: {_stopped(code)}",
                where=self.judge.program.command,
                hint="0 says good, 1 to 124, 126 and 127 bad, 125 skip",
            )
        return Judged(commit.oid, commit.subject, Verdict.BAD, f"exit code {code}")

    def _rendered(self, held: Held, case: Case) -> Rendered:
        prompt = prompt_of(held.entry)
        given = _fitting(prompt, case)
        filled = fill_inputs(prompt, given, bounded_judge(self.worker))
        roots = held.snapshot.configuration.template_roots
        return render_entry(held.entry, roots, filled, self.worker, locale=case.locale)

    def _run(self, held: Held, rendered: list[tuple[Case, Rendered]]) -> int:
        program = self.judge.program
        with tempfile.TemporaryDirectory(prefix="promptreg-") as folder:
            plain, data = Path(folder, "rendered.txt"), Path(folder, "rendered.json")
            plain.write_bytes(_text(rendered).encode("utf-8", "surrogateescape"))
            data.write_text(_json(held, rendered), encoding="utf-8")
            # A command that asks for the file by name gets it only there.
            words = () if RENDERED in program.command else (str(plain),)
            variables = {
                RENDERED: str(plain),
                RENDERED_JSON: str(data),
                _COMMIT: held.commit,
                _NAME: held.entry.name,
            }
            ended = run_program(program, words, variables)
        for line in ended.output.decode("utf-8", "replace").splitlines():
            self.judge.tell(line)
        return ended.code


def _fitting(prompt: Prompt, case: Case) -> dict[str, Json]:
    """The inputs that the prompt knows; what it needs beside them, from its test of that name."""
    own = next((test.inputs for test in prompt.tests if case.test and test.name == case.test), {})
    known = {one.name for one in prompt.inputs} | {one.name for one in prompt.placeholders()}
    return {name: value for name, value in {**own, **case.inputs}.items() if name in known}


def _text(rendered: list[tuple[Case, Rendered]]) -> str:
    return "\n".join(
        (f"=== test {case.test} ===\n" if case.test else "") + text.dump(one)
        for case, one in rendered
    )


def _json(held: Held, rendered: list[tuple[Case, Rendered]]) -> str:
    renderings: list[Json] = [
        {
            "test": case.test,
            "locale": case.locale,
            "inputs": dict(case.inputs),
            "rendered": json_format.dump(one),
        }
        for case, one in rendered
    ]
    return json_format.dump_text(
        {"name": held.entry.name, "commit": held.commit, "renderings": renderings}
    )


def _sentence(problem: PromptregError) -> str:
    more = f" ({problem.where})" if problem.where else ""
    hint = "" if more else ": " + "; ".join(problem.hint.split("\n")) if problem.hint else ""
    return f"{problem.what}{more}{hint}"


def _stopped(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
