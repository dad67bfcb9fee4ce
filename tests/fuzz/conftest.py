"""What the worst input cost: told after a run with more than the usual number of examples."""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator

import pytest

_TORTURE = int(os.environ.get("TORTURE", "1"))
_KEY = "worst of a fuzz target"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """Carry a target's worst time to whoever writes the summary."""
    worst = getattr(getattr(item, "module", None), "WORST", {})
    figures = [f"{name} {seconds * 1000:.0f} ms" for name, seconds in worst.items()]
    if figures and _TORTURE > 1:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        item.user_properties.append((_KEY, f"{', '.join(figures)}; {peak} MB of memory at most"))
        worst.clear()
    return (yield)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line for each target."""
    reports = [one for found in terminalreporter.stats.values() for one in found]
    lines = [
        f"{one.nodeid.rpartition('::')[2]}: {value}"
        for one in reports
        if getattr(one, "when", "") == "teardown"
        for key, value in one.user_properties
        if key == _KEY
    ]
    if lines:
        terminalreporter.section("worst input of each target")
        for line in lines:
            terminalreporter.write_line(line)
