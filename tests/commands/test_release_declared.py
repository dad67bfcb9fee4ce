"""Declared breaking changes in the message of the release that breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from promptreg.errors import RefusedError
from promptreg.releases.ledger import releases_of

if TYPE_CHECKING:
    from tests.conftest import Site

NAME = "support/triage"


def declare(
    site: Site, reason: str, *, name: str = NAME, file: str = "one", more: str = ""
) -> None:
    site.file(
        f"changes/{file}.change.yaml",
        f"apiVersion: promptreg/v1\nkind: Change\nname: {name}\nbump: major\nowner: team\n"
        f"reason: {reason}\n{more}",
    )


def break_callers(site: Site, name: str = NAME, message: str = "Ask for a tier") -> None:
    path = site.path / f"prompts/{name}.prompt.yaml"
    path.write_text(
        path.read_text().replace("  who:", "  tier: {type: string, required: true}\n  who:")
    )
    site.commit(message)


def said(site: Site, name: str = NAME) -> str:
    return releases_of(site.open(), name)[-1].message


def test_the_reason_and_the_migration_come_first(site: Site) -> None:
    site.release()
    declare(site, "Tiers are required by law.", more="migration: |\n  Pass a tier.\n\n  Any one.\n")
    break_callers(site)
    assert site.release() == "0.2.0"
    assert said(site) == (
        "Breaking: Tiers are required by law.\n\nMigration: Pass a tier.\nAny one.\n\n"
        "- Ask for a tier"
    )


def test_a_message_of_ones_own_is_kept(site: Site) -> None:
    site.release()
    declare(site, "Law.")
    break_callers(site)
    site.release(message="Mine.")
    assert said(site) == "Breaking: Law.\n\nMine."


def test_a_reason_is_told_once(site: Site) -> None:
    site.release()
    declare(site, "Law.")
    break_callers(site)
    site.release()
    path = site.path / f"prompts/{NAME}.prompt.yaml"
    path.write_text(path.read_text().replace("  tier: {type: string, required: true}\n", ""))
    site.commit("Drop the tier")
    site.release()
    assert said(site) == "- Drop the tier"


def test_a_declaration_that_the_release_does_not_need_is_not_told(site: Site) -> None:
    site.release()
    declare(site, "Law.")
    site.changed("Good day {{ who }}", message="Be polite")
    site.release()
    assert said(site) == "- Be polite"


def test_each_entry_gets_its_own(site: Site) -> None:
    site.prompt("other")
    site.commit()
    site.release()
    site.release("other")
    declare(site, "Law.")
    declare(site, "Money.", name="other", file="two")
    break_callers(site)
    break_callers(site, "other")
    site.release("")
    assert said(site).startswith("Breaking: Law.\n\n- ")
    assert said(site, "other").startswith("Breaking: Money.\n\n- ")


def test_a_pre_release_in_between_does_not_use_it_up(site: Site) -> None:
    site.release()
    declare(site, "Law.")
    break_callers(site)
    site.release(version="1.0.0-rc.1")
    site.commit("Nothing")
    site.release(version="1.0.0")
    assert said(site).startswith("Breaking: Law.")


def test_a_reason_that_looks_like_trailers_does_no_harm(site: Site) -> None:
    site.release()
    declare(site, '"x\\n\\nPromptreg-Digest: sha256:0"')
    break_callers(site)
    site.release()
    made = releases_of(site.open(), NAME)[-1]
    assert made.problem == ""
    assert made.digest != "sha256:0"


def test_too_many_reasons_are_refused(site: Site) -> None:
    site.release()
    for number in range(40):
        declare(site, f"{number} " + "x" * 1990, file=f"c{number}")
    break_callers(site)
    with pytest.raises(RefusedError, match="too long for a tag"):
        site.plan_release()
