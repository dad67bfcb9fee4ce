"""Reading the many versions of one environment's file, of which each changes a line or two."""

from __future__ import annotations

import re
from functools import cache

from promptreg.errors import RefusedError
from promptreg.model.environment import Environment, Pin
from promptreg.model.version import try_version
from promptreg.releases.environment_text import new_environment_text, read_environment_text

_DEVICE = r"(?:con|prn|aux|nul|com[1-9]|lpt[1-9])"
_NAME = rf"(?!(?:null|true|false):)(?!{_DEVICE}[/:])[a-z][a-z0-9_-]*(?:/(?!{_DEVICE}[/:])[a-z0-9][a-z0-9_-]*)*"
_NUMBER = r"(?:0|[1-9][0-9]{0,8})"
_VERSION = rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}(?:-[a-z]+(?:\.{_NUMBER})?)?"
_LONGEST_NAME = 200
_ENVIRONMENT = r"(?!(?:null|true|false|latest)\Z|v[0-9])[a-z][a-z0-9-]{0,62}"


class EnvironmentVersions:
    """Reads versions of the file of the environment `name`.

    A file as promptreg writes it is read line by line, and a line that was met before is known;
    the meaning of a line never depends on another, but that no name may come twice. Whatever is
    written in another way goes through `read_environment_text`, which has the same answer for all.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        head = new_environment_text(name).removesuffix(" {}\n") + "\n"
        self._head = head.encode() if re.fullmatch(_ENVIRONMENT, name) else None
        self._lines: dict[bytes, tuple[str, Pin]] = {}

    def read(self, content: bytes | None) -> Environment | None:
        """The environment in a version's bytes; None where they are broken, or None themselves."""
        if content is None:
            return None
        plain = self._plain(content)
        if plain is not None:
            return Environment(self._name, plain)
        try:
            return read_environment_text(self._name, content)
        except RefusedError:
            return None

    def _plain(self, content: bytes) -> dict[str, Pin] | None:
        head = self._head
        if head is None or not content.startswith(head) or not content.endswith(b"\n"):
            return None
        lines = content[len(head) : -1].split(b"\n")
        if not all(line in self._lines or self._learn(line) for line in set(lines)):
            return None
        pins = dict(map(self._lines.__getitem__, lines))
        return pins if len(pins) == len(lines) else None

    def _learn(self, line: bytes) -> bool:
        match = _line().fullmatch(line)
        if match is None or len(match[1]) > _LONGEST_NAME:
            return False
        name, said, digest = (part.decode("ascii") for part in match.groups())
        version = try_version(said)
        if version is None:
            return False
        self._lines[line] = (name, Pin(version, digest))
        return True


@cache  # on use: few commands read the history of an environment
def _line() -> re.Pattern[bytes]:
    shape = rf'  ({_NAME}): \{{version: ({_VERSION}), digest: "(sha256:[0-9a-f]{{64}})"\}}'
    return re.compile(shape.encode("ascii"))
