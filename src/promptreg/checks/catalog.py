"""The findings that readers make while they load a registry: what each means."""

from __future__ import annotations

from promptreg.checks.rule import Description
from promptreg.model.finding import Severity


def _reader(id_: str, summary: str, why: str, fix: str) -> Description:
    return Description(id_, Severity.ERROR, "0.1", summary, why, fix, is_fixed=True)


READERS = (
    Description(
        "bad-file-name",
        Severity.ERROR,
        "0.1",
        "A file of the registry has a name that some system can't hold or could act on.",
        "Such a file can't be checked out everywhere, two names may become one file, and control "
        "characters act on terminals and logs.",
        "Rename the file: lower-case letters, digits, `-`, `_` and `.`.",
    ),
    Description(
        "fixed-severity",
        Severity.ERROR,
        "0.1",
        "`severity:` in promptreg.yaml lowers a finding that can't be lowered.",
        "The finding says that a file couldn't be read, so that nothing in it was judged. Without "
        "it the file would pass unseen.",
        "Remove the line and mend the file.",
    ),
    _reader(
        "forbidden-character",
        "A text holds a code point that hides or reorders what people see.",
        "A reviewer and a model would read different texts.",
        "Delete the character, or write what it stands for.",
    ),
    _reader(
        "not-utf8",
        "A file is not UTF-8, or begins with a byte order mark.",
        "Guessing an encoding changes the text that a model gets.",
        "Save the file as UTF-8 without a byte order mark.",
    ),
    _reader(
        "schema-violation",
        "A document doesn't fit the schema of its kind.",
        "Misspelt keys and wrong types would be ignored silently.",
        "Follow the message; `promptreg schema KIND` prints the schema for your editor.",
    ),
    Description(
        "suspicious-character",
        Severity.WARNING,
        "0.1",
        "A text holds an invisible character, or a word mixes alphabets.",
        "It can hide an instruction or imitate another word; in some scripts it is needed.",
        "Delete the character, or write the word in one alphabet.",
    ),
    Description(
        "test-failed",
        Severity.ERROR,
        "0.1",
        "A test that a prompt declares doesn't hold.",
        "The test says what the rendered prompt has to contain.",
        "Mend the template, or the expectation; `promptreg test` shows both.",
    ),
    _reader(
        "unknown-kind",
        "A document's `kind:` or `apiVersion:` is not the one that its file name announces.",
        "The kind decides what a document is judged by; it is never guessed.",
        "Write the kind that the file name says, or rename the file.",
    ),
    Description(
        "unknown-rule",
        Severity.ERROR,
        "0.1",
        "`severity:` in promptreg.yaml names a rule that doesn't exist.",
        "A misspelt rule id would leave the rule as it is, silently.",
        "Write the id as `docs/rules` lists it, or remove the line.",
    ),
    _reader(
        "unreadable-file",
        "A file is a symbolic link, a submodule, no regular file, or may not be read.",
        "What lies outside the repository is not reviewed with it.",
        "Replace it by a regular file.",
    ),
    Description(
        "unused-declaration",
        Severity.WARNING,
        "0.1",
        "A breaking change is declared that this change doesn't make.",
        "A declaration that stays would let the next breaking change pass as intended.",
        "Remove the file from `changes/`.",
    ),
    _reader(
        "yaml-duplicate-key",
        "A YAML mapping has the same key twice.",
        "Readers disagree which of the two counts.",
        "Keep one of them.",
    ),
    _reader(
        "yaml-not-plain",
        "A document uses YAML that plain data doesn't need.",
        "Tags, merge keys, directives and further documents mean different things to different "
        "readers.",
        "Write the value out.",
    ),
    _reader(
        "yaml-syntax",
        "A document is no YAML.",
        "Nothing in it can be judged.",
        "Follow the message; often a colon or a brace in a text needs quotes.",
    ),
)
