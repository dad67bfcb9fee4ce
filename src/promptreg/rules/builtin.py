"""The table of rules. A new rule is one line here."""

from __future__ import annotations

from promptreg.checks.catalog import READERS
from promptreg.checks.gate_catalog import GATES
from promptreg.checks.release_catalog import LEDGER
from promptreg.checks.rule import Description, Rule
from promptreg.rules.changes.builtin import CHANGE_RULES
from promptreg.rules.deprecated_but_used import DeprecatedButUsed
from promptreg.rules.duplicate_name import DuplicateName
from promptreg.rules.input_name_conflict import InputNameConflict
from promptreg.rules.input_without_description import InputWithoutDescription
from promptreg.rules.invalid_default import InvalidDefault
from promptreg.rules.invalid_pattern import InvalidPattern
from promptreg.rules.invalid_schema import InvalidSchema
from promptreg.rules.invalid_test_inputs import InvalidTestInputs
from promptreg.rules.limit_exceeded import LimitExceeded
from promptreg.rules.missing_description import MissingDescription
from promptreg.rules.missing_file import MissingFile
from promptreg.rules.missing_template import MissingTemplate
from promptreg.rules.missing_tests import MissingTests
from promptreg.rules.name_mismatch import NameMismatch
from promptreg.rules.replacement_cycle import ReplacementCycle
from promptreg.rules.retired_but_used import RetiredButUsed
from promptreg.rules.sunset_passed import SunsetPassed
from promptreg.rules.sunset_without_deprecation import SunsetWithoutDeprecation
from promptreg.rules.suspended_but_running import SuspendedButRunning
from promptreg.rules.template_cycle import TemplateCycle
from promptreg.rules.template_not_allowed import TemplateNotAllowed
from promptreg.rules.template_syntax import TemplateSyntax
from promptreg.rules.undeclared_input import UndeclaredInput
from promptreg.rules.unknown_environment_entry import UnknownEnvironmentEntry
from promptreg.rules.unknown_locale import UnknownLocale
from promptreg.rules.unknown_owner import UnknownOwner
from promptreg.rules.unknown_reference import UnknownReference
from promptreg.rules.unknown_release import UnknownRelease
from promptreg.rules.unknown_step import UnknownStep
from promptreg.rules.unreleased_reference import UnreleasedReference
from promptreg.rules.unused_input import UnusedInput
from promptreg.rules.wrong_digest import WrongDigest

BUILTIN: tuple[type[Rule], ...] = (
    DeprecatedButUsed,
    DuplicateName,
    InputNameConflict,
    InputWithoutDescription,
    InvalidDefault,
    InvalidPattern,
    InvalidSchema,
    InvalidTestInputs,
    LimitExceeded,
    MissingDescription,
    MissingFile,
    MissingTemplate,
    MissingTests,
    NameMismatch,
    ReplacementCycle,
    RetiredButUsed,
    SunsetPassed,
    SunsetWithoutDeprecation,
    SuspendedButRunning,
    TemplateCycle,
    TemplateNotAllowed,
    TemplateSyntax,
    UndeclaredInput,
    UnknownEnvironmentEntry,
    UnknownLocale,
    UnknownOwner,
    UnknownReference,
    UnknownRelease,
    UnknownStep,
    UnreleasedReference,
    UnusedInput,
    WrongDigest,
)
"""Sorted by id."""


def descriptions() -> dict[str, Description]:
    """What each id means, by id: of rules, of the readers, of the gates and of `verify`."""
    found = (
        *READERS,
        *LEDGER,
        *GATES,
        *(rule.description() for rule in BUILTIN),
        *(rule.description() for rule in CHANGE_RULES),
    )
    return {one.id: one for one in sorted(found, key=lambda one: one.id)}
