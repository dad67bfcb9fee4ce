"""From what a commit changed to events: kind, values, reason, and whether a command did it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from promptreg.model.approval import Approval
from promptreg.model.audit import Event
from promptreg.model.configuration import FILE
from promptreg.model.version import parse_version
from promptreg.ops.audit.facts import Pinned
from promptreg.ops.audit.steps import Change
from promptreg.ops.audit.wording import hash_of, json_line, kept, pinned, staged

_REASON = "Promptreg-Reason"
Trailers = Sequence[tuple[str, str]]


def described(changes: Iterable[Change]) -> Iterator[tuple[Change, Event]]:
    """An event for each change that is one by itself, with what the change alone tells of it."""
    changes = tuple(changes)
    whole = {
        (one.slot[1], one.path)
        for one in changes
        if one.slot[0] == "lifecycle" and None in (one.before, one.after)
    }
    first = _whole_configuration(changes)
    for one in changes:
        word = one.slot[0]
        if word == "configuration" and first is not None:
            continue
        if word in {"owner", "risk", "gate"} and (one.slot[1], one.path) in whole:
            continue
        yield one, _event(one)
    if first is not None:
        yield first, _event(first)


def reason_of(trailers: Trailers, change: Change, subject: str) -> str:
    """Why: the trailer, else what the file itself says, else the commit's subject."""
    said = dict(trailers).get(_REASON, "")
    after = change.after
    if not said and change.slot[0] == "frozen":
        said = after or ""
    if not said and isinstance(after, Pinned) and after.suspended:
        said = after.reason
    if not said and isinstance(after, Approval):
        said = after.note
    return kept(said or subject)


def is_by_hand(trailers: Trailers, change: Change, event: Event) -> bool:
    """Whether a command writes such a change, and the trailers don't tell of this one."""
    said = set(trailers)
    word = change.slot[0]
    if word in {"pin", "frozen"}:
        told = ("Promptreg-Environment", event.environment) in said
        return not (told and any(_tells(change, *one) for one in said))
    if event.kind == "withdrawal":
        return True
    wanted = _trailer(change, event)
    return wanted is not None and wanted not in said


def _trailer(change: Change, event: Event) -> tuple[str, str] | None:
    """The trailer that a command would have left; None where no command writes such a change."""
    before, after = change.before, change.after
    if event.kind == "approval":
        return "Promptreg-Approves", f"{event.name} {after.version or 'unreleased'} {event.digest}"
    if event.kind == "lifecycle" and before is not None and after is not None:
        return "Promptreg-Lifecycle", f"{event.name} {before.lifecycle} -> {after.lifecycle}"
    if event.kind == "owner":
        return "Promptreg-Owner", f"{event.name} {event.before} -> {event.after}"
    return None


def _tells(change: Change, key: str, value: str) -> bool:
    after = change.after
    if change.slot[0] == "frozen":
        return (key, value) == ("Promptreg-Freeze", "unfrozen" if after is None else "frozen")
    if after is None:
        return False
    name = change.slot[2]
    if after.suspended:
        return key == "Promptreg-Suspend" and value.split(" ")[:2] == [name, after.version]
    words = value.split(" ")
    return key == "Promptreg-Move" and (words[0], words[-2:]) == (name, ["->", after.version])


def _whole_configuration(changes: Iterable[Change]) -> Change | None:
    """One change for a promptreg.yaml that came or went: its name is never absent otherwise."""
    named = next((one for one in changes if one.slot == ("configuration", "name")), None)
    if named is None or None not in (named.before, named.after):
        return None
    return Change(("configuration", ""), named.before, named.after, FILE)


def _event(change: Change) -> Event:
    word, *rest = change.slot
    if word == "pin":
        return _pin(change, rest[0], rest[1])
    if word == "approval":
        return _approval(change)
    path = kept(change.path)
    if word == "unreadable":
        return Event(word, path=path, problem="it can't be read; what it said before went on")
    texts = (_TEXTS.get(word, _plain)(change.before), _TEXTS.get(word, _plain)(change.after))
    if word == "frozen":
        return Event(
            "unfreeze" if change.after is None else "freeze", "", rest[0], "", path, *texts
        )
    if word == "lifecycle":
        whole = change.before is None or change.after is None
        texts = (staged(change.before, whole=whole), staged(change.after, whole=whole))
    name = "" if word in {"configuration", "signers"} else kept(rest[0])
    key = {"configuration": kept(rest[0]), "gate": "approvals"}.get(word, "")
    return Event(word, name, "", key, path, *texts)


def _plain(value: Any) -> str:
    return kept(value or "")


_TEXTS: dict[str, Callable[[Any], str]] = {
    "gate": json_line,
    "configuration": json_line,
    "signers": hash_of,
    "lifecycle": staged,
}


def _pin(change: Change, environment: str, name: str) -> Event:
    before, after = change.before, change.after
    return Event(
        _pin_kind(before, after),
        name,
        environment,
        "",
        change.path,
        pinned(before),
        pinned(after),
        before.digest if before else "",
        after.digest if after else "",
    )


def _pin_kind(before: Pinned | None, after: Pinned | None) -> str:
    if after is None:
        return "removal"
    if after.suspended:
        return "suspension"
    if before is None or parse_version(after.version) >= parse_version(before.version):
        return "promotion"
    return "rollback"


def _approval(change: Change) -> Event:
    given: Any = change.after or change.before
    kind = "approval" if change.after is not None else "withdrawal"
    what = f"{given.version or 'unreleased'} as {given.team}"
    texts = ("", what) if kind == "approval" else (what, "")
    return Event(kind, given.name, "", "", kept(change.path), *texts, "", given.digest)
