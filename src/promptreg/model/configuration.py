"""`promptreg.yaml` as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

from promptreg.model.data import Json

FILE = "promptreg.yaml"
"""The file that marks a registry's root."""

DEFAULT_ROOTS = (
    "prompts",
    "agents",
    "policies",
    "experiments",
    "environments",
    "approvals",
    "changes",
)
DEFAULT_TEMPLATE_ROOTS = ("partials", ".")

RISKS = ("low", "medium", "high")
"""What an entry may put at risk, lowest first."""


def higher_risk(one: str, other: str) -> str:
    """The higher one of two risks."""
    return max(one, other, key=RISKS.index)


@dataclass(frozen=True, slots=True)
class Owner:
    """A team: who to reach, and the e-mail addresses of its members."""

    name: str
    contact: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EnvironmentRule:
    """What `promptreg.yaml` says of an environment; `after` is the stage before it."""

    name: str
    after: str
    owners: tuple[str, ...]
    approvals: dict[str, Json]
    """The gate (`count`, `from`, `signed`) of each risk that has one."""
    soak: str = ""
    """How long a release runs in `after` first: `24h`, or empty."""
    protected: bool = False


@dataclass(frozen=True, slots=True)
class Waiver:
    """A finding that is accepted up to and including the day `expires` (YYYY-MM-DD)."""

    fingerprint: str
    reason: str
    owner: str
    expires: str


@dataclass(frozen=True, slots=True)
class Limits:
    """Most bytes of a file, by what it is."""

    manifest_bytes: int = 256 * 1024
    template_bytes: int = 256 * 1024
    input_bytes: int = 1024 * 1024
    environment_bytes: int = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Configuration:
    """A registry's configuration; the defaults are those of an empty `promptreg.yaml`."""

    name: str = ""
    description: str = ""
    owners: dict[str, Owner] = field(default_factory=dict)
    environments: dict[str, EnvironmentRule] = field(default_factory=dict)
    release_branch: str = ""
    environments_branch: str = ""
    allowed_signers: str = ""
    """The file that says whose keys may sign approvals and releases; empty where there is none."""
    signed_releases: bool = False
    """Whether a release without a signature is refused and found."""
    roots: tuple[str, ...] = DEFAULT_ROOTS
    template_roots: tuple[str, ...] = DEFAULT_TEMPLATE_ROOTS
    profile: str = "recommended"
    severities: dict[str, str] = field(default_factory=dict)
    limits: Limits = Limits()
    waivers: tuple[Waiver, ...] = ()


def parse_configuration(document: dict[str, Json]) -> Configuration:
    """The configuration that a document, already found to fit the schema, describes."""
    data = cast("dict[str, Any]", document)
    return Configuration(
        name=data["name"],
        description=data.get("description", ""),
        owners={
            name: Owner(name, owner.get("contact", ""), tuple(owner.get("members", ())))
            for name, owner in data["owners"].items()
        },
        environments={
            name: EnvironmentRule(
                name,
                rule.get("after", ""),
                tuple(rule.get("owners", ())),
                rule.get("approvals", {}),
                rule.get("soak", ""),
                rule.get("protected", False),
            )
            for name, rule in data.get("environments", {}).items()
        },
        release_branch=data.get("release_branch", ""),
        environments_branch=data.get("environments_branch", ""),
        allowed_signers=data.get("allowed_signers", ""),
        signed_releases=data.get("signed_releases", False),
        roots=tuple(data.get("roots", DEFAULT_ROOTS)),
        template_roots=tuple(data.get("templates", DEFAULT_TEMPLATE_ROOTS)),
        profile=data.get("profile", "recommended"),
        severities=data.get("severity", {}),
        limits=Limits(**data.get("limits", {})),
        waivers=tuple(
            Waiver(one["fingerprint"], one["reason"], one["owner"], one["expires"])
            for one in data.get("waivers", ())
        ),
    )
