"""Which of the events were asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

from promptreg.errors import SelectorError, UsageError
from promptreg.model.audit import KINDS, Event, Filters
from promptreg.model.names import did_you_mean
from promptreg.store.git.graph import graph
from promptreg.store.git.repository import Repository
from promptreg.store.git.wire import is_oid


def filtered(repo: Repository, events: Iterable[Event], filters: Filters) -> tuple[Event, ...]:
    """The events that `filters` lets through, in their order."""
    since, until = _bound(repo, filters.since), _bound(repo, filters.until)
    return tuple(
        one
        for one in events
        if (not filters.names or one.name in filters.names)
        and filters.environment in {"", one.environment}
        and (not filters.kinds or one.kind in filters.kinds)
        and (not filters.since or not since(one, at_it=False))
        and (not filters.until or until(one, at_it=True))
    )


def check_filters(filters: Filters, events: Iterable[Event], environments: Iterable[str]) -> None:
    """Refuse words that name nothing: an empty audit must mean that nothing happened.

    Raises UsageError for a kind, SelectorError for an entry or environment.
    """
    for kind in filters.kinds:
        if kind not in KINDS:
            hint = did_you_mean(kind, KINDS) or f"one of: {', '.join(KINDS)}"
            raise UsageError(f"there is no kind of event `{kind[:60]}`", hint=hint)
    events = tuple(events)
    names = {one.name for one in events if one.name}
    for name in filters.names:
        if name not in names:
            hint = did_you_mean(name, names) or "`promptreg list` shows what there is"
            raise SelectorError(f"no event names `{name[:200]}`", hint=hint)
    known = {one.environment for one in events if one.environment} | set(environments)
    if filters.environment and filters.environment not in known:
        hint = did_you_mean(filters.environment, known) or "declare it in promptreg.yaml"
        raise SelectorError(f"there is no environment `{filters.environment[:200]}`", hint=hint)


_Bound = Callable[..., bool]


def _bound(repo: Repository, text: str) -> _Bound:
    """Whether an event belongs to the time up to `text`; `at_it` says whether its moment does."""
    if is_oid(text):
        reached: Mapping[str, tuple[str, ...]] = graph(repo, [text])
        return lambda one, *, at_it: one.commit in reached  # noqa: ARG005 - both bounds are alike
    wanted = _moment(text)
    return lambda one, *, at_it: _is_before(one.committed, wanted, at_it=at_it)


def _is_before(said: str, wanted: datetime, *, at_it: bool) -> bool:
    moment = _moment(said)
    return moment < wanted or (at_it and moment == wanted)


def _moment(text: str) -> datetime:
    """A date that no calendar holds counts as the first one."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
