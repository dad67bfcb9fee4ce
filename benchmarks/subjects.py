"""Which entries of a made registry are measured, and harmless edits of them."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import yaml

from benchmarks.places import Bench

_DESCRIPTION = re.compile(r'^description: ("?)(.*?)(\1)$', re.MULTILINE)
_ADDED = " (was "


def manifests(folder: Path, *, sound: bool = False) -> list[str]:
    """The manifests of all prompts; `sound` ones can be read and have a one-line description."""
    words = ("git", "ls-files", "-z", "--", "prompts/*prompt.yaml")
    listed = subprocess.run(words, cwd=folder, capture_output=True, check=True).stdout
    paths = [one.decode("utf-8", "surrogateescape") for one in listed.split(b"\0")[:-1]]
    if not sound:
        return paths
    return [path for path in paths[:400] if path.isascii() and name_of(folder / path)]


def name_of(path: Path) -> str:
    """The name in a manifest whose description can be retouched, or ""."""
    try:
        text = path.read_text(encoding="utf-8")
        data = yaml.load(text, Loader=yaml.CSafeLoader)
    except (OSError, ValueError, yaml.YAMLError):
        return ""
    if not isinstance(data, dict) or not _DESCRIPTION.search(text):
        return ""
    name = str(data.get("name", ""))
    return name if name and name in str(path) else ""


def retouch(path: Path, words: str) -> None:
    """Let the description of a manifest end with other words."""

    def changed(match: re.Match[str]) -> str:
        before = match[2].partition(_ADDED)[0]
        return f"description: {match[1]}{before}{_ADDED}{words.replace(':', '')}){match[3]}"

    text = path.read_text(encoding="utf-8")
    path.write_text(_DESCRIPTION.sub(changed, text, count=1), encoding="utf-8")


def released(bench: Bench, folder: Path) -> tuple[str, str, Path]:
    """A prompt that HEAD holds, a release of it that can be rendered, and a file with inputs."""
    place = folder / ".git" / "bench-inputs.json"
    for path in manifests(folder, sound=True):
        name = name_of(folder / path)
        pattern = f"refs/tags/{name}@v*"
        tags = bench.git(folder, "for-each-ref", "--format=%(refname:short)", pattern).split()
        if not tags:
            continue
        data = yaml.load((folder / path).read_bytes(), Loader=yaml.CSafeLoader)
        inputs = [test["inputs"] for test in data.get("tests", ()) if "inputs" in test]
        place.write_text(json.dumps(inputs[0] if inputs else {}), encoding="utf-8")
        for tag in tags:
            selector = tag.replace("@v", "@")
            words = (bench.promptreg, "render", selector, "--inputs", str(place))
            done = subprocess.run(
                words, cwd=folder, env=dict(bench.environ), capture_output=True, check=False
            )
            if done.returncode == 0:
                return name, selector.rpartition("@")[2], place
    raise RuntimeError(f"no release in {folder} can be rendered")
