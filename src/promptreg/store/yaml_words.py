"""What libyaml's complaints mean, in plain words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence about a mistake and how to mend it."""

    message: str
    fix: str = ""


def words_for(problem: str, context: str, at: str, opened: int) -> Words:
    """Words for a complaint; `at` is the text there, `opened` the line where its context began."""
    if "cannot start any token" in problem or "tab character" in problem:
        return _bad_start(at)
    if "quoted scalar" in context and "escape" not in problem:
        return Words(f"the quote opened on line {opened} is not closed", "close it")
    for part, words in _TABLE:
        if part in problem:
            return Words(words.message.format(line=opened), words.fix)
    for part, words in _CONTEXTS:
        if part in context:
            return Words(words.message.format(line=opened), words.fix)
    return Words(f"this is no YAML: {problem or 'it holds a character that YAML refuses'}")


_INDENT = "indent the keys of one mapping alike, and its values deeper"
_QUOTE = "put the text in quotes"
_TABLE = (
    (
        "mapping values are not allowed",
        Words(
            "a `:` can't stand here: the text before it needs quotes or the indentation is off",
            _QUOTE,
        ),
    ),
    ("expected ',' or ']'", Words("the `[` of line {line} is not closed", "add `]` or `,`")),
    ("expected ',' or '}'", Words("the `{{` of line {line} is not closed", "add `}` or `,`")),
    ("find expected ':'", Words("the key of line {line} has no `:` after it", "add `: `")),
    (
        "expected alphabetic or numeric",
        Words("`*` and `&` at the start mean an alias or anchor", _QUOTE),
    ),
    ("did not find expected key", Words("the indentation doesn't fit the lines above", _INDENT)),
    ("<block end>", Words("the indentation doesn't fit the lines above", _INDENT)),
    (
        "'-' indicator",
        Words("a list item has to start with `- ` here", "indent the items of one list alike"),
    ),
    (
        "sequence entries are not allowed",
        Words("a list can't start here", "put `-` on a line of its own"),
    ),
    (
        "document start",
        Words("there is text after the end of the document", "remove it, or check the indentation"),
    ),
    (
        "unknown escape",
        Words(
            "this `\\` escape is unknown in double quotes",
            "double the backslash, or use single quotes",
        ),
    ),
    ("hexdecimal", Words("this `\\` escape needs hexadecimal digits", "give all its digits")),
    ("hexadecimal", Words("this `\\` escape needs hexadecimal digits", "give all its digits")),
    ("invalid Unicode character escape", Words("this `\\` escape is no Unicode character")),
    (
        "indentation spaces",
        Words("the first line of a block text is indented less than it says", "indent it"),
    ),
    (
        "block scalar",
        Words("the text after `|` or `>` starts on the next line", "begin a new line"),
    ),
    (
        "comment or line break",
        Words("the text after `|` or `>` starts on the next line", "begin a new line"),
    ),
    ("control characters", Words("a control character can't stand in YAML", "delete it")),
    ("not allowed", Words("a character that YAML refuses", "delete it")),
)
_CONTEXTS = (
    ("flow sequence", Words("the `[` of line {line} is not closed", "add `]`")),
    ("flow mapping", Words("the `{{` of line {line} is not closed", "add `}`")),
    (
        "flow node",
        Words("a value is missing here, or a bracket is not closed", "close the bracket"),
    ),
    ("anchor", Words("a `&` at the start means an anchor, and this is no name for one", _QUOTE)),
    ("alias", Words("a `*` at the start means an alias, and this is no name for one", _QUOTE)),
    ("tag", Words("a `!` at the start means a tag, which isn't allowed", _QUOTE)),
    (
        "directive",
        Words("a line that starts with `%` is a directive, which isn't allowed", "remove it"),
    ),
    ("simple key", Words("the key of line {line} has no `:` after it", "add `: `")),
    ("block mapping", Words("the indentation doesn't fit the lines above", _INDENT)),
    ("block collection", Words("the indentation doesn't fit the lines above", _INDENT)),
)


def _bad_start(at: str) -> Words:
    if at[:1] == "\t":
        return Words("a tab can't indent in YAML", "indent with spaces")
    if at[:1] in ("@", "`", "%"):
        return Words(f"a value can't start with {at[:1]!r}", _QUOTE)
    return Words("nothing can start with this character here", _QUOTE)
