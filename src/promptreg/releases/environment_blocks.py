"""The lines of an environment file: a section, the entries in it, and how they move."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from promptreg.model.environment import Pin
from promptreg.store.yaml_edit import CannotEditError, written

_KEY = re.compile(r"""(?P<indent>[ ]+)(?P<quote>["']?)(?P<name>[a-z0-9][a-z0-9_/-]*)(?P=quote):""")
_HEADER = r"{section}:[ \t]*(?P<empty>\{{[ \t]*\}})?[ \t]*(?P<comment>#[^\r]*)?(?P<ending>\r?)"
_VALUE = r"""(?P<before>(?<![\w-])(?P<mark>["']?){key}(?P=mark)[ ]*:[ ]+)(?P<quote>["']?)[^\s"',}}#]+(?P=quote)"""


@dataclass(frozen=True, slots=True)
class Own:
    """An entry of a section: its name, and its lines from `start` to `end`."""

    name: str
    start: int
    end: int
    indent: str


def lines_of(text: str) -> list[str]:
    """The lines between line feeds; a carriage return is a line's last character."""
    return text.split("\n")


def has_section(lines: Sequence[str], section: str) -> bool:
    """Whether the file has a section in a form that can be edited."""
    return _header(lines, section) is not None


def with_section(lines: list[str], section: str, after: str) -> list[str]:
    """The lines with a new section without entries, below another one's entries.

    The last line has an end.
    """
    header = _header(lines, after)
    if header is None:
        raise CannotEditError
    end = _end_of_block(lines, header[0] + 1)
    return [*lines[:end], section + ":" + header[1]["ending"], *lines[end:]]


def take(lines: list[str], section: str, name: str) -> tuple[list[str], list[str]]:
    """An entry's lines, and the file's without them.

    A comment above stays. Without its last entry `releases` is `{}`, another section is gone.
    """
    _, start, end = _opened(lines, section)
    own = next((one for one in _own(lines, start, end) if one.name == name), None)
    if own is None:
        raise CannotEditError
    last = own.end
    while last > own.start + 1 and _is_idle(lines[last - 1]):
        last -= 1
    taken, rest = lines[own.start : last], [*lines[: own.start], *lines[last:]]
    end -= last - own.start
    if _own(rest, start, end):
        return taken, rest
    header = _header(rest, section)
    if header is None:
        raise CannotEditError
    comment = header[1]["comment"]
    if section != "releases" and not comment and start == end:
        return taken, [*rest[: start - 1], *rest[start:]]
    said = f"{section}: {{}}" + (f" {comment}" if comment else "")
    return taken, [*rest[: start - 1], said + header[1]["ending"], *rest[start:]]


def put(lines: list[str], section: str, name: str, entry: list[str]) -> list[str]:
    """The file's lines with an entry's in its sorted place."""
    lines, start, end = _opened(lines, section)
    own = _own(lines, start, end)
    at = next((one.start for one in own if one.name > name), end)
    if at < end:
        while at > start and lines[at - 1].lstrip().startswith("#"):
            at -= 1  # a comment above an entry belongs to it
    if own and (match := _KEY.match(entry[0])) and match["indent"] != own[0].indent:
        entry = [_indented(one, match["indent"], own[0].indent) for one in entry]
    if at == len(lines) and entry[-1].endswith("\r"):  # the file's last line had no end
        return [*lines[:-1], lines[-1] + "\r", *entry[:-1], entry[-1].removesuffix("\r")]
    return [*lines[:at], *entry, *lines[at:]]


def new_entry(name: str, pin: Pin, *, ending: str) -> list[str]:
    """An entry as `promote` writes it; `ending` is what stands before the line feed.

    `0`, `1e9` and `null` are names, too, and get quotes.
    """
    said = f'{{version: {pin.version}, digest: "{pin.digest}"}}'
    return [f"  {written(name)}: {said}{ending}"]


def pointed(entry: Sequence[str], pin: Pin) -> list[str]:
    """The lines of an entry, however it is written, with another version and digest in place."""
    text = "\n".join(entry)
    for key, value in (("version", str(pin.version)), ("digest", pin.digest)):
        shape = re.compile(_VALUE.format(key=key))
        text = shape.sub(rf"\g<before>\g<quote>{value}\g<quote>", text, count=1)
    return text.split("\n")


def repointed(lines: list[str], name: str, pin: Pin) -> list[str] | None:
    """The lines with an entry of `releases` pointed elsewhere; None where it isn't there."""
    lines, start, end = _opened(lines, "releases")
    for one in _own(lines, start, end):
        if one.name == name:
            entry = pointed(lines[one.start : one.end], pin)
            return [*lines[: one.start], *entry, *lines[one.end :]]
    return None


def _header(lines: Sequence[str], section: str) -> tuple[int, re.Match[str]] | None:
    shape = re.compile(_HEADER.format(section=section))
    for index, line in enumerate(lines):
        if match := shape.fullmatch(line):
            return index, match
    return None


def _opened(lines: list[str], section: str) -> tuple[list[str], int, int]:
    """The lines and where a section's entries stand; an empty `{}` is opened."""
    found = _header(lines, section)
    if found is None:
        raise CannotEditError
    index, match = found
    if match["empty"]:
        comment = f" {match['comment']}" if match["comment"] else ""
        opened = f"{section}:{comment}{match['ending']}"
        lines = [*lines[:index], opened, *lines[index + 1 :]]
        if index == len(lines) - 1:
            lines.append("")  # the file's last line had no end
        return lines, index + 1, index + 1
    return lines, index + 1, _end_of_block(lines, index + 1)


def _end_of_block(lines: Sequence[str], start: int) -> int:
    """After the last entry: blank lines and comments below it stay below it."""
    end = after = start
    while after < len(lines) and (not lines[after].strip() or lines[after][0] in " #"):
        after += 1
        if lines[after - 1].strip() and lines[after - 1][0] == " ":
            end = after
    return end


def _own(lines: Sequence[str], start: int, end: int) -> list[Own]:
    keys = [
        (index, match)
        for index in range(start, end)
        if (match := _KEY.match(lines[index])) is not None
    ]
    if not keys:
        return []
    indent = keys[0][1]["indent"]
    own = [(index, match["name"]) for index, match in keys if match["indent"] == indent]
    ends = [*(index for index, _ in own[1:]), end]
    return [Own(name, index, last, indent) for (index, name), last in zip(own, ends, strict=True)]


def _is_idle(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def _indented(line: str, old: str, new: str) -> str:
    return new + line.removeprefix(old) if line.startswith(old) else line
