"""What `doctor` finds in a repository that something is wrong with, and that it says how to mend it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from promptreg.commands.doctor import Surroundings, doctor
from promptreg.ops.doctor.code_owners import unowned
from promptreg.reporters.doctor import Diagnosis, Level
from promptreg.reporters.values import result_text
from promptreg.store.git.merge_driver import DRIVER, KEY
from promptreg.store.schema_files import output_schema_text

if TYPE_CHECKING:
    from tests.conftest import Playground, Site


def diagnose(site: Playground, *, online: bool = False, **environ: str) -> Diagnosis:
    around = Surroundings(site.path, {**site.environ, **environ}, "utf-8")
    return doctor(around, online=online)


def problems(found: Diagnosis) -> dict[str, str]:
    return {item.id: item.level.value for item in found.items if item.level is not Level.OK}


HEALTHY = {"code-owners", "hooks", "tokens"}
"""What a new registry lacks, and what this machine may lack."""


def test_a_new_registry_is_sound(site: Site) -> None:
    found = diagnose(site)
    assert found.is_sound
    assert problems(found).keys() <= HEALTHY
    ids = {item.id for item in found.items}
    assert {"worker", "git", "complete-clone", "replaced-history", "permissions", "owner"} <= ids


def _setting(key: str, value: str) -> Callable[[Site], object]:
    return lambda site: site.run("config", key, value)


def _write_more(site: Site, more: str) -> None:
    site.configure(more)
    site.commit()


def _grafts(site: Site) -> None:
    (site.path / ".git" / "info" / "grafts").write_text(site.text("rev-parse", "HEAD") + "\n")


CASES: dict[str, tuple[str, str, Callable[[Site], object]]] = {
    "fsmonitor": ("program-setting", "warning", _setting("core.fsmonitor", "./run.sh")),
    "filter": ("program-setting", "warning", _setting("filter.x.clean", "./run.sh")),
    "textconv": ("program-setting", "warning", _setting("diff.x.textconv", "./run.sh")),
    "external": ("program-setting", "warning", _setting("diff.external", "./run.sh")),
    "signing": ("program-setting", "warning", _setting("gpg.ssh.program", "./run.sh")),
    "alias": ("program-setting", "warning", _setting("alias.st", "!./run.sh")),
    "upload": ("program-setting", "warning", _setting("remote.x.uploadpack", "./run.sh")),
    "hooks": ("settings-in-tree", "warning", _setting("core.hooksPath", "hooks")),
    "include": ("settings-in-tree", "error", _setting("include.path", "../gitconfig")),
    "include-if": (
        "settings-in-tree",
        "error",
        _setting("includeIf.onbranch:pr.path", "../gitconfig"),
    ),
    "replace": (
        "replace-refs",
        "error",
        lambda site: site.run("update-ref", "refs/replace/" + "1" * 40, "HEAD"),
    ),
    "grafts": ("grafts", "error", _grafts),
    "open-file": (
        "world-writable",
        "error",
        lambda site: (site.path / "promptreg.yaml").chmod(0o666),
    ),
    "open-git": ("world-writable", "error", lambda site: (site.path / ".git").chmod(0o777)),
    "partial": ("partial-clone", "warning", _setting("remote.x.promisor", "true")),
    "no-tags": ("no-tags", "warning", _setting("remote.x.tagOpt", "--no-tags")),
    "release-branch": (
        "release-branch",
        "error",
        lambda site: _write_more(site, "release_branch: nowhere\n"),
    ),
    "environments-branch": (
        "environments-branch",
        "error",
        lambda site: _write_more(site, "environments_branch: nowhere\n"),
    ),
    "broken-configuration": ("registry", "error", lambda site: site.file("promptreg.yaml", "[")),
    "no-configuration": (
        "registry",
        "error",
        lambda site: (site.path / "promptreg.yaml").unlink(),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_wrong_is_named_with_its_fix(site: Site, case: str) -> None:
    id_, level, spoil = CASES[case]
    spoil(site)
    found = diagnose(site)
    assert problems(found).get(id_) == level
    assert problems(found).keys() - HEALTHY == {id_}
    assert found.is_sound is (level != "error")
    assert all(item.fix for item in found.items if item.id == id_ and item.id != "registry")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("core.fsmonitor", "true"),
        ("filter.lfs.clean", "git-lfs clean -- %f"),
        ("filter.lfs.process", "git-lfs filter-process"),
        ("alias.st", "status --short"),
        ("include.path", "other"),
        ("core.hooksPath", "/usr/share/hooks"),
    ],
)
def test_ordinary_settings_are_no_problem(site: Site, key: str, value: str) -> None:
    site.run("config", key, value)
    assert problems(diagnose(site)).keys() <= HEALTHY


def test_looking_runs_and_changes_nothing(site: Site) -> None:
    script = site.path.parent / "run.sh"
    script.write_text(f"#!/bin/sh\ntouch {site.path.parent}/ran\n")
    script.chmod(0o755)
    for key in ("core.fsmonitor", "core.sshCommand", "diff.external", "core.pager", "gpg.program"):
        site.run("config", key, str(script))
    site.run("config", "remote.origin.url", f"ext::{script}")
    before = _contents(site)
    diagnose(site, online=True)
    assert not (site.path.parent / "ran").exists()
    assert _contents(site) == before


def _contents(site: Site) -> dict[str, bytes]:
    """Every file, git's own too; git itself isn't asked, as it would run what is planted."""
    return {str(path): path.read_bytes() for path in site.path.rglob("*") if path.is_file()}


def test_a_shallow_clone(three: Site) -> None:
    shallow = three.path.parent / "shallow"
    three.run("clone", "--quiet", "--depth=1", f"file://{three.path}", str(shallow))
    found = diagnose(three.copy_to(three.path.parent / "copy", three.environ))
    assert "shallow-clone" not in problems(found)
    around = Surroundings(shallow, three.environ, "utf-8")
    assert problems(doctor(around))["shallow-clone"] == "warning"


def test_no_git_and_no_repository(site: Site) -> None:
    assert problems(diagnose(site, PATH="/nowhere"))["git"] == "error"
    outside = site.path.parent / "plain"
    outside.mkdir()
    found = doctor(Surroundings(outside, site.environ, "ANSI_X3.4-1968"))
    assert problems(found)["repository"] == "warning"
    assert problems(found)["locale"] == "info"


def test_tags_are_compared_with_those_of_the_remote(three: Site) -> None:
    bare = three.path.parent / "bare"
    three.run("clone", "--quiet", "--bare", ".", str(bare))
    three.run("remote", "add", "origin", str(bare))
    assert problems(diagnose(three)).keys() <= HEALTHY
    assert problems(diagnose(three, online=True)).keys() - HEALTHY == {"tag-protection"}

    three.release()  # not pushed
    three.run("update-ref", "-d", "refs/tags/support/triage@v0.1.0")
    three.run("tag", "-f", "support/triage@v0.2.0", "HEAD", "-m", "moved")
    found = problems(diagnose(three, online=True))
    assert found["unpushed-tags"] == "info"
    assert found["missing-tags"] == "warning"
    assert found["moved-tags"] == "error"


def test_a_remote_that_is_not_there(site: Site) -> None:
    assert problems(diagnose(site, online=True))["remote"] == "warning"
    site.run("remote", "add", "origin", str(site.path.parent / "nowhere"))
    assert problems(diagnose(site, online=True))["remote"] == "error"


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("", {"promptreg.yaml", "environments/production.yaml"}),
        ("* @all", set()),
        ("# only words\n*.yaml @all", set()),
        ("/promptreg.yaml @a\n/environments/ @b # who runs what", set()),
        ("/promptreg.yaml @a\n/environments/* @b", set()),
        ("/promptreg.yaml @a\nenvironments/**/*.yaml @b", set()),
        ("* @all\n/environments/", {"environments/production.yaml"}),
        ("promptreg.yam @a\nenvironment/ @b", {"promptreg.yaml", "environments/production.yaml"}),
        ("/docs/* @a\n* @b\n/environments/pr* @c", set()),
    ],
)
def test_code_owners(text: str, missing: set[str]) -> None:
    wanted = ("promptreg.yaml", "environments/production.yaml")
    assert set(unowned(text, wanted)) == missing


def test_code_owners_and_hooks_that_are_there(site: Site) -> None:
    site.file("CODEOWNERS", "* @team\n")
    hook = site.path / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexec promptreg validate\n")
    assert problems(diagnose(site)).keys() <= {"tokens"}


def test_the_json_fits_its_schema(site: Site) -> None:
    site.run("config", "core.fsmonitor", "./run\x1b[2J.sh")
    document = result_text("doctor", diagnose(site))
    Draft202012Validator(json.loads(output_schema_text("doctor"))).validate(json.loads(document))
    assert "\x1b" not in document


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to somebody else")
def test_a_repository_of_somebody_else(site: Site) -> None:
    for folder in (site.path, site.path / ".git"):
        os.chown(folder, 12345, -1)
    found = diagnose(site)
    assert problems(found)["repository"] == "error"
    site.run("config", "--global", "--add", "safe.directory", str(site.path))
    assert problems(diagnose(site))["owner"] == "info"
    site.run("config", "--global", "--add", "safe.directory", "*")
    assert problems(diagnose(site))["owner"] == "warning"


def test_a_merge_driver_that_only_the_attributes_name_is_told(site: Site) -> None:
    assert "merge-driver" not in {item.id for item in diagnose(site).items}
    site.file(".gitattributes", "environments/*.yaml merge=promptreg-environment\n")
    assert problems(diagnose(site))["merge-driver"] == "info"
    site.run("config", KEY, DRIVER)
    found = problems(diagnose(site))
    assert "merge-driver" not in found
    assert "program-setting" not in found
    site.run("config", KEY, "./run.sh %O %A %B")
    assert problems(diagnose(site))["program-setting"] == "warning"
