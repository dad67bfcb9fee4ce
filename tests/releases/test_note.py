"""The note of an unfinished write, where somebody else wrote it; and folders that can't be written."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from promptreg.errors import RefusedError
from promptreg.releases.unfinished import NOTE

if TYPE_CHECKING:
    from tests.conftest import Site

ODD = ["reg:v1/", "aux/", "e\u0301t/", "w\udcff/"]


@pytest.mark.parametrize("folder", ODD)
def test_where_files_could_not_follow_no_branch_moves(site: Site, folder: str) -> None:
    """The commit would be made, and its file would look like a change that takes it back."""
    there = replace(site, folder=folder)
    there.configure()
    there.prompt("other/one")
    there.commit()
    there.release("other/one")
    before = site.state()
    with pytest.raises(RefusedError, match="nothing was changed"):
        there.promote("other/one@0.1.0")
    assert site.state() == before
    assert site.text("status", "--porcelain") == ""
    assert not (site.path / ".git" / NOTE).exists()


@pytest.mark.parametrize("kind", ["pipe", "link"])
def test_what_is_no_file_is_named_and_never_waited_for(site: Site, kind: str) -> None:
    site.release()
    place = site.path / ".git" / NOTE
    if kind == "pipe":
        os.mkfifo(place)
    else:
        place.symlink_to("/dev/zero")
    before = site.refs()
    with pytest.raises(RefusedError) as problem:
        site.promote("support/triage@0.1.0")
    assert problem.value.where == NOTE
    assert site.refs() == before


@pytest.mark.parametrize("kind", ["deep", "outside", "git"])
def test_a_note_that_came_with_the_repository_does_nothing(site: Site, kind: str) -> None:
    site.release()
    place = site.path / ".git" / NOTE
    outside = site.path.parent / "outside"
    outside.write_text("theirs\n")
    if kind == "deep":
        place.write_text("[" * 200_000)
    else:
        path = "../outside" if kind == "outside" else ".git/config"
        old, new = (
            site.run("hash-object", "-w", "--stdin", stdin=data).decode().strip()
            for data in ((site.path / path).read_bytes(), b"bent\n")
        )
        note = {"request": "", "head": "", "title": "", "notes": [], "steps": [], "updates": []}
        place.write_text(json.dumps({**note, "files": [(path, old, new)], "staged": False}))
    config = (site.path / ".git" / "config").read_bytes()
    site.promote("support/triage@0.1.0")
    assert site.runs() == {"support/triage": "0.1.0"}
    assert not os.path.lexists(place)
    assert outside.read_text() == "theirs\n"
    assert (site.path / ".git" / "config").read_bytes() == config
