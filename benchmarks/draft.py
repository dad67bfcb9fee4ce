"""An entry in the making: what people edit, and the files that it comes to."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from posixpath import dirname
from typing import Any

from benchmarks.manifest_text import to_yaml

FILE = "100644"
EXECUTABLE = "100755"
LINK = "120000"
Content = tuple[str, bytes]
"""git's mode and the bytes."""

_NAMES = ("template", "snapshot")
_REACHED = re.compile(r"{%-?\s*(?:include|extends|import|from)\s+[\"']([^\"']+)[\"']")
_COMMENT = re.compile(r"{#.*?#}", re.DOTALL)


@dataclass
class Draft:
    """A prompt or an agent; `data` and `files` know templates by short names (`system.j2`)."""

    name: str
    kind: str
    data: dict[str, Any]
    files: dict[str, str] = field(default_factory=dict)
    folder: bool = False
    """Whether the manifest is `NAME/prompt.yaml`, not `NAME.prompt.yaml`."""
    place: str = ""
    """The name that its path says, where that is another one."""
    crlf: set[str] = field(default_factory=set)
    remark: str = ""
    executable: bool = False
    override: Content | None = None
    """What the manifest's file holds instead, while it is broken."""

    @property
    def stem(self) -> str:
        """The path below the repository without its ending."""
        return f"{self.kind}s/{self.place or self.name}"

    @property
    def path(self) -> str:
        """Where the manifest lies."""
        return f"{self.stem}{'/' if self.folder else '.'}{self.kind}.yaml"

    def path_of(self, short: str) -> str:
        """Where one of its own files lies."""
        return f"{self.stem}/{short}" if self.folder else f"{self.stem}.{short}"

    def written_name(self, short: str) -> str:
        """How the manifest and its templates call one of its own files."""
        return short if self.folder else f"{self.stem.rpartition('/')[2]}.{short}"

    def written(self) -> dict[str, Any]:
        """The manifest's data as it stands in the file."""
        found: dict[str, Any] = _renamed(self.data, self._name)
        return {"apiVersion": "promptreg/v1", "kind": self.kind.title()} | found

    def text_of(self, short: str) -> str:
        """One of its own templates as it stands in the file."""
        text = self.files[short]
        if self.folder:
            return text
        for one in self.files:
            text = text.replace(f'"{one}"', f'"{self.written_name(one)}"')
        return text

    def content(self) -> dict[str, Content]:
        """Every file, by path."""
        text = self.remark + to_yaml(self.written())
        mode = EXECUTABLE if self.executable else FILE
        found = {self.path: self.override or (mode, _lines(text, crlf="manifest" in self.crlf))}
        for short in self.files:
            data = _lines(self.text_of(short), crlf=short in self.crlf)
            found[self.path_of(short)] = (FILE, data)
        return found

    def _name(self, short: str) -> str:
        return self.written_name(short) if short in self.files else short


def closure(draft: Draft, partials: Mapping[str, str]) -> dict[str, str]:
    """The templates that a sound draft reaches, by path; `partials` by path, too."""
    own = {draft.path_of(short): draft.text_of(short) for short in draft.files}
    known = {**partials, **own}
    found: dict[str, str] = {}
    waiting = [(dirname(draft.path), name) for name in _templates(draft.written())]
    while waiting:
        folder, name = waiting.pop()
        path = f"{folder}/{name}" if f"{folder}/{name}" in known else f"partials/{name}"
        if path in found or path not in known:
            continue
        found[path] = known[path]
        waiting += [(dirname(path), one) for one in reached(known[path])]
    return found


def reached(text: str) -> list[str]:
    """The names that a template includes, imports or extends."""
    return _REACHED.findall(_COMMENT.sub("", text))


def _templates(data: Any) -> list[str]:
    if isinstance(data, list):
        return [one for item in data for one in _templates(item)]
    if not isinstance(data, dict):
        return []
    own = data.get("template")
    rest = [one for value in data.values() for one in _templates(value)]
    inline = [one for key in ("content", "text") for one in reached(str(data.get(key, "")))]
    return ([own] if isinstance(own, str) else []) + rest + inline


def _renamed(data: Any, name: Callable[[str], str]) -> Any:
    if isinstance(data, list):
        return [_renamed(one, name) for one in data]
    if not isinstance(data, dict):
        return data
    return {
        key: name(value) if key in _NAMES and isinstance(value, str) else _renamed(value, name)
        for key, value in data.items()
    }


def _lines(text: str, *, crlf: bool) -> bytes:
    return text.replace("\n", "\r\n").encode() if crlf else text.encode()
