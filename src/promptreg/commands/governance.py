"""`governance`: what the git host has to enforce so that what the files say holds."""

from __future__ import annotations

from promptreg.registry.governance import Governance, governance
from promptreg.registry.load import load
from promptreg.registry.workspace import Workspace


def exported_governance(workspace: Workspace) -> Governance:
    """Reviews, branches and tags as the working tree's files would have them.

    Raises RegistryError where promptreg.yaml can't be used, GitError without a repository.
    """
    return governance(load(workspace.working_tree()).snapshot, workspace.prefix)
