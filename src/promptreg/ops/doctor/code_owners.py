"""CODEOWNERS as GitHub and GitLab read it, as far as it takes to see what nobody owns."""

from __future__ import annotations

import re
from collections.abc import Iterable

CODE_OWNERS = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")
"""Where the file may lie, in the order in which GitHub looks."""

_TOKENS = re.compile(r"\*\*/|\*\*|\*|\?|[^*?]+")
_MEANINGS = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def unowned(text: str, paths: Iterable[str]) -> tuple[str, ...]:
    """Those of `paths` (relative to the top of the repository) that have no owner.

    The last line that fits counts; one without owners takes them away.
    """
    rules = [rule for line in text.splitlines() if (rule := _rule(line))]
    return tuple(path for path in paths if not _owners(path, rules))


def _rule(line: str) -> tuple[re.Pattern[str], tuple[str, ...]] | None:
    words = line.partition(" #")[0].split()
    if not words or words[0].startswith(("#", "[", "^[")):
        return None
    return _expression(words[0]), tuple(words[1:])


def _owners(path: str, rules: list[tuple[re.Pattern[str], tuple[str, ...]]]) -> tuple[str, ...]:
    fitting = [owners for pattern, owners in rules if pattern.fullmatch(path)]
    return fitting[-1] if fitting else ()


def _expression(pattern: str) -> re.Pattern[str]:
    """A pattern as in `.gitignore`: anchored where it has a slash that isn't its last character."""
    anchored = "/" in pattern.rstrip("/")
    words = _TOKENS.findall(pattern.strip("/"))
    inner = "".join(_MEANINGS.get(word) or re.escape(word) for word in words)
    # `docs/*` covers files of that folder, not of those below; a plain name covers all below it.
    below = "" if pattern.endswith("/*") else "(?:/.*)?"
    below = "/.*" if pattern.endswith("/") else below
    return re.compile(f"{'' if anchored else '(?:.*/)?'}{inner}{below}", re.DOTALL)
