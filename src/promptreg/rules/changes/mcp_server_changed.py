"""An agent uses other MCP servers."""

from __future__ import annotations

from promptreg.checks.change_rule import ChangeRule, Impact, Pair
from promptreg.checks.example import Example

RULE = ChangeRule(
    id="mcp-server-changed",
    kinds=(
        "mcp-server-added",
        "mcp-server-removed",
        "mcp-server-changed",
    ),
    impact=Impact.BEHAVIOURAL,
    headline="an agent uses other MCP servers",
    line="{what} changed",
    hits="The agent may reach other tools and data.",
    compatible="it is compatible",
    pairs=(
        Pair(
            old=Example(agent="description: Helps."),
            new=Example(agent="mcp_servers: [{name: crm, url: 'https://crm.example/mcp'}]"),
        ),
    ),
)
