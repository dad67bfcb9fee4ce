"""Signed releases and commits with real keys: git accepts what we made, and we find what was bent."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from promptreg.commands.doctor import Surroundings, doctor
from promptreg.commands.release import ReleaseRequest, plan_release
from promptreg.commands.verify import VerifyRequest, verify
from promptreg.errors import PromptregError, RefusedError
from promptreg.releases.releasing import Wanted
from promptreg.store.signature_block import split_signature

if TYPE_CHECKING:
    from tests.conftest import Site

    from promptreg.reporters.verify import Verification

NAME = "support/triage"
TAG = f"{NAME}@v0.1.0"
TODAY = date(2026, 1, 5)

pytestmark = pytest.mark.skipif(
    shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed"
)
needs_gpg = pytest.mark.skipif(shutil.which("gpg") is None, reason="gpg is not installed")


@dataclass(frozen=True)
class Key:
    """An SSH key pair: the file of the public half."""

    public: Path

    def line(self, email: str) -> str:
        """As a line of an allowed-signers file."""
        return f"{email} {self.public.read_text()}"


def new_key(folder: Path, name: str) -> Key:
    place = folder / name
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(place)], check=True
    )
    return Key(place.with_suffix(".pub"))


def globally(site: Site, key: str, value: str) -> None:
    site.run("config", "--global", key, value)


@pytest.fixture
def key(tmp_path: Path) -> Key:
    return new_key(tmp_path, "ann")


@pytest.fixture
def ssh(site: Site, key: Key, tmp_path: Path) -> Site:
    """A site whose user signs tags with an SSH key, and whose registry knows that key."""
    globally(site, "gpg.format", "ssh")
    globally(site, "user.signingKey", str(key.public))
    allowed = tmp_path / "allowed"
    allowed.write_text(key.line("ann@example.com"))
    globally(site, "gpg.ssh.allowedSignersFile", str(allowed))
    site.configure("allowed_signers: signers\nsigned_releases: true\n")
    site.file("signers", key.line("ann@example.com"))
    site.commit("Take signed releases only")
    return site


@pytest.fixture
def gpg(site: Site) -> Iterator[Site]:
    """A site whose user has a GPG key; its home is short, since a socket lies in it."""
    home = Path(tempfile.mkdtemp(prefix="gpg", dir="/tmp"))
    home.chmod(0o700)
    there = replace(site, environ={**site.environ, "GNUPGHOME": str(home)})
    make = ("--batch", "--passphrase", "", "--quick-generate-key")
    who = "Ann Example <ann@example.com>"
    subprocess.run(
        ["gpg", *make, who, "ed25519", "sign", "never"],
        env=dict(there.environ),
        check=True,
        capture_output=True,
    )
    yield there
    subprocess.run(["gpgconf", "--kill", "all"], env=dict(there.environ), check=False)
    shutil.rmtree(home, ignore_errors=True)


def release(site: Site, *, sign: bool | None = None, version: str = "") -> None:
    from promptreg.model.version import parse_version

    wanted = Wanted(parse_version(version) if version else None)
    site.apply(
        plan_release(site.workspace, ReleaseRequest((NAME,), wanted=wanted, sign=sign), TODAY)
    )


def found(site: Site) -> Verification:
    return verify(site.workspace, VerifyRequest())


def rules(site: Site) -> list[str]:
    return [one.rule for one in found(site).report.findings]


def states(site: Site) -> dict[str, tuple[str, str]]:
    return {
        one.release.tag: (one.judged.state.value, one.judged.signer) for one in found(site).signed
    }


def put(site: Site, content: bytes, tag: str = TAG) -> None:
    """Let the tag's ref lead to another object."""
    oid = site.run("mktag", stdin=content).decode().strip()
    site.run("update-ref", f"refs/tags/{tag}", oid)


def test_a_demanded_signature_is_made_and_git_accepts_it(ssh: Site) -> None:
    release(ssh)
    ssh.run("verify-tag", TAG)
    assert states(ssh) == {TAG: ("good", "ann@example.com")}
    assert rules(ssh) == []


@needs_gpg
def test_a_gpg_signature_is_made_and_git_accepts_it(gpg: Site) -> None:
    release(gpg, sign=True)
    gpg.run("verify-tag", TAG)
    assert states(gpg) == {TAG: ("good", "Ann Example <ann@example.com>")}
    content = gpg.run("cat-file", "tag", TAG)
    put(gpg, content.replace(b"Release support", b"release support"))
    assert rules(gpg) == ["wrong-signature"]


@needs_gpg
def test_a_gpg_key_that_is_not_here_is_unknown(gpg: Site) -> None:
    gpg.configure("signed_releases: true\n")
    gpg.commit()
    release(gpg)
    assert rules(gpg) == []
    stranger = replace(gpg, environ={**gpg.environ, "GNUPGHOME": gpg.environ["HOME"]})
    assert rules(stranger) == ["unknown-signer"]


@needs_gpg
def test_a_gpg_key_can_be_named(gpg: Site) -> None:
    globally(gpg, "user.signingKey", "nobody@example.com")
    before = gpg.state()
    with pytest.raises(RefusedError, match="made no signature"):
        release(gpg, sign=True)
    assert gpg.state() == before
    globally(gpg, "user.signingKey", "ann@example.com")
    release(gpg, sign=True)
    gpg.run("verify-tag", TAG)


@pytest.mark.parametrize("scope", ["--global", "--local"])
def test_git_may_be_told_to_sign_tags(site: Site, key: Key, scope: str) -> None:
    for name, value in (("gpg.format", "ssh"), ("user.signingKey", str(key.public))):
        site.run("config", scope, name, value)
    site.run("config", scope, "tag.gpgSign", "true")
    release(site)
    assert states(site) == {TAG: ("unknown", "")}
    assert rules(site) == []
    site.changed("two {{ who }}")
    release(site, sign=False)
    assert list(states(site)) == [TAG]


def test_a_key_may_be_written_out_and_lie_in_the_home(ssh: Site, key: Key) -> None:
    home = Path(ssh.environ["HOME"])
    shutil.copy(key.public, home / "id.pub")
    shutil.copy(key.public.with_suffix(""), home / "id")
    globally(ssh, "user.signingKey", "~/id.pub")
    release(ssh)
    ssh.run("verify-tag", TAG)
    globally(ssh, "user.signingKey", f"key::{key.public.read_text().strip()}")
    ssh.changed("two {{ who }}")
    with pytest.raises(RefusedError, match="made no signature"):
        release(ssh)  # its other half is with an agent, and there is none


def test_commits_are_signed_where_git_is_told_so(ssh: Site) -> None:
    release(ssh)
    globally(ssh, "commit.gpgSign", "true")
    ssh.promote(f"{NAME}@0.1.0")
    ssh.run("verify-commit", "HEAD")
    ssh.run("fsck", "--strict")
    assert ssh.runs() == {NAME: "0.1.0"}
    assert ssh.text("log", "-1", "--format=%s %an") == (
        f"Promote {NAME}@0.1.0 to production Ann Example"
    )
    assert ssh.text("status", "--porcelain") == ""


def test_one_command_may_leave_commits_unsigned(ssh: Site) -> None:
    release(ssh)
    globally(ssh, "commit.gpgSign", "true")
    said = {"COUNT": "1", "KEY_0": "commit.gpgSign", "VALUE_0": "false"}
    more = {f"GIT_CONFIG_{name}": value for name, value in said.items()}
    replace(ssh, environ={**ssh.environ, **more}).promote(f"{NAME}@0.1.0")
    assert "gpgsig" not in ssh.text("cat-file", "commit", "HEAD")


def test_commits_and_tags_of_a_sha256_repository(ssh: Site) -> None:
    shutil.rmtree(ssh.path / ".git")
    ssh.run("init", "--quiet", "--object-format=sha256")
    ssh.commit()
    globally(ssh, "commit.gpgSign", "true")
    release(ssh)
    ssh.promote(f"{NAME}@0.1.0")
    ssh.run("verify-tag", TAG)
    ssh.run("verify-commit", "HEAD")
    assert rules(ssh) == []


@pytest.mark.parametrize("scope", ["repository", "user"])
def test_only_the_users_own_configuration_names_a_program(
    ssh: Site, tmp_path: Path, scope: str
) -> None:
    program, mark = tmp_path / "program", tmp_path / "ran"
    program.write_text(f'#!/bin/sh\ntouch "{mark}"\nexec ssh-keygen "$@"\n')
    program.chmod(0o755)
    where = "--local" if scope == "repository" else "--global"
    for name in ("gpg.ssh.program", "gpg.program", "gpg.openpgp.program"):
        ssh.run("config", where, name, str(program))
    ssh.run("config", where, "gpg.ssh.defaultKeyCommand", str(program))
    release(ssh)
    assert rules(ssh) == []
    assert mark.exists() is (scope == "user")


def test_a_repository_does_not_say_whose_keys_count(site: Site, key: Key, tmp_path: Path) -> None:
    globally(site, "gpg.format", "ssh")
    globally(site, "user.signingKey", str(key.public))
    release(site, sign=True)
    allowed = tmp_path / "allowed"
    allowed.write_text(key.line("ann@example.com"))
    site.run("config", "--local", "gpg.ssh.allowedSignersFile", str(allowed))
    assert states(site) == {TAG: ("unknown", "")}
    globally(site, "gpg.ssh.allowedSignersFile", str(allowed))
    assert states(site) == {TAG: ("good", "ann@example.com")}


def test_the_release_branch_says_whose_keys_count(ssh: Site, tmp_path: Path) -> None:
    ssh.configure("allowed_signers: signers\nsigned_releases: true\nrelease_branch: main\n")
    ssh.commit()
    release(ssh)
    other = new_key(tmp_path, "mallory")
    ssh.run("switch", "-qc", "pr")
    ssh.file("signers", other.line("ann@example.com"))
    ssh.commit("Swap the key")
    assert states(ssh) == {TAG: ("good", "ann@example.com")}


def test_a_demanded_signature_cannot_be_declined(ssh: Site) -> None:
    before = ssh.state()
    with pytest.raises(RefusedError, match="signed releases only"):
        release(ssh, sign=False)
    assert ssh.state() == before


@pytest.mark.parametrize("what", ["no key", "no file", "no program", "no format"])
def test_where_nothing_can_be_signed_nothing_is_made(ssh: Site, what: str) -> None:
    ssh.prompt("other/one")
    ssh.commit()
    release(ssh)
    ssh.changed("two {{ who }}")
    if what == "no key":
        ssh.run("config", "--global", "--unset", "user.signingKey")
    elif what == "no file":
        globally(ssh, "user.signingKey", "/nonexistent/key.pub")
    elif what == "no program":
        globally(ssh, "gpg.ssh.program", "./ssh-keygen")
    else:
        globally(ssh, "gpg.format", "wax")
    before = ssh.state()
    objects = sorted((ssh.path / ".git" / "objects").rglob("*"))
    with pytest.raises(PromptregError) as problem:
        release(ssh)
    assert problem.value.hint
    assert sorted((ssh.path / ".git" / "objects").rglob("*")) == objects
    if what == "no format":
        globally(ssh, "gpg.format", "ssh")  # git itself stops at it
    assert ssh.state() == before


def test_what_was_bent_is_found(ssh: Site, tmp_path: Path) -> None:
    release(ssh)
    good = ssh.run("cat-file", "tag", TAG)
    payload, signature, format_ = split_signature(good)
    assert format_ == "ssh"
    assert payload + signature == good

    put(ssh, good.replace(b"Release support", b"release support"))
    assert rules(ssh) == ["wrong-signature"]
    lines = signature.split(b"\n")
    put(ssh, payload + b"\n".join([*lines[:3], *lines[4:]]))
    assert rules(ssh) == ["wrong-signature"]
    put(ssh, payload)
    assert rules(ssh) == ["unsigned-release"]
    globally(ssh, "user.signingKey", str(new_key(tmp_path, "mallory").public))
    ssh.run("tag", "-d", TAG)
    release(ssh)
    assert rules(ssh) == ["unknown-signer"]
    put(ssh, good)
    assert rules(ssh) == []


@pytest.mark.parametrize("begin", ["", "-----BEGIN PGP FOO-----\n"])
def test_nothing_can_be_said_behind_a_signature(ssh: Site, begin: str) -> None:
    """What `ssh-keygen` and gpg look past: it would speak in the signer's name."""
    release(ssh)
    good = ssh.run("cat-file", "tag", TAG)
    said = split_signature(good)[0].partition(b"\n\n")[2].replace(b"one", b"another")
    put(ssh, good + b"\n" + said + begin.encode())
    assert rules(ssh) == ["wrong-signature"]
    put(ssh, good + b"\n\n")
    assert rules(ssh) == []


def test_a_key_counts_only_while_it_is_valid(ssh: Site, key: Key) -> None:
    release(ssh)
    for valid, expected in (("20200101", "unknown"), ("20300101", "good")):
        line = f'ann@example.com valid-before="{valid}" {key.public.read_text()}'
        ssh.file("signers", line)
        ssh.commit()
        assert states(ssh)[TAG][0] == expected


def test_releases_older_than_the_demand_are_told_and_accepted(ssh: Site) -> None:
    ssh.configure("allowed_signers: signers\n")
    ssh.commit("Don't ask yet")
    release(ssh)
    ssh.configure("allowed_signers: signers\nsigned_releases: true\n")
    ssh.changed("two {{ who }}")
    release(ssh)
    result = found(ssh)
    assert result.report.findings == ()
    assert any(TAG in note and "older" in note for note in result.report.notes)
    newer = f"{NAME}@v0.2.0"
    put(ssh, split_signature(ssh.run("cat-file", "tag", newer))[0], newer)
    assert rules(ssh) == ["unsigned-release"]


def test_an_edit_that_is_not_committed_takes_no_demand_back(ssh: Site) -> None:
    ssh.configure("allowed_signers: signers\nsigned_releases: true\n")
    ssh.commit("Ask for it")
    release(ssh)
    put(ssh, split_signature(ssh.run("cat-file", "tag", TAG))[0], TAG)
    assert rules(ssh) == ["unsigned-release"]
    ssh.configure("allowed_signers: signers\n")
    assert rules(ssh) == ["unsigned-release"]


def test_doctor_tells_what_is_missing_to_sign(ssh: Site) -> None:
    def items() -> dict[str, str]:
        diagnosis = doctor(Surroundings(ssh.path, ssh.environ, "utf-8"))
        return {one.id: one.level.value for one in diagnosis.items}

    assert items()["signing"] == "ok"
    assert "allowed-signers" not in items()
    ssh.run("config", "--global", "--unset", "user.signingKey")
    ssh.configure("signed_releases: true\n")
    assert items()["signing"] == "warning"
    assert items()["allowed-signers"] == "warning"
    ssh.configure()
    assert "signing" not in items()
