"""Examples of a rule: run as tests and printed in its page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from promptreg.model.version import parse_version
from promptreg.releases.known import KnownReleases

PROMPT = "prompts/greeting.prompt.yaml"
AGENT = "agents/helper.agent.yaml"
REGISTRY = "promptreg.yaml"
ENVIRONMENT = "environments/production.yaml"
DIGEST = "sha256:" + "0" * 64

_BASES = {
    REGISTRY: ("kind: Registry", "name: example", "owners: {team: {}}"),
    PROMPT: (
        "kind: Prompt",
        "name: greeting",
        "owner: team",
        "lifecycle: active",
        "risk: low",
        "messages: [{role: user, content: Hello}]",
    ),
    AGENT: ("kind: Agent", "name: helper", "owner: team", "lifecycle: active", "risk: low"),
}


@dataclass(frozen=True, slots=True)
class Example:
    """A small registry. `prompt`, `agent` and `registry` are keys of PROMPT, AGENT and REGISTRY.

    Keys that they leave out are those of a sound document; `files` are further files as they are.
    """

    prompt: str = ""
    agent: str = ""
    registry: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    released: Mapping[str, Mapping[str, str]] | None = None
    """The digests of release tags by entry and version, where the rule needs them."""

    def shown(self) -> dict[str, str]:
        """What tells the example from a sound registry, by path: what a page prints."""
        parts = {REGISTRY: self.registry, PROMPT: self.prompt, AGENT: self.agent}
        return {path: text for path, text in parts.items() if text} | dict(self.files)

    def known(self) -> KnownReleases:
        """The releases as a run would know them."""
        if self.released is None:
            return KnownReleases()
        return KnownReleases(
            {
                name: {parse_version(version): digest for version, digest in one.items()}
                for name, one in self.released.items()
            }
        )

    def tree(self) -> dict[str, str]:
        """Every file of the registry, by path."""
        made = {REGISTRY: _whole(REGISTRY, self.registry), PROMPT: _whole(PROMPT, self.prompt)}
        if self.agent:
            made[AGENT] = _whole(AGENT, self.agent)
        return made | dict(self.files)


def production(name: str, version: str, digest: str = DIGEST) -> dict[str, str]:
    """The file of an environment that runs one release."""
    head = "apiVersion: promptreg/v1\nkind: Environment\nname: production\nreleases:\n"
    return {ENVIRONMENT: f"{head}  {name}: {{version: {version}, digest: '{digest}'}}\n"}


@dataclass(frozen=True, slots=True)
class Good(Example):
    """A registry in which the rule finds nothing."""


@dataclass(frozen=True, slots=True)
class Bad(Example):
    """A registry in which the rule finds something.

    `at` is `PATH:ROUTE`, `PATH:LINE:COLUMN` in a template, or `PATH` for a whole file.
    """

    at: str = field(kw_only=True)


def _whole(path: str, keys: str) -> str:
    said = set(re.findall(r"^([A-Za-z_]+):", keys, re.MULTILINE))
    base = [line for line in _BASES[path] if line.partition(":")[0] not in said]
    return "\n".join(["apiVersion: promptreg/v1", *base, keys]).rstrip("\n") + "\n"
