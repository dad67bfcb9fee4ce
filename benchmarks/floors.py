"""Floors that are programs of their own. Run in the registry: `python -m benchmarks.floors NAME`."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path


def parse() -> None:
    """Read every manifest with PyYAML's CSafeLoader."""
    import yaml  # noqa: PLC0415 - floors load what they need and no more

    for text in _texts("*.yaml"):
        try:
            yaml.load(text, Loader=yaml.CSafeLoader)
        except (yaml.YAMLError, ValueError):
            continue


def naive() -> None:
    """What a first version would do: CSafeLoader, jsonschema, jinja2.meta, for every file."""
    import jinja2  # noqa: PLC0415
    import yaml  # noqa: PLC0415
    from jinja2 import meta  # noqa: PLC0415
    from jsonschema import Draft202012Validator  # noqa: PLC0415

    schema = Path(__file__).parent.parent / "schemas" / "prompt.schema.json"
    validator = Draft202012Validator(json.loads(schema.read_text(encoding="utf-8")))
    documents, found = [], []
    for text in _texts("*.yaml"):
        try:
            documents.append(yaml.load(text, Loader=yaml.CSafeLoader))
        except (yaml.YAMLError, ValueError):
            continue
    for one in documents:
        if isinstance(one, dict) and one.get("kind") == "Prompt":
            found += list(validator.iter_errors(one))
    environment = jinja2.Environment()  # noqa: S701 - nothing is rendered
    for text in _texts("*.j2"):
        try:
            tree = environment.parse(text.decode("utf-8", "replace"))
        except jinja2.TemplateSyntaxError:
            continue
        found.append(meta.find_undeclared_variables(tree))


def tags() -> None:
    """Make the tags that stand on standard input: a `git mktag` for each, one `update-ref`."""
    lines = []
    for content in sys.stdin.buffer.read().split(b"\0")[:-1]:
        done = subprocess.run(("git", "mktag"), input=content, capture_output=True, check=True)
        name = content.split(b"\n", 3)[2].removeprefix(b"tag ")
        lines.append(b"create refs/tags/%b %b" % (name, done.stdout))
    subprocess.run(("git", "update-ref", "--stdin"), input=b"".join(lines), check=True)


def _texts(pattern: str) -> Iterator[bytes]:
    words = ("git", "ls-files", "-z", "--", pattern)
    listed = subprocess.run(words, capture_output=True, check=True).stdout
    for name in listed.split(b"\0")[:-1]:
        try:
            with open(name, "rb") as file:  # noqa: PTH123 - the cheapest way counts here
                yield file.read()
        except OSError:
            continue


if __name__ == "__main__":
    {"parse": parse, "naive": naive, "tags": tags}[sys.argv[1]]()
