"""What stops a command: what is wrong, where, and the next command to run.

Broken content of a registry is never one of these; it is a Finding, so that one broken file doesn't
hide the others.
"""


class PromptregError(Exception):
    """A run that can't go on (exit code 2).

    `what` is one sentence, `where` names the file, ref or option, `hint` the next step to take.
    The texts may hold bytes of the repository; whoever prints them escapes them.
    """

    def __init__(self, what: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.hint = hint


class UsageError(PromptregError):
    """The command line asks for something that can't be."""


class RegistryError(PromptregError):
    """There is no registry here, or its configuration can't be read."""


class ChangedError(RegistryError):
    """A file that was known changed before it was read."""


class GitError(PromptregError):
    """git is missing, too old, refuses, or answers what it shouldn't."""


class SelectorError(PromptregError):
    """A selector is malformed or names nothing."""


class InputError(PromptregError):
    """Inputs of a prompt are missing, unknown or of the wrong type."""


class RefusedError(PromptregError):
    """A write whose preconditions don't hold; nothing was changed."""
