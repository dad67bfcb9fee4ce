"""The environments that git runs in: a hardened one, and the user's own where they asked for it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

HARDENED_VARIABLES = {
    "LC_ALL": "C.UTF-8",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_ATTR_NOSYSTEM": "1",
    # A file that can't exist: with it git reads no `info/grafts`, and says nothing of it.
    "GIT_GRAFT_FILE": "/dev/null/none",
    # A walk through a history takes and gives back large trees all the time: where the C library is
    # glibc it need not ask the system for each (`man 3 mallopt`); others don't know the words.
    "MALLOC_MMAP_THRESHOLD_": str(32 << 20),
    "MALLOC_TRIM_THRESHOLD_": str(256 << 20),
}

HARDENED_SETTINGS = (
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    # A bare repository committed as files would bring its own configuration.
    "safe.bareRepository=explicit",
    "protocol.allow=never",
    "gpg.program=gpg",
    "gpg.ssh.program=ssh-keygen",
    "core.attributesFile=/dev/null",
    "credential.helper=",
)

# A hook or `git -c alias` sets these for *its* repository; ours is found by its folder.
_ABOUT_ANOTHER_REPOSITORY = frozenset(
    {
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_COMMON_DIR",
        "GIT_CONFIG",
        "GIT_DIR",
        "GIT_GRAFT_FILE",
        "GIT_IMPLICIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_INDEX_VERSION",
        "GIT_INTERNAL_SUPER_PREFIX",
        "GIT_NAMESPACE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_PREFIX",
        "GIT_QUARANTINE_PATH",
        "GIT_REPLACE_REF_BASE",
        "GIT_SHALLOW_FILE",
        "GIT_WORK_TREE",
    }
)

# Where keys, their agents and the question for a passphrase are; nothing that says what to run.
_ABOUT_KEYS = (
    "DBUS_SESSION_BUS_ADDRESS",
    "DISPLAY",
    "GNUPGHOME",
    "GPG_TTY",
    "LOGNAME",
    "PINENTRY_USER_DATA",
    "SSH_ASKPASS",
    "SSH_ASKPASS_REQUIRE",
    "SSH_AUTH_SOCK",
    "SSH_SK_PROVIDER",
    "TERM",
    "USER",
    "WAYLAND_DISPLAY",
    "XAUTHORITY",
    "XDG_RUNTIME_DIR",
)


@dataclass(frozen=True, slots=True)
class GitEnvironment:
    """The caller's environment, from which both kinds are made. Never printed: it holds secrets."""

    caller: tuple[tuple[str, str], ...] = field(repr=False)

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> GitEnvironment:
        """A copy of `environ`, usually `os.environ`."""
        return cls(tuple(sorted(environ.items())))

    @property
    def path(self) -> str:
        """The caller's PATH without relative folders: those could lie in the repository."""
        folders = dict(self.caller).get("PATH", os.defpath).split(os.pathsep)
        return os.pathsep.join(folder for folder in folders if folder.startswith("/"))

    @property
    def home(self) -> str:
        """The user's home folder as `~/` means it; empty where it isn't known."""
        return dict(self.caller).get("HOME", "")

    def hardened(self) -> dict[str, str]:
        """What git sees when it reads or writes what may be hostile."""
        home = {name: value for name, value in self.caller if name == "HOME"}
        return {"PATH": self.path, **home, **HARDENED_VARIABLES}

    def own(self) -> dict[str, str]:
        """The user's environment, for an explicit push and for reading their own settings."""
        kept = {name: value for name, value in self.caller if name not in _ABOUT_ANOTHER_REPOSITORY}
        # Refusals are recognised by their English words.
        return {**kept, "PATH": self.path, "LC_ALL": "C.UTF-8", "LANGUAGE": "C"}

    def signing(self) -> dict[str, str]:
        """What gpg and ssh-keygen see: the hardened one, and where the user's keys are."""
        keys = {name: value for name, value in self.caller if name in _ABOUT_KEYS}
        return {**self.hardened(), **keys}
