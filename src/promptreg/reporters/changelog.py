"""A changelog as Markdown, laid out as https://keepachangelog.com/en/1.1.0/ does it.

Other people's words stand in it as in a comment on a pull request: nothing of them is obeyed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from promptreg.model.version import Bump
from promptreg.releases.changelog import Changelog, EntryNotes, NextNotes, Note, ReleaseNotes
from promptreg.reporters.inert import code, prose
from promptreg.reporters.printable import without_commands

_GROUPS = {
    "breaking": "Breaking",
    "additive": "Added",
    "behavioural": "Behaviour",
    "docs": "Documentation",
}
_MOST_NOTES = 100
_MESSAGE = 600


def changelog_markdown(log: Changelog, *, name: str = "") -> str:
    """The whole document; `name` is the entry where only one was asked for."""
    lines = [f"# Changelog of {code(name)}" if name else "# Changelog"]
    for entry in log.entries:
        sections = list(_sections(entry, "##" if name else "###"))
        if not name:
            lines += ["", f"## {code(entry.name)}"]
        lines += sections or ["", "Nothing is released, and nothing can be."]
    lines += [line for note in log.notes for line in ("", f"Note: {prose(note, most=_MESSAGE)}")]
    return "".join(f"{without_commands(line)}\n" for line in lines)


def _sections(entry: EntryNotes, level: str) -> Iterator[str]:
    if entry.unreleased is not None:
        yield from _unreleased(entry.unreleased, level)
    for release in entry.releases:
        yield from _release(release, level)


def _unreleased(one: NextNotes, level: str) -> Iterator[str]:
    yield from ("", f"{level} Unreleased", "")
    if one.since is None:
        yield f"The first release would be {one.version}."
    elif one.required is Bump.NONE:
        yield f"The next release after {one.since} would be {one.version}."
    else:
        least = f"at the least {one.version}"
        yield f"Needs a {one.required.word} release after {one.since}: {least}."
    yield from _body(one.message, one.notes, level)


def _release(one: ReleaseNotes, level: str) -> Iterator[str]:
    date = f" - {one.date[:10]}" if one.date and not one.date.startswith("@") else ""
    yield from ("", f"{level} {one.version}{date}", "")
    if one.problem:
        yield f"This release can't be told of: {prose(one.problem, most=_MESSAGE)}"
        return
    since = f" after {one.since}" if one.since else ""
    who = one.by.partition(" <")[0]
    by = f" by {prose(who)}" if who else ""
    what = "pre-release" if one.version.pre else "release"
    yield f"A {one.bump} {what}{since}{by}." if one.since else f"The first {what}{by}."
    yield from _body(one.message, one.notes, level)


def _body(message: str, notes: Iterable[Note], level: str) -> Iterator[str]:
    yield from _message(message)
    notes = tuple(notes)
    for impact, title in _GROUPS.items():
        mine = [one for one in notes if one.impact == impact]
        if mine:
            yield from ("", f"{level}# {title}", "")
            yield from (f"- {prose(one.message, most=_MESSAGE)}" for one in mine[:_MOST_NOTES])
        if len(mine) > _MOST_NOTES:
            yield f"- and {len(mine) - _MOST_NOTES} more"


def _message(message: str) -> Iterator[str]:
    """What people said, a line at a time; their lists stay lists, all else is told as it stands."""
    listed, before = False, ""
    for index, line in enumerate(message.split("\n") if message else ()):
        text = line.strip()
        is_item = text.startswith("- ")
        if index == 0 or not text or (is_item != listed and before):
            yield ""
        if is_item:
            yield f"- {prose(text[2:].strip(), most=_MESSAGE)}"
        elif text:
            yield prose(text, most=_MESSAGE)
        listed, before = is_item, text
