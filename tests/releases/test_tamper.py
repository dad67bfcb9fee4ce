"""I12: `verify` accepts what promptreg wrote and finds every way in which it was changed since.

PROMPTREG_TAMPER says how many mutations are tried; `make torture` tries more. Each is made on a
fresh copy of one ledger, chosen by its number alone, so that a failing one can be run again.
"""

from __future__ import annotations

import os
import random
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from tests.releases.conftest import AGENT, TRIAGE

from promptreg.commands.verify import VerifyRequest, verify
from promptreg.releases.ledger import all_releases
from promptreg.releases.tag import Release

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Site

    from promptreg.model.finding import Finding

MUTATIONS = int(os.environ.get("PROMPTREG_TAMPER", "60"))
ZEROS = "0" * 40
PRODUCTION = "environments/production.yaml"


@dataclass
class Scene:
    """A copy of the ledger, and the choices that a mutation makes."""

    site: Site
    chance: random.Random
    every: tuple[Release, ...]

    def release(
        self, *, previous: bool = False, later: bool = False, pins: bool = False
    ) -> Release:
        """Any release; one that has another before or after it, or pins, where that is asked."""
        named = {one.previous for one in self.every}
        fitting = [
            one
            for one in self.every
            if (one.previous or not previous)
            and (one.tag_object in named or not later)
            and (one.pins or not pins)
        ]
        return self.chance.choice(fitting)

    def content(self, release: Release) -> str:
        """The tag object."""
        return self.site.run("cat-file", "tag", release.tag_object).decode()

    def put(self, release: Release, content: str, kind: str = "tag") -> str:
        """Let the ref of a release lead to a new object."""
        words = ("hash-object", "-t", kind, "-w", "--stdin", "--literally")
        oid = self.site.run(*words, stdin=content.encode()).decode().strip()
        self.site.run("update-ref", f"refs/tags/{release.tag}", oid)
        return oid

    def replace(self, release: Release, old: str, new: str) -> None:
        """Edit a tag object."""
        content = self.content(release)
        assert old in content
        self.put(release, content.replace(old, new, 1))

    def trailer(self, release: Release, key: str) -> str:
        """A whole line of a tag's message."""
        lines = self.content(release).split("\n")
        return next(line for line in lines if line.startswith(f"Promptreg-{key}: "))

    def edit(self, path: str, old: str, new: str, *, commit: bool) -> None:
        """Edit a file of the registry by hand."""
        text = (self.site.path / path).read_text()
        assert old in text
        self.site.file(path, text.replace(old, new, 1))
        if commit:
            self.site.commit("By hand")

    def object_file(self, oid: str) -> Path:
        """Where a loose object lies."""
        return self.site.path / ".git" / "objects" / oid[:2] / oid[2:]

    def coin(self) -> bool:
        """Either."""
        return self.chance.random() < 0.5


@dataclass(frozen=True)
class Expected:
    """A finding that there must be: one of these rules, and words that its text must have."""

    rules: tuple[str, ...]
    words: tuple[str, ...]


Mutation = Callable[[Scene], Expected]


def about(release: Release, *rules: str) -> Expected:
    """A finding about a release."""
    return Expected(rules, (release.name, str(release.version)))


def moved_to_other_text(scene: Scene) -> Expected:
    release = scene.release()
    others = [
        one for one in scene.every if one.digest != release.digest and one.commit != release.commit
    ]
    scene.replace(release, release.commit, scene.chance.choice(others).commit)
    found = scene.site.run("cat-file", "tag", f"refs/tags/{release.tag}").decode()
    assert release.commit not in found
    return about(release, "digest-mismatch", "replaced-release")


def moved_with_another_digest(scene: Scene) -> Expected:
    """The whole tag made anew on other content of the same entry: only memory tells."""
    release = scene.release()
    own = [one for one in scene.every if one.name == release.name and one.digest != release.digest]
    if not own:
        return lightweight(scene)
    other = scene.chance.choice(own)
    content = scene.content(release).replace(release.commit, other.commit)
    scene.put(release, content.replace(release.digest, other.digest))
    rules = ("wrong-digest", "wrong-past-digest", "replaced-release", "wrong-pin")
    return about(release, *rules)


def lightweight(scene: Scene) -> Expected:
    release = scene.release()
    scene.site.run("update-ref", f"refs/tags/{release.tag}", release.commit)
    return about(release, "lightweight-release")


def renamed(scene: Scene) -> Expected:
    release = scene.release()
    tag = f"{release.name}@v9.9.9" if scene.coin() else f"{release.name}-2@v{release.version}"
    scene.site.run("update-ref", f"refs/tags/{tag}", release.tag_object)
    return Expected(("misnamed-release",), (tag,))


def renamed_away(scene: Scene) -> Expected:
    release = scene.release()
    scene.site.run("update-ref", f"refs/tags/{release.name}@v9.9.9", release.tag_object)
    scene.site.run("update-ref", "-d", f"refs/tags/{release.tag}")
    return about(release, "deleted-release", "unknown-release")


def swapped(scene: Scene) -> Expected:
    one = scene.release()
    other = scene.chance.choice([each for each in scene.every if each != one])
    scene.site.run("update-ref", f"refs/tags/{one.tag}", other.tag_object)
    scene.site.run("update-ref", f"refs/tags/{other.tag}", one.tag_object)
    return about(one, "misnamed-release")


def deleted(scene: Scene) -> Expected:
    release = scene.release(later=True)
    scene.site.run("update-ref", "-d", f"refs/tags/{release.tag}")
    return about(release, "deleted-release")


def two_deleted(scene: Scene) -> Expected:
    for version in ("0.2.0", "1.0.0-rc.1"):
        scene.site.run("update-ref", "-d", f"refs/tags/{TRIAGE}@v{version}")
    version = scene.chance.choice(("0.2.0", "1.0.0-rc.1"))
    return Expected(("deleted-release",), (TRIAGE, version))


def deleted_and_gone(scene: Scene) -> Expected:
    release = scene.release(later=True)
    scene.site.run("update-ref", "-d", f"refs/tags/{release.tag}")
    scene.object_file(release.tag_object).unlink()
    return Expected(("broken-chain",), (release.name, "was deleted", release.tag_object[:12]))


def newest_deleted(scene: Scene) -> Expected:
    named = {one.previous for one in scene.every}
    newest = scene.chance.choice([one for one in scene.every if one.tag_object not in named])
    scene.site.run("update-ref", "-d", f"refs/tags/{newest.tag}")
    return about(newest, "unknown-release")


def digest_edited(scene: Scene) -> Expected:
    release = scene.release()
    how = scene.chance.randrange(4)
    line = scene.trailer(release, "Digest")
    other = next(one for one in scene.every if one.digest != release.digest)
    new = (
        "",
        line.replace(release.digest, other.digest) + "\n",
        f"{line}\n{line}\n",
        line[:40] + "\n",
    )[how]
    scene.replace(release, line + "\n", new)
    return about(release, "digest-mismatch" if how == 1 else "unreadable-release")


def bump_edited(scene: Scene) -> Expected:
    release = scene.release()
    line = scene.trailer(release, "Bump")
    other = scene.chance.choice(
        [word for word in ("major", "minor", "patch") if word != release.bump]
    )
    new, rule = scene.chance.choice(
        [
            ("", "unreadable-release"),
            (f"{line}\n{line}\n", "unreadable-release"),
            ("Promptreg-Bump: --force\n", "unreadable-release"),
            (f"Promptreg-Bump: {other}\n", "wrong-bump"),
        ]
    )
    scene.replace(release, line + "\n", new)
    return about(release, rule)


def previous_edited(scene: Scene) -> Expected:
    release = scene.release(previous=True)
    line = scene.trailer(release, "Previous")
    others = [
        one for one in scene.every if one.tag_object not in (release.previous, release.tag_object)
    ]
    other = scene.chance.choice(others)
    new, rules = scene.chance.choice(
        [
            ("", ("broken-chain",)),
            (f"{line}\n{line}\n", ("unreadable-release",)),
            ("Promptreg-Previous: none\n", ("unreadable-release",)),
            (f"Promptreg-Previous: {ZEROS}\n", ("broken-chain",)),
            (f"Promptreg-Previous: {release.commit}\n", ("broken-chain",)),
            (f"Promptreg-Previous: {other.tag_object}\n", ("broken-chain", "forked-chain")),
        ]
    )
    scene.replace(release, line + "\n", new)
    return about(release, *rules)


def previous_added(scene: Scene) -> Expected:
    first = scene.chance.choice([one for one in scene.every if not one.previous])
    other = scene.chance.choice([one for one in scene.every if one != first])
    line = scene.trailer(first, "Bump")
    scene.replace(first, line, f"{line}\nPromptreg-Previous: {other.tag_object}")
    return about(first, "broken-chain", "replaced-release")


def pins_edited(scene: Scene) -> Expected:
    release = scene.release(pins=True)
    line = scene.trailer(release, "Pins")
    pin = release.pins[0]
    other = next(one for one in scene.every if one.name == pin.name and one.digest != pin.digest)
    new, rule = scene.chance.choice(
        [
            ("", "wrong-pin"),
            (f"{line}\n{line}\n", "wrong-pin"),
            (line.replace(pin.role, "third") + "\n", "wrong-pin"),
            (line.replace(pin.digest, other.digest) + "\n", "wrong-pin"),
            (line.replace(f"@v{pin.version}", "@v7.0.0") + "\n", "wrong-pin"),
            (line.replace(pin.digest, "sha256:0") + "\n", "unreadable-release"),
        ]
    )
    scene.replace(release, line + "\n", new)
    return about(release, rule)


def pins_of_a_prompt(scene: Scene) -> Expected:
    release = scene.chance.choice([one for one in scene.every if not one.pins])
    line = scene.trailer(release, "Bump")
    pin = f"Promptreg-Pins: role {release.tag} {release.digest}"
    scene.replace(release, line, f"{line}\n{pin}")
    return about(release, "wrong-pin")


def message_edited(scene: Scene) -> Expected:
    release = scene.release()
    scene.replace(release, "\n\nRelease ", "\n\nReleased ")
    return about(release, "replaced-release")


def tagger_edited(scene: Scene) -> Expected:
    release = scene.release()
    scene.replace(release, "Ann Example <ann@", "Bob Example <bob@")
    return about(release, "replaced-release")


def no_trailers(scene: Scene) -> Expected:
    release = scene.release()
    scene.put(release, scene.content(release).partition("\n\n")[0] + "\n\nRelease\n")
    return about(release, "unreadable-release")


def of_something_else(scene: Scene) -> Expected:
    release = scene.release()
    kind = scene.chance.choice(("blob", "tree", "tag"))
    target = {
        "blob": scene.site.text("rev-parse", "HEAD:promptreg.yaml"),
        "tree": scene.site.text("rev-parse", "HEAD^{tree}"),
        "tag": release.tag_object,
    }[kind]
    content = scene.content(release).replace(f"object {release.commit}", f"object {target}")
    scene.put(release, content.replace("type commit", f"type {kind}"))
    return about(release, "release-not-of-commit")


def oversized(scene: Scene) -> Expected:
    release = scene.release()
    scene.replace(release, "\n\nPromptreg-", "\n\n" + "x" * 70_000 + "\n\nPromptreg-")
    return about(release, "unreadable-release")


def empty_ref(scene: Scene) -> Expected:
    release = scene.release()
    place = scene.site.path / ".git" / "refs" / "tags" / release.tag
    place.write_bytes(scene.chance.choice([b"", b"x\n", release.tag_object[:20].encode()]))
    return about(release, "unreadable-ref")


def packed_ref_edited(scene: Scene) -> Expected:
    release = scene.release(later=True)
    scene.site.run("pack-refs", "--all")
    place = scene.site.path / ".git" / "packed-refs"
    lines = place.read_text().split("\n")
    index = next(
        index for index, line in enumerate(lines) if line.endswith(f"refs/tags/{release.tag}")
    )
    if scene.coin():
        del lines[index : index + 2]  # the peeled object stands below
        rules: tuple[str, ...] = ("deleted-release",)
    else:
        other = scene.chance.choice([one for one in scene.every if one != release])
        lines[index] = lines[index].replace(release.tag_object, other.tag_object)
        rules = ("misnamed-release",)
    place.write_text("\n".join(lines))
    return about(release, *rules)


def environment_edited(scene: Scene) -> Expected:
    one = next(each for each in scene.every if each.tag == f"{TRIAGE}@v1.0.0")
    other = next(each for each in scene.every if each.tag == f"{TRIAGE}@v0.1.0")
    old, new, rule = scene.chance.choice(
        [
            (f"{TRIAGE}: {{version: 1.0.0", f"{TRIAGE}: {{version: 0.1.0", "wrong-digest"),
            (f"{TRIAGE}: {{version: 1.0.0", f"{TRIAGE}: {{version: 3.0.0", "unknown-release"),
            (one.digest, other.digest, "wrong-digest"),
            (f"  {TRIAGE}: ", "  support/nobody: ", "unknown-release"),
        ]
    )
    scene.edit(PRODUCTION, old, new, commit=scene.coin())
    return Expected((rule,), (PRODUCTION,))


def environment_edited_and_mended(scene: Scene) -> Expected:
    """An edit that was taken back stays in the history."""
    old = f"{TRIAGE}: {{version: 1.0.0"
    scene.edit(PRODUCTION, old, f"{TRIAGE}: {{version: 3.0.0", commit=True)
    scene.edit(PRODUCTION, f"{TRIAGE}: {{version: 3.0.0", old, commit=True)
    return Expected(("unknown-past-release",), (TRIAGE, "3.0.0"))


def environment_broken(scene: Scene) -> Expected:
    scene.edit(PRODUCTION, "kind: Environment", "kind: Environmental", commit=scene.coin())
    return Expected(("unknown-kind",), (PRODUCTION,))


def lock_edited(scene: Scene) -> Expected:
    text = (scene.site.path / "promptreg.lock").read_text()
    line = next(line for line in text.split("\n") if f'"{TRIAGE}@latest"' in line)
    release = next(one for one in scene.every if one.tag_object in line)
    old, new, rule = scene.chance.choice(
        [
            (f"version: {release.version}", "version: 0.1.0", "wrong-digest"),
            (f"version: {release.version}", "version: 7.0.0", "unknown-release"),
            (release.digest, "sha256:" + "0" * 64, "wrong-digest"),
            (release.tag_object, ZEROS, "replaced-release"),
            (release.commit, ZEROS, "wrong-lock"),
        ]
    )
    scene.edit("promptreg.lock", line, line.replace(old, new), commit=scene.coin())
    return Expected((rule,), ("promptreg.lock", TRIAGE))


def history_rewritten(scene: Scene) -> Expected:
    site = scene.site
    tree = site.text("rev-parse", "HEAD^{tree}")
    new = site.text("commit-tree", tree, "-m", "Start again")
    site.run("update-ref", "refs/heads/main", new)
    site.run("branch", "-D", "fix")
    return about(scene.release(), "unreachable-release")


def commit_rewritten(scene: Scene) -> Expected:
    """The newest commits made anew with another message."""
    site, release = scene.site, next(one for one in scene.every if one.name == "new")
    parent = site.text("rev-parse", f"{release.commit}^")
    new = site.text("commit-tree", f"{release.commit}^{{tree}}", "-p", parent, "-m", "Other")
    site.run("update-ref", "refs/heads/main", new)
    return about(release, "unreachable-release")


def replace_ref(scene: Scene) -> Expected:
    release = scene.release()
    other = scene.chance.choice([one for one in scene.every if one.commit != release.commit])
    old, new = scene.chance.choice(
        [(release.commit, other.commit), (release.tag_object, other.tag_object)]
    )
    scene.site.run("update-ref", f"refs/replace/{old}", new)
    return Expected(("replaced-object",), (old,))


def grafted(scene: Scene) -> Expected:
    commit = scene.release().commit
    place = scene.site.path / ".git" / "info" / "grafts"
    place.parent.mkdir(exist_ok=True)
    place.write_text(f"{commit}\n")
    return Expected(("grafted-history",), (commit[:12],))


def shallow_forged(scene: Scene) -> Expected:
    (scene.site.path / ".git" / "shallow").write_text(scene.site.text("rev-parse", "HEAD") + "\n")
    return Expected(("shallow-history",), ("shallow", "git fetch --unshallow --tags"))


def damaged_object(scene: Scene) -> Expected:
    """The tag, the commit, a folder or the manifest: gone, cut, damaged, or something else."""
    release = scene.release()
    folder = "agents" if release.name == AGENT else "prompts"
    kind = "agent" if release.name == AGENT else "prompt"
    oid = scene.chance.choice(
        [
            release.tag_object,
            release.commit,
            scene.site.text("rev-parse", f"{release.commit}:{folder}"),
            scene.site.text("rev-parse", f"{release.commit}:{folder}/{release.name}.{kind}.yaml"),
        ]
    )
    file = scene.object_file(oid)
    file.chmod(0o644)
    data = file.read_bytes()
    how = scene.chance.randrange(4)
    if how == 0:
        file.unlink()
    elif how == 1:
        file.write_bytes(data[: len(data) // 2])
    elif how == 2:
        file.write_bytes(data[:6] + b"XXXX" + data[10:])
    else:
        header, _, body = zlib.decompress(data).partition(b"\0")
        file.write_bytes(zlib.compress(header + b"\0" + body[:-2] + b"x\n"))
    return about(release, "missing-object")


def put_in(scene: Scene) -> Expected:
    """A genuine-looking release between two others."""
    below = next(one for one in scene.every if one.tag == f"{TRIAGE}@v0.1.0")
    content = scene.content(below).replace("@v0.1.0", "@v0.1.5").replace(" 0.1.0", " 0.1.5")
    line = scene.trailer(below, "Bump")
    content = content.replace(
        line, f"Promptreg-Bump: patch\nPromptreg-Previous: {below.tag_object}"
    )
    ref = f"refs/tags/{TRIAGE}@v0.1.5"
    oid = scene.site.run("mktag", stdin=content.encode()).decode().strip()
    scene.site.run("update-ref", ref, oid)
    return Expected(("forked-chain",), (TRIAGE, "0.1.5"))


def chain_forged(scene: Scene) -> Expected:
    """All of an entry's tags made anew, each naming the new one before it."""
    own = [one for one in scene.every if one.name == TRIAGE]
    before: dict[str, str] = {}
    for one in own:
        content = scene.content(one).replace("Release support", "A release: support")
        for old, new in before.items():
            content = content.replace(old, new)
        before[one.tag_object] = scene.put(one, content)
    return Expected(("replaced-release",), ("promptreg.lock", TRIAGE))


MUTATE: tuple[Mutation, ...] = (
    moved_to_other_text,
    moved_with_another_digest,
    lightweight,
    renamed,
    renamed_away,
    swapped,
    deleted,
    two_deleted,
    deleted_and_gone,
    newest_deleted,
    digest_edited,
    bump_edited,
    previous_edited,
    previous_added,
    pins_edited,
    pins_of_a_prompt,
    message_edited,
    tagger_edited,
    no_trailers,
    of_something_else,
    oversized,
    empty_ref,
    packed_ref_edited,
    environment_edited,
    environment_edited_and_mended,
    environment_broken,
    lock_edited,
    history_rewritten,
    commit_rewritten,
    replace_ref,
    grafted,
    shallow_forged,
    damaged_object,
    put_in,
    chain_forged,
)


def says(finding: Finding) -> str:
    """Everything that a person reads of a finding."""
    return " ".join((finding.at.path, finding.entry, finding.key, finding.message, finding.fix))


@pytest.fixture(scope="module")
def every(ledger_template: Site) -> tuple[Release, ...]:
    """The releases before anybody touched them."""
    known = all_releases(ledger_template.workspace.git)
    return tuple(one for releases in known.values() for one in releases)


@pytest.mark.parametrize("number", range(MUTATIONS))
def test_a_change_is_found_and_named(ledger: Site, every: tuple[Release, ...], number: int) -> None:
    mutate = MUTATE[number % len(MUTATE)]
    chance = random.Random(number)  # noqa: S311 - a choice, no secret
    expected = mutate(Scene(ledger, chance, every))
    report = verify(ledger.workspace, VerifyRequest()).report
    texts = [says(one) for one in report.findings if one.rule in expected.rules]
    assert any(all(word in text for word in expected.words) for text in texts), (
        mutate.__name__,
        expected,
        report.findings,
    )
