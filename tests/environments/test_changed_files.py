"""Against `git diff-tree -z`: `diff` and `check` name every prompt whose files differ, or fail."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

TORTURE = int(os.environ.get("TORTURE", "1"))
_NAMES = [f"p{number}" for number in range(5)]
_MANIFEST = """apiVersion: promptreg/v1
kind: Prompt
name: {name}
description: A.
owner: team
lifecycle: active
risk: low
messages: [{{role: user, template: {name}.j2}}]
"""
_STRANGE = st.sampled_from(
    [b"plain.j2", b"zz\xff.txt", b"new\nline.j2", b"\x1b[31m.md", b"-x.j2", b"a b.txt", "é.j2".encode(), b'q"uote.j2']
)  # fmt: skip
EDITS = st.lists(
    st.tuples(
        st.sampled_from(["edit", "describe", "mode", "touch", "remove", "move", "strange"]),
        st.sampled_from(_NAMES),
        _STRANGE,
    ),
    min_size=1,
    max_size=5,
)


@settings(deadline=None, max_examples=12 * TORTURE, suppress_health_check=list(HealthCheck))
@given(EDITS)
def test_every_changed_prompt_is_named(edits: list[tuple[str, str, bytes]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        repo = Path(folder)
        _base(repo)
        for number, (kind, name, strange) in enumerate(edits):
            _apply(repo, kind, name, strange, number)
        _git(repo, "add", "-A")
        _git(repo, "commit", "-q", "--allow-empty", "-m", "change")
        changed = _changed(repo)
        for verb in ("diff", "check"):
            done = subprocess.run(
                [sys.executable, "-m", "promptreg", verb, "--base", "HEAD~1", "--format", "json"],
                cwd=repo, capture_output=True, check=False,
            )  # fmt: skip
            assert done.returncode in (0, 1, 2), done.stderr
            if done.returncode == 2:
                assert done.stderr.startswith(b"error: ")
                continue
            told = json.dumps(json.loads(done.stdout))
            missing = {name for name in changed if f'"{name}"' not in told}
            assert missing == set(), (verb, told)


def _changed(repo: Path) -> set[str]:
    """The prompts whose manifest or template holds other bytes, by what git says of the trees."""
    listed = _git(repo, "diff-tree", "-r", "-z", "--no-renames", "HEAD~1", "HEAD").split(b"\0")
    return {
        path.rpartition(b"/")[2].partition(b".")[0].decode()
        for facts, path in zip(listed[::2], listed[1::2], strict=False)
        if path.startswith((b"prompts/p", b"prompts/sub/p"))
        and path.rpartition(b"/p")[2][:1].isdigit()
        and facts.split()[2] != facts.split()[3]
    }


def _apply(repo: Path, kind: str, name: str, strange: bytes, number: int) -> None:
    manifest, template = repo / f"prompts/{name}.prompt.yaml", repo / f"prompts/{name}.j2"
    if kind == "strange":
        named = os.fsencode(repo / "prompts") + b"/" + strange
        with open(named, "ab") as file:  # noqa: PTH123 - its name is bytes
            file.write(b"more\n")
    elif not manifest.exists():
        return
    elif kind == "edit":
        template.write_text(f"{template.read_text()}line {number}\n")
    elif kind == "describe":
        manifest.write_text(manifest.read_text().replace("A.", f"A {number}."))
    elif kind == "mode":
        template.chmod(0o755)
    elif kind == "touch":
        os.utime(template, (1, 1))
    elif kind == "remove":
        manifest.unlink()
        template.unlink()
    else:
        moved = repo / "prompts" / "sub"
        moved.mkdir(exist_ok=True)
        for path in (manifest, template):
            path.rename(moved / path.name)


def _base(repo: Path) -> None:
    _git(repo, "init", "-q", "-b", "main")
    (repo / "prompts").mkdir()
    (repo / "promptreg.yaml").write_text(
        "apiVersion: promptreg/v1\nkind: Registry\nname: r\nowners: {team: {contact: t@example.com}}\n"
    )
    for name in _NAMES:
        (repo / f"prompts/{name}.prompt.yaml").write_text(_MANIFEST.format(name=name))
        (repo / f"prompts/{name}.j2").write_text(f"Text of {name}.\n")
    _git(repo, "add", "-A")
    _git(repo, "commit", "-q", "-m", "base")


def _git(repo: Path, *words: str) -> bytes:
    identity = ("-c", "user.name=Ann", "-c", "user.email=ann@example.com")
    done = subprocess.run(["git", *identity, *words], cwd=repo, capture_output=True, check=True)
    return done.stdout
