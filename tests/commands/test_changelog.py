"""`log --changelog`: what came with each release, and what would come next."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from promptreg.commands.changelog import changelog
from promptreg.errors import RefusedError, SelectorError
from promptreg.reporters.changelog import changelog_markdown

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Site

    from promptreg.releases.changelog import EntryNotes

NAME = "support/triage"
BREAK = "  tier: {type: string, description: How they pay.}\n"


def entry(site: Site, name: str = NAME) -> EntryNotes:
    (found,) = changelog(site.workspace, name).entries
    return found


def impacts(found: EntryNotes) -> dict[str, list[str]]:
    return {str(one.version): [note.impact for note in one.notes] for one in found.releases}


def require(site: Site) -> None:
    """Give the prompt a required input: a breaking change."""
    path = site.path / f"prompts/{NAME}.prompt.yaml"
    text = path.read_text().replace("messages:", BREAK + "messages:", 1)
    site.file(f"prompts/{NAME}.prompt.yaml", text)
    site.file(f"prompts/{NAME}.j2", "Hello {{ who }} {{ tier }}")


def test_each_release_tells_what_it_brought(three: Site) -> None:
    found = entry(three)
    assert impacts(found) == {
        "1.0.0-rc.1": ["behavioural"],
        "0.2.0": ["behavioural"],
        "0.1.0": [],
    }
    assert [str(one.since) for one in found.releases] == ["0.2.0", "0.1.0", "None"]
    assert found.unreleased is not None
    assert str(found.unreleased.since) == "0.2.0"
    assert found.unreleased.required.word == "minor"
    assert found.unreleased.message == "- change\n- change"


def test_a_final_release_tells_what_its_pre_releases_told(three: Site) -> None:
    three.changed("five {{ who }}", message="Say five")
    three.release(version="1.0.0-rc.2")
    three.release(version="1.0.0")
    found = entry(three)
    assert [str(one.since) for one in found.releases[:2]] == ["0.2.0", "1.0.0-rc.1"]
    assert found.releases[0].message == "- Say five\n- change\n- change"
    assert found.releases[1].message == "- Say five\n- change"
    assert found.unreleased is None


def test_a_breaking_change_stands_first_with_its_declared_reason(site: Site) -> None:
    site.release(version="1.0.0")
    require(site)
    site.file(
        "changes/tier.change.yaml",
        f"apiVersion: promptreg/v1\nkind: Change\nname: {NAME}\nbump: major\n"
        "reason: Tiers differ now.\nowner: team\n",
    )
    site.commit("Ask for the tier")
    found = entry(site)
    assert found.unreleased is not None
    assert (str(found.unreleased.version), found.unreleased.required.word) == ("2.0.0", "major")
    assert "Tiers differ now." in found.unreleased.message
    site.release()
    (newest, _) = entry(site).releases
    assert newest.notes[0].impact == "breaking"
    assert "Tiers differ now." in newest.message
    text = changelog_markdown(changelog(site.workspace, NAME), name=NAME)
    assert text.index("### Breaking") < text.index("### Behaviour")


def test_all_entries_and_what_was_never_released(three: Site) -> None:
    three.prompt("other/new")
    three.agent("bot", first=f"{NAME}@^0.1")
    three.commit("Add two")
    three.release("bot")
    found = changelog(three.workspace)
    assert [one.name for one in found.entries] == ["bot", "other/new", NAME]
    new = found.entries[1]
    assert new.releases == ()
    assert new.unreleased is not None
    assert (str(new.unreleased.version), new.unreleased.since) == ("0.1.0", None)
    text = changelog_markdown(found)
    assert re.findall(r"^#.*", text, re.MULTILINE)[:5] == [
        "# Changelog",
        "## `bot`",
        "### 0.1.0 - 2023-11-14",
        "## `other/new`",
        "### Unreleased",
    ]


def test_an_agent_tells_what_it_pins_now(site: Site) -> None:
    site.release()
    site.agent("bot", first=f"{NAME}@latest")
    site.commit()
    site.release("bot")
    site.changed("two {{ who }}")
    site.release()
    site.release("bot")
    assert impacts(entry(site, "bot"))["0.2.0"] == ["behavioural"]


def test_an_entry_that_is_gone_has_a_changelog(three: Site) -> None:
    three.run("rm", "-qr", "prompts")
    three.commit("Remove it")
    found = entry(three)
    assert (found.kind, found.unreleased, len(found.releases)) == ("", None, 3)


def test_a_bad_tag_stops_only_its_own_section(three: Site) -> None:
    three.run("tag", "-f", f"{NAME}@v0.2.0", "HEAD")
    found = entry(three)
    assert [bool(one.problem) for one in found.releases] == [False, True, False]
    assert str(found.releases[0].since) == "0.1.0"


def test_what_cannot_be_told_is_refused(site: Site) -> None:
    for name in ("nothing", f"{NAME}@1.0.0"):
        with pytest.raises(SelectorError):
            changelog(site.workspace, name)
    (site.path / ".git" / "shallow").write_text(site.text("rev-parse", "HEAD") + "\n")
    with pytest.raises(RefusedError, match="shallow"):
        changelog(site.workspace)


HOSTILE = [
    "# Title",
    "<img src=https://example.com/x.png>",
    "![x](https://example.com/x.png)",
    "@everyone #1 https://example.com",
    "- [ ] a task",
    "::error::x",
    "```",
    "===",
    "| a | b |",
    "a\u202eb\x1b[31m",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_other_peoples_words_are_told_and_never_obeyed(site: Site, text: str) -> None:
    site.release(message=f"Before\n{text}\n- {text}")
    shown = changelog_markdown(changelog(site.workspace, NAME), name=NAME)
    outside = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", shown)
    body = outside.partition("release by Ann Example.")[2]
    assert re.fullmatch(r"[\sA-Za-z,.:-]*", body), body
    assert "\u202e" not in shown
    assert "\x1b" not in shown


def test_long_histories_take_few_processes(site: Site, tmp_path: Path) -> None:
    shim, said = tmp_path / "bin" / "git", tmp_path / "said"
    shim.parent.mkdir()
    shim.write_text(f'#!/bin/sh\necho "$@" >> {said}\nexec {shutil.which("git")} "$@"\n')
    shim.chmod(0o755)
    counted = replace(
        site, environ={**site.environ, "PATH": f"{shim.parent}:{site.environ['PATH']}"}
    )

    def count() -> int:
        said.write_text("")
        changelog(counted.workspace, NAME)
        return len(said.read_text().splitlines())

    site.release()
    short = count()
    for number in range(8):
        site.changed(f"{number} {{{{ who }}}}")
        site.release()
    assert len(entry(site).releases) == 9
    assert short <= count() <= short + 2
