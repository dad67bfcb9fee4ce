"""Running what the user named: with their environment, bounded, and ended with all it started."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from promptreg.errors import PromptregError
from promptreg.store.program import MOST_OUTPUT, Ended, Program, run_program


def run(folder: Path, command: str, *words: str, seconds: float = 30.0) -> Ended:
    program = Program(command, folder, {"PATH": os.environ["PATH"], "MINE": "yes"}, seconds)
    return run_program(program, words, {"MORE": "too"})


def test_words_come_last_and_whole(tmp_path: Path) -> None:
    ended = run(tmp_path, "printf '%s|' one\n", "two words", "$(id)")
    assert ended == Ended(0, b"one|two words|$(id)|")


def test_it_sees_the_users_environment_and_ours_and_no_input(tmp_path: Path) -> None:
    assert run(tmp_path, 'cat; echo "$MINE $MORE"; pwd').output.split() == [
        b"yes",
        b"too",
        os.fsencode(tmp_path.resolve()),
    ]


def test_both_streams_and_the_code(tmp_path: Path) -> None:
    assert run(tmp_path, "echo one; echo two >&2; exit 7") == Ended(7, b"one\ntwo\n")
    assert run(tmp_path, "kill -15 $$").code == -15


def test_much_output_is_cut_and_does_not_block(tmp_path: Path) -> None:
    ended = run(tmp_path, "head -c 5000000 /dev/zero")
    assert (ended.code, len(ended.output)) == (0, MOST_OUTPUT)


def test_it_is_ended_with_what_it_started(tmp_path: Path) -> None:
    with pytest.raises(PromptregError, match="took longer than"):
        run(tmp_path, "(sleep 600; touch late) & sleep 600", seconds=0.5)
    ended = run(tmp_path, "sleep 600 & echo started")
    assert ended == Ended(0, b"started\n")


def test_what_can_not_start_says_so(tmp_path: Path) -> None:
    with pytest.raises(PromptregError, match="can't be started"):
        run(tmp_path / "gone", "true")
    with pytest.raises(PromptregError, match="can't be started"):
        run(tmp_path, "true\0")


def test_its_environment_is_never_printed(tmp_path: Path) -> None:
    assert "secret" not in repr(Program("true", tmp_path, {"TOKEN": "secret"}, 1.0))
