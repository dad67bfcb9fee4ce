"""The base of every rule: one small class that carries its reason and its examples."""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, TypedDict, Unpack

from promptreg.checks.example import Example
from promptreg.model.agent import Agent
from promptreg.model.entry import Entry
from promptreg.model.finding import Finding, Location, Severity
from promptreg.model.prompt import Prompt
from promptreg.registry.quiet_note import Quiet

if TYPE_CHECKING:
    from promptreg.checks.context import Context


@dataclass(frozen=True, slots=True)
class Description:
    """What people read about the findings of one id.

    `is_fixed`: they say that something could not be read or loaded, so that it was not judged;
    a registry can't lower them. `tells_absence`: they are about something that isn't there.
    """

    id: str
    severity: Severity
    since: str
    summary: str
    why: str
    fix: str
    examples: tuple[Example, ...] = ()
    is_fixed: bool = False
    tells_absence: bool = False


class Details(TypedDict, total=False):
    """What a finding may say beside its message and place; see Finding."""

    entry: str
    key: str
    fix: str
    related: tuple[Location, ...]
    severity: Severity


class Rule(ABC):
    """A check over a registry. Its docstring is a sentence, `Why: ...` and `Fix: ...`.

    A rule sees values only: it reads no file, starts nothing, prints nothing. One that
    `sees_one_entry` gets a context for each entry, which holds that entry and nothing else: no
    configuration, no other entry, no day. Where it found nothing it isn't asked again while the
    entry is the same.
    """

    id: ClassVar[str]
    severity: ClassVar[Severity]
    since: ClassVar[str]
    examples: ClassVar[tuple[Example, ...]]
    is_fixed: ClassVar[bool] = False
    tells_absence: ClassVar[bool] = False
    sees_one_entry: ClassVar[bool] = False

    @abstractmethod
    def check(self, context: Context) -> Iterator[Finding]:
        """Every finding, in any order; their places may still be routes."""

    def finding(self, message: str, at: Location, **details: Unpack[Details]) -> Finding:
        """A finding of this rule."""
        return Finding(
            rule=self.id,
            severity=details.get("severity", self.severity),
            message=message,
            at=at,
            entry=details.get("entry", ""),
            key=details.get("key", ""),
            fix=details.get("fix", ""),
            related=details.get("related", ()),
        )

    @classmethod
    def description(cls) -> Description:
        """What the docstring and the attributes say."""
        summary, why, fix = _sections(inspect.cleandoc(cls.__doc__ or ""))
        return Description(
            id=cls.id,
            severity=cls.severity,
            since=cls.since,
            summary=summary,
            why=why,
            fix=fix,
            examples=cls.examples,
            is_fixed=cls.is_fixed,
            tells_absence=cls.tells_absence,
        )


class EntryRule(Rule):
    """A rule about one prompt or agent at a time; its findings carry the entry's name."""

    sees_one_entry = True

    def check(self, context: Context) -> Iterator[Finding]:
        for entry in context.snapshot.loud_entries():
            yield from _about(entry, self.check_entry(entry, context))

    @abstractmethod
    def check_entry(self, entry: Entry, context: Context) -> Iterator[Finding]:
        """The findings about `entry`."""


class PromptRule(Rule):
    """A rule about one prompt at a time; its findings carry the prompt's name."""

    sees_one_entry = True

    def check(self, context: Context) -> Iterator[Finding]:
        for entry, prompt in context.prompts():
            yield from _about(entry, self.check_prompt(entry, prompt, context))

    @abstractmethod
    def check_prompt(self, entry: Entry, prompt: Prompt, context: Context) -> Iterator[Finding]:
        """The findings about `prompt`, which is the manifest of `entry`."""


class AgentRule(Rule):
    """A rule about one agent at a time; its findings carry the agent's name."""

    def check(self, context: Context) -> Iterator[Finding]:
        for entry, agent in context.agents():
            yield from _about(entry, self.check_agent(entry, agent, context))

    @abstractmethod
    def check_agent(self, entry: Entry, agent: Agent, context: Context) -> Iterator[Finding]:
        """The findings about `agent`, which is the manifest of `entry`."""


def on(entry: Entry | Quiet, *route: str | int, note: str = "") -> Location:
    """The place at `route` in an entry's manifest."""
    return Location(entry.path, route, note=note)


def _about(entry: Entry, findings: Iterator[Finding]) -> Iterator[Finding]:
    for finding in findings:
        yield replace(finding, entry=entry.name)


def _sections(text: str) -> tuple[str, str, str]:
    head, _, rest = text.partition("\n\nWhy: ")
    why, _, fix = rest.partition("\nFix: ")
    return tuple(" ".join(part.split()) for part in (head, why, fix))  # type: ignore[return-value]  # three in, three out
