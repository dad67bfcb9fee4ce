"""Trees to snapshots."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from promptreg.errors import RegistryError
from promptreg.registry.load import load, load_entry
from promptreg.registry.locate import located
from promptreg.registry.snapshot import Loaded
from promptreg.registry.workspace import Workspace
from promptreg.store.trees import MemoryTree, RevisionTree, WorkTree

if TYPE_CHECKING:
    from tests.conftest import Site

CONFIGURATION = (
    "apiVersion: promptreg/v1\nkind: Registry\nname: r\nowners: {t: {contact: t@example.com}}\n"
)


def manifest(name: str, message: str = "{role: user, content: Hello}") -> str:
    return (
        f"apiVersion: promptreg/v1\nkind: Prompt\nname: {name}\nowner: t\nlifecycle: active\n"
        f"risk: low\nmessages:\n  - {message}\n"
    )


def loaded(files: Mapping[str, bytes | str], more: str = "") -> Loaded:
    return load(MemoryTree({"promptreg.yaml": CONFIGURATION + more, **files}))


def told(found: Loaded) -> list[tuple[str, str]]:
    return [(one.rule, one.at.path) for one in located(found.findings, found.snapshot.texts)]


@pytest.mark.parametrize(
    "path",
    [
        "prompts/support/triage.prompt.yaml",
        "prompts/support/triage.prompt.yml",
        "prompts/support/triage/prompt.yaml",
        "prompts/support/triage/prompt.yml",
    ],
)
def test_both_layouts(path: str) -> None:
    found = loaded({path: manifest("support/triage")})
    assert found.findings == ()
    assert found.snapshot.entries["support/triage"].path == path
    assert found.snapshot.expected_names == {path: "support/triage"}
    alone = load_entry(
        MemoryTree({"promptreg.yaml": CONFIGURATION, path: manifest("support/triage")}),
        "support/triage",
    )
    assert alone.snapshot.entries == found.snapshot.entries


@pytest.mark.parametrize(
    "spelled",
    [
        '"support/triage"', "|-\n  support/triage", r'"support\/triage"', r'"\x73upport/triage"',
        r'"support/tria\u0067e"', '"support/\\\n  triage"', '"support/\\\r\n  triage"',
    ],
)  # fmt: skip
def test_a_second_manifest_of_a_name_is_seen_however_it_is_spelled(spelled: str) -> None:
    twin = manifest("support/triage").replace("name: support/triage", f"name: {spelled}")
    files = {
        "promptreg.yaml": CONFIGURATION,
        "prompts/support/triage.prompt.yaml": manifest("support/triage"),
        "prompts/hidden.prompt.yaml": twin,
    }
    tree = MemoryTree(files)
    assert load(tree).snapshot.duplicates.keys() == {"support/triage"}
    assert load_entry(tree, "support/triage").snapshot.duplicates.keys() == {"support/triage"}


def test_what_is_no_document_is_left_alone() -> None:
    files = {
        "prompts/notes.yaml": "[",
        "prompts/a.prompt.yaml.orig": "[",
        "docs/b.prompt.yaml": "[",
        "prompt.yaml": "[",
    }
    assert loaded(files).findings == ()


def test_a_broken_file_does_not_hide_the_others() -> None:
    good = {f"prompts/p{number}.prompt.yaml": manifest(f"p{number}") for number in range(5)}
    broken: dict[str, bytes | str] = {
        "prompts/a.prompt.yaml": "name: [",
        "prompts/b.prompt.yaml": b"\xff\xfe",
        "prompts/c.prompt.yaml": "",
        "prompts/d.prompt.yaml": "- a\n",
        "prompts/e.prompt.yaml": manifest("e") + "nam: x\n",
        "prompts/f.prompt.yaml": manifest("f").replace("Prompt", "Agent"),
        "prompts/g.prompt.yaml": manifest("g").replace("/v1", "/v2"),
        "prompts/h.prompt.yaml": manifest("h") + "name: h\n",
        "prompts/i.prompt.yaml": "x" * 300_000,
        "agents/j.agent.yaml": "kind: Agent\n",
        "environments/production.yaml": "releases: 3\n",
        "experiments/k.experiment.yaml": "{}",
        "policies/l.policy.yaml": "{}",
    }
    found = loaded({**good, **broken})
    assert sorted(found.snapshot.entries) == sorted(f"p{number}" for number in range(5))
    assert {one.at.path for one in found.findings} == set(broken)
    rules = {path: rule for rule, path in told(found)}
    assert rules["prompts/b.prompt.yaml"] == "not-utf8"
    assert rules["prompts/f.prompt.yaml"] == "unknown-kind"
    assert rules["prompts/g.prompt.yaml"] == "unknown-kind"
    assert rules["prompts/h.prompt.yaml"] == "yaml-duplicate-key"
    assert rules["prompts/i.prompt.yaml"] == "limit-exceeded"
    # Each broken manifest is still expected to carry a name.
    assert found.snapshot.expected_names["prompts/a.prompt.yaml"] == "a"


def test_two_manifests_of_one_name_are_none() -> None:
    found = loaded(
        {
            "prompts/a.prompt.yaml": manifest("a"),
            "prompts/a/prompt.yaml": manifest("a"),
            "prompts/b.prompt.yaml": manifest("b"),
        }
    )
    assert list(found.snapshot.entries) == ["b"]
    paths = ("prompts/a.prompt.yaml", "prompts/a/prompt.yaml")
    assert found.snapshot.duplicates == {"a": paths}


def test_one_entry_loads_as_it_does_with_all_others() -> None:
    files = {
        "promptreg.yaml": CONFIGURATION,
        "prompts/one.prompt.yaml": manifest("one", "{role: user, template: t.j2}"),
        "prompts/t.j2": "{% include 'p.j2' %}",
        "partials/p.j2": "x",
        "prompts/odd.prompt.yaml": manifest("elsewhere/b"),
        "prompts/twin.prompt.yaml": manifest("twin"),
        "prompts/twin/prompt.yaml": manifest("twin"),
        "prompts/copied.prompt.yaml": manifest("copied"),
        "prompts/second.prompt.yaml": manifest("copied"),
        "prompts/broken.prompt.yaml": "[",
    }
    tree = MemoryTree(files)
    everything = load(tree).snapshot
    for name in ("one", "elsewhere/b"):
        alone = load_entry(tree, name).snapshot
        assert alone.entries[name] == everything.entries[name]
        assert alone.entries[name].digest() == everything.entries[name].digest()
        assert alone.closures[name] == everything.closures[name]
    for name in ("twin", "copied"):
        alone = load_entry(tree, name).snapshot
        assert alone.duplicates[name] == everything.duplicates[name]
        assert name not in alone.entries
    assert "broken" not in load_entry(tree, "broken").snapshot.entries
    assert set(load_entry(tree, "one").snapshot.documents) == {"prompts/one.prompt.yaml"}


def test_a_template_is_looked_for_beside_the_manifest_then_in_the_roots() -> None:
    files = {"prompts/s/a.prompt.yaml": manifest("s/a", "{role: user, template: t.j2}")}
    places = {"prompts/s/t.j2": "1", "partials/t.j2": "2", "t.j2": "3"}
    for place, text in places.items():
        later = list(places.items())[list(places).index(place) :]
        found = loaded({**files, **dict(later)})
        entry = found.snapshot.entries["s/a"]
        assert entry.resolved == {"t.j2": place}
        assert entry.templates == {place: text}
    missing = loaded(files)
    assert missing.snapshot.entries["s/a"].templates == {}
    (problem,) = missing.snapshot.unresolved["s/a"].values()
    assert problem.rule == "missing-template"


def test_configured_template_roots_are_the_only_ones() -> None:
    files = {
        "prompts/a.prompt.yaml": manifest("a", "{role: user, template: t.j2}"),
        "partials/t.j2": "1",
        "shared/t.j2": "2",
    }
    found = loaded(files, "templates: [shared]\n")
    assert found.snapshot.entries["a"].resolved == {"t.j2": "shared/t.j2"}


def test_the_closure_holds_every_partial_and_nothing_else() -> None:
    found = loaded(
        {
            "prompts/a.prompt.yaml": manifest("a", "{role: user, template: t.j2}"),
            "prompts/t.j2": "{% include 'sub/p.j2' %}{% include 'q.j2' %}",
            "prompts/sub/p.j2": "{% include 'q.j2' %}",
            "prompts/sub/q.j2": "beside the partial",
            "partials/q.j2": "{% import 'r.j2' as r %}",
            "partials/r.j2": "",
            "partials/unused.j2": "",
        }
    )
    assert found.snapshot.entries["a"].paths == (
        "prompts/a.prompt.yaml",
        "partials/q.j2",
        "partials/r.j2",
        "prompts/sub/p.j2",
        "prompts/sub/q.j2",
        "prompts/t.j2",
    )


def test_twins_and_odd_file_names_are_told() -> None:
    found = loaded(
        {
            "prompts/a.prompt.yaml": manifest("a"),
            "prompts/A.prompt.yaml": manifest("b"),
            "prompts/\u00e9.j2": "",
            "prompts/e\u0301.j2": "",
            "prompts/con.j2": "",
            "prompts/x\x1b[31m.j2": "",
            "other/con.txt": "",
        }
    )
    bad = {path for rule, path in told(found) if rule == "bad-file-name"}
    assert "prompts/con.j2" in bad
    assert "prompts/x\x1b[31m.j2" in bad
    assert {"prompts/a.prompt.yaml", "prompts/A.prompt.yaml"} & bad
    assert {"prompts/\u00e9.j2", "prompts/e\u0301.j2"} & bad
    assert "other/con.txt" not in bad
    assert set(found.snapshot.entries) == {"a", "b"}


def test_templates_of_others_are_not_judged() -> None:
    found = loaded({"ansible/hosts.j2": b"\xff", "prompts/a.prompt.yaml": manifest("a")})
    assert found.findings == ()
    own = loaded({"partials/p.j2": b"\xff", "prompts/a.prompt.yaml": manifest("a")})
    assert told(own) == [("not-utf8", "partials/p.j2")]
    used = loaded(
        {
            "other/t.j2": b"\xff",
            "prompts/a.prompt.yaml": manifest("a", "{role: user, template: other/t.j2}"),
        }
    )
    assert told(used) == [("not-utf8", "other/t.j2")]


def test_what_can_not_be_read_is_a_finding(site: Site) -> None:
    site.prompt("a")
    site.prompt("b")
    (site.path / "prompts/c.prompt.yaml").symlink_to("a.prompt.yaml")
    (site.path / "prompts/b.j2").unlink()
    (site.path / "prompts/b.j2").symlink_to("/etc/passwd")
    (site.path / "prompts/folder").symlink_to("/etc")
    found = site.workspace.working_tree()
    assert isinstance(found, WorkTree)
    here = load(found)
    assert {path for rule, path in told(here) if rule == "unreadable-file"} == {
        "prompts/b.j2",
        "prompts/c.prompt.yaml",
    }
    assert "a" in here.snapshot.entries
    assert here.snapshot.entries["b"].templates == {}
    commit = site.commit()
    there = load(site.workspace.revision(commit))
    assert told(there) == told(here)
    assert there.snapshot.entries == here.snapshot.entries


@pytest.mark.parametrize("folder", ["", "sub/registry/"])
def test_the_same_files_load_equal_from_everywhere(site: Site, folder: str) -> None:
    from dataclasses import replace

    here = replace(site, folder=folder)
    here.configure()
    here.prompt("support/triage", "{% include 'p.j2' %}\r\n")
    here.file("partials/p.j2", "x\r\n")
    here.agent("bot", triage="support/triage@^1.0")
    commit = here.commit()
    workspace = here.workspace
    assert workspace.prefix == folder
    disk = load(workspace.working_tree())
    revision = load(workspace.revision(commit))
    files = {path: workspace.working_tree().read(path, limit=10**6) for path in disk.snapshot.files}
    memory = load(MemoryTree(files))
    assert disk.snapshot.entries == revision.snapshot.entries == memory.snapshot.entries
    assert disk.snapshot.files == revision.snapshot.files
    assert disk.findings == revision.findings == memory.findings == ()
    digests = {
        found.snapshot.entries["support/triage"].digest() for found in (disk, revision, memory)
    }
    assert len(digests) == 1


def test_a_registry_does_not_see_what_lies_outside_its_folder(site: Site) -> None:
    from dataclasses import replace

    here = replace(site, folder="sub/")
    here.configure()
    here.prompt("b")
    commit = here.commit()
    tree = here.workspace.revision(commit)
    assert isinstance(tree, RevisionTree)
    assert set(load(tree).snapshot.entries) == {"b"}
    assert set(load(here.workspace.working_tree()).snapshot.entries) == {"b"}
    assert set(load(site.workspace.working_tree()).snapshot.entries) == {"support/triage"}


def test_the_root_is_found_from_below(site: Site) -> None:
    from promptreg.registry.workspace import open_workspace

    (site.path / "prompts/deep/er").mkdir(parents=True)
    found = open_workspace(site.path / "prompts/deep/er", site.environ)
    assert isinstance(found, Workspace)
    assert found.root == site.path


def test_the_search_ends_at_the_top_of_the_repository(site: Site) -> None:
    from promptreg.registry.workspace import open_workspace

    (site.path / "promptreg.yaml").unlink()
    (site.path.parent / "promptreg.yaml").write_text(CONFIGURATION)
    with pytest.raises(RegistryError, match="there is no") as caught:
        open_workspace(site.path / "prompts", site.environ)
    assert "promptreg init" in caught.value.hint


def test_without_git_the_files_are_read(
    site: Site, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from promptreg.errors import GitError
    from promptreg.registry.workspace import open_workspace

    place = tmp_path_factory.mktemp("plain")
    (place / "promptreg.yaml").write_text(CONFIGURATION)
    (place / "prompts").mkdir()
    (place / "prompts/a.prompt.yaml").write_text(manifest("a"))
    found = open_workspace(place, site.environ)
    assert set(load(found.working_tree()).snapshot.entries) == {"a"}
    with pytest.raises(GitError, match="not in a git repository"):
        _ = found.git


def test_what_an_escape_makes_is_judged_as_if_it_stood_there() -> None:
    hidden = r"{{ '\u202e' }} {{ '\u200bx' }}"
    files = {
        "prompts/a.prompt.yaml": manifest("a", "{role: user, template: a.j2}"),
        "prompts/a.j2": f"fine\n{hidden}",
        "prompts/spare.j2": r"{{ '\x1b' }}",
        "prompts/b.prompt.yaml": manifest("b", f"{{role: user, content: \"{{{{ '{BEL}' }}}}\"}}"),
        "elsewhere/c.j2": r"{{ '\x1b' }}",
    }
    found = loaded(files)
    places = [
        (one.rule, one.at.path, one.at.place and one.at.place.line, one.key)
        for one in located(found.findings, found.snapshot.texts)
    ]
    assert places == [
        ("forbidden-character", "prompts/a.j2", 2, "U+202E"),
        ("suspicious-character", "prompts/a.j2", 2, "U+200B"),
        ("forbidden-character", "prompts/b.prompt.yaml", 8, "U+0007"),
        ("forbidden-character", "prompts/spare.j2", 1, "U+001B"),
    ]


BEL = r"\\u0007"
"""An escape of Jinja's inside a quoted text of YAML."""


def test_a_template_without_odd_escapes_is_clean() -> None:
    text = r"""{{ 'a\nb\tc \"quoted\" \u00e9 \U0001F44D\U0001F3FD' }} C:\u202e"""
    files = {
        "prompts/a.prompt.yaml": manifest("a", "{role: user, template: a.j2}"),
        "prompts/a.j2": text,
    }
    assert loaded(files).findings == ()


def test_warnings_about_the_configuration_are_told() -> None:
    found = loaded({}, "description: soft\u00adhyphen\n")
    assert told(found) == [("suspicious-character", "promptreg.yaml")]


def test_a_file_that_vanishes_between_listing_and_reading_was_not_judged(tmp_path: Path) -> None:
    for path, text in {
        "promptreg.yaml": CONFIGURATION,
        "prompts/a.prompt.yaml": manifest("a"),
        "prompts/b.j2": "x",
    }.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    tree = WorkTree(tmp_path)
    assert len(tree.paths()) == 3
    (tmp_path / "prompts/a.prompt.yaml").unlink()
    (tmp_path / "prompts/b.j2").unlink()
    assert told(load(tree)) == [
        ("unreadable-file", "prompts/a.prompt.yaml"),
        ("unreadable-file", "prompts/b.j2"),
    ]


@pytest.mark.parametrize("roots", ["prompts", "."])
def test_names_that_some_system_cannot_hold_are_refused(roots: str) -> None:
    files = {
        "prompts/A.prompt.yaml": manifest("a"),
        "prompts/a.prompt.yaml": manifest("a"),
        "prompts/caf\u00e9.j2": "x",
        "prompts/cafe\u0301.j2": "x",
        "prompts/aux.j2": "x",
        "prompts/a:b.j2": "x",
        "prompts/\x1b[2J.j2": "x",
    }
    found = loaded(files, f"roots: [{roots}]\n")
    assert {path for rule, path in told(found) if rule == "bad-file-name"} == {
        "prompts/a.prompt.yaml",
        "prompts/caf\u00e9.j2",
        "prompts/cafe\u0301.j2",
        "prompts/aux.j2",
        "prompts/a:b.j2",
        "prompts/\x1b[2J.j2",
    }
