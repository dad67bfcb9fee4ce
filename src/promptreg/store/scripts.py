"""Scripts of Unicode, as far as the code point policy asks about them.

Ranges are those of the Unicode 16 blocks; a block is wide enough, as these only tell where an
invisible character is legitimate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

RGI_FLAG = (
    "\U0001f3f4\U000e0067\U000e0062(?:\U000e0065\U000e006e\U000e0067|\U000e0073\U000e0063\U000e0074"
    "|\U000e0077\U000e006c\U000e0073)\U000e007f"
)
"""England, Scotland and Wales: the only tag sequences recommended for interchange (UTS #51)."""

_ARABIC = (
    "\u0600-\u061b\u061d-\u06ff\u0700-\u074f\u0750-\u077f\u0860-\u08ff\ufb50-\ufdff\ufe70-\ufefc"
)
_HEBREW = "\u0590-\u05ff\ufb1d-\ufb4f"
_OTHER_RIGHT_TO_LEFT = "\u0780-\u085f\U00010800-\U00010fff\U0001e800-\U0001efff"
_INDIC = (
    "\u0900-\u0dff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u1900-\u1aaf\u1b00-\u1c4f\u1cd0-\u1cff"
)
_INDIC_MORE = (
    "\ua800-\ua82f\ua840-\ua8ff\ua930-\ua9df\uaa00-\uaa7f\uabc0-\uabff\U00011000-\U00011fff"
)
_MONGOLIAN = "\u1800-\u18af"

RIGHT_TO_LEFT = f"[{_ARABIC}{_HEBREW}{_OTHER_RIGHT_TO_LEFT}]"
JOINING = f"[{_ARABIC}{_OTHER_RIGHT_TO_LEFT}{_INDIC}{_INDIC_MORE}{_MONGOLIAN}]"
SPACELESS = "[\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u1950-\u1aaf\ua9e0-\uaaff]"
MARK = "[\u0300-\u034e\u0350-\u036f\u0591-\u05c7\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]"
HANGUL_JAMO = "[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]"
HANGUL_LETTERS = "[\u3131-\u3163\u3165-\u318e\uac00-\ud7a3]"
HANGUL_HALFWIDTH = "[\uffa1-\uffdc]"
BRAILLE_DOTS = "[\u2801-\u28ff]"
IDEOGRAPH = "[\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd]"
PICTOGRAPH = (
    "[\xa9\xae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u2460-\u27bf\u2900-\u297f"
    "\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
)

_LATIN = "A-Za-z\xaa\xba\xc0-\xd6\xd8-\xf6\xf8-\u024f\u0250-\u02af\u1e00-\u1eff\uff21-\uff3a\uff41-\uff5a"
_GREEK = "\u0370-\u0373\u0376-\u03ff\u1f00-\u1fff"
_CYRILLIC = "\u0400-\u052f\u1c80-\u1c8f\u2de0-\u2dff\ua640-\ua69f"

CYRILLIC_OR_GREEK = f"[{_GREEK}{_CYRILLIC}]"


@cache  # most runs meet no text that needs any of them, and each takes long to make
def compiled(pattern: str) -> re.Pattern[str]:
    """The regular expression of a pattern in this module, or of one made of them."""
    return re.compile(pattern)


def mixed_words(text: str) -> Iterator[tuple[int, str]]:
    """Words that mix Latin with Cyrillic or Greek letters, with their start.

    A word with a single Greek letter at its end that looks like no Latin letter (`μm`, `Δt`,
    `TGFβ`) is science, not disguise.
    """
    if compiled(_MIXED_PAIR).search(text) is None:
        return
    for match in compiled(_WORD).finditer(text):
        word = match.group()
        foreign = len(compiled(CYRILLIC_OR_GREEK).findall(word))
        if foreign and compiled(_IS_LATIN).search(word) and not (foreign == 1 and _is_symbol(word)):
            yield match.start(), word


_WORD = r"[^\W\d_]+"
_MIXED_PAIR = f"[{_LATIN}][{_GREEK}{_CYRILLIC}]|[{_GREEK}{_CYRILLIC}][{_LATIN}]"
_IS_LATIN = f"[{_LATIN}]"
_UNLIKE_LATIN = frozenset("ΓΔΘΛΞΠΣΦΨΩβγδεζηθλμξπστφψωϕϵ")


def _is_symbol(word: str) -> bool:
    return word[0] in _UNLIKE_LATIN or word[-1] in _UNLIKE_LATIN
