"""Every command, by the module that holds it. Read without importing any of them."""

from __future__ import annotations


class Command:
    """A verb of the command line; `module` has a `command` function or, for a group, an `app`.

    Written by hand: `dataclasses` takes longer to load than Python itself.
    """

    __slots__ = ("module", "name", "section", "summary")

    def __init__(self, name: str, module: str, summary: str, section: str) -> None:
        self.name = name
        self.module = module
        self.summary = summary
        self.section = section


PLUMBING = ""
"""What other programs call; the overview leaves it out."""
WRITE, CHECK, USE, COMPARE, RELEASE = (
    "Write prompts and agents",
    "Check them",
    "Use them",
    "Compare and trace",
    "Release and run",
)

COMMANDS = (
    Command("init", "init", "Make a git repository a registry", WRITE),
    Command("new", "new", "Add a prompt or an agent", WRITE),
    Command("deprecate", "deprecate", "Announce the end of an entry", WRITE),
    Command("retire", "retire", "End an entry that nothing uses any more", WRITE),
    Command("activate", "activate", "Make a draft active, or take a deprecation back", WRITE),
    Command("transfer", "transfer", "Hand an entry over to another owner", WRITE),
    Command("schema", "schema", "Print the JSON Schema of a kind of file", WRITE),
    Command("validate", "validate", "Check manifests, templates and references", CHECK),
    Command("test", "test", "Run the tests that manifests declare", CHECK),
    Command("check", "check", "Judge what a change brings, before it is merged", CHECK),
    Command("cache", "cache", "Show or empty the cache of earlier results", CHECK),
    Command("doctor", "doctor", "Tell what is unsafe or missing here", CHECK),
    Command("list", "list", "List prompts and agents", USE),
    Command("show", "show", "Show an entry, its contract, releases and users", USE),
    Command("render", "render", "Render a prompt with inputs", USE),
    Command("diff", "diff", "Show what differs between two versions", COMPARE),
    Command("impact", "impact", "Show everything that a change would reach", COMPARE),
    Command("log", "log", "Show the history of an entry", COMPARE),
    Command("bisect", "bisect", "Find the commit that turned a prompt bad", COMPARE),
    Command("blame", "blame", "Show which release each line came from", COMPARE),
    Command("approve", "approve", "Approve what an entry consists of", RELEASE),
    Command("approvals", "approvals", "Show who approved what, and what is missing", RELEASE),
    Command("release", "release", "Tag versions of entries", RELEASE),
    Command("promote", "promote", "Point an environment to a release", RELEASE),
    Command("rollback", "rollback", "Put back what ran before", RELEASE),
    Command("suspend", "suspend", "Take an entry out of an environment", RELEASE),
    Command("freeze", "freeze", "Let nothing be promoted to an environment", RELEASE),
    Command("unfreeze", "unfreeze", "Let releases be promoted again", RELEASE),
    Command("verify", "verify", "Check that releases are what was released", RELEASE),
    Command("audit", "audit", "Tell who did what, when and why", RELEASE),
    Command("lock", "lock", "Write down what selectors mean", RELEASE),
    Command("governance", "governance", "Tell a git host what to enforce", RELEASE),
    Command("status", "status", "Show what runs where", RELEASE),
    Command("merge-environment", "merge_environment", "Merge an environment's file", PLUMBING),
)


def overview() -> str:
    """The text of `promptreg --help`."""
    shown = [command for command in COMMANDS if command.section != PLUMBING]
    width = max(len(command.name) for command in shown)
    lines = [
        "Usage: promptreg [-C DIR] COMMAND [ARGS]...",
        "",
        "A git repository as the registry for prompts and agents.",
    ]
    for section in dict.fromkeys(command.section for command in shown):
        lines += ["", f"{section}:"]
        lines += [
            f"  {command.name:<{width}}  {command.summary}"
            for command in shown
            if command.section == section
        ]
    lines += [
        "",
        "Options:",
        "  -C DIR     Run as if started in DIR",
        "  --debug    Print the traceback of a bug in promptreg",
        "  --version  Print the version",
        "  --help     Print this; `promptreg COMMAND --help` tells more",
    ]
    return "\n".join(lines) + "\n"
