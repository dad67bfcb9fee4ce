"""What one template text says about itself: the names it takes, the files it reaches, its faults."""

from __future__ import annotations

from functools import lru_cache

from promptreg.model.finding import Place
from promptreg.templates import limits
from promptreg.templates.analysed import Analysis, Reference
from promptreg.templates.problem import TemplateProblem
from promptreg.templates.skeleton import analyse_by_skeleton
from promptreg.templates.whole_analysis import analyse_whole

__all__ = ["Analysis", "Reference", "analyse"]


@lru_cache(maxsize=32768)  # about 1 KB each; going round more than fit would find none of them
def analyse(source: str) -> Analysis:
    """Read a template's text. Never raises, and evaluates nothing of it."""
    if len(source) > limits.MAX_SOURCE or len(source.encode("utf-8", "surrogatepass")) > (
        limits.MAX_SOURCE
    ):
        message = f"the template is larger than {limits.MAX_SOURCE} bytes"
        return Analysis(problems=(TemplateProblem("limit-exceeded", message, Place(1, 1)),))
    if "{{" not in source and "{%" not in source and "{#" not in source:
        return Analysis()
    known = analyse_by_skeleton(source)
    return analyse_whole(source) if known is None else known
