"""What is wrong with a template, before a finding is made of it."""

from __future__ import annotations

from dataclasses import dataclass

from promptreg.model.finding import Place


@dataclass(frozen=True, slots=True)
class TemplateProblem:
    """One thing wrong in one template's text.

    `rule` is template-syntax, template-not-allowed, limit-exceeded, missing-template,
    template-cycle or undeclared-input. `path` is the template's file; empty means the inline text
    that was asked about. `key` is the name it is about; `fix` how to mend it.
    """

    rule: str
    message: str
    place: Place
    path: str = ""
    key: str = ""
    fix: str = ""
