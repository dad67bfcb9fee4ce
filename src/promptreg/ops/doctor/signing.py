"""Whether this machine can sign releases, and anybody can tell whose the signatures are."""

from __future__ import annotations

from collections.abc import Iterator

from promptreg.model.configuration import FILE, Configuration
from promptreg.reporters.doctor import Item, Level
from promptreg.store.git.repository import Repository
from promptreg.store.git.signing_settings import SigningSettings, signing_settings
from promptreg.store.signature_block import SSH

_KEY = "`git config --global user.signingKey ~/.ssh/id_ed25519.pub`"


def signing_items(repo: Repository, configuration: Configuration) -> Iterator[Item]:
    """About signatures, where the registry or git's configuration asks for them."""
    settings = signing_settings(repo)
    demanded = configuration.signed_releases
    if not (demanded or settings.tags or settings.commits):
        return
    yield _key(settings, demanded=demanded)
    if demanded and not configuration.allowed_signers:
        message = f"{FILE} takes signed releases only, and names no `allowed_signers:` file"
        fix = (
            f"`allowed_signers: allowed_signers` in {FILE}, and a line `EMAIL KEY` for each person"
        )
        yield Item("allowed-signers", Level.WARNING, message, fix)


def _key(settings: SigningSettings, *, demanded: bool) -> Item:
    if settings.format == SSH and not settings.key:
        who = f"{FILE} takes signed releases only" if demanded else "git is told to sign"
        return Item("signing", Level.WARNING, f"{who}, and git knows no SSH key to sign with", _KEY)
    key = f"`{settings.key}`" if settings.key else "of the committer"
    return Item("signing", Level.OK, f"releases can be signed with the {settings.format} key {key}")
