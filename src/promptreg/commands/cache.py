"""`cache`: what earlier runs left for later ones, and throwing it away."""

from __future__ import annotations

from promptreg.registry.workspace import Workspace
from promptreg.store.cache import Cache, CacheInfo


def cache_info(workspace: Workspace) -> CacheInfo:
    """What the repository's cache holds. Raises GitError without one: there is no cache then."""
    return Cache(workspace.git.common_dir).info()


def clear_cache(workspace: Workspace) -> CacheInfo:
    """Empty the cache; what it held before. Raises GitError without a repository."""
    return Cache(workspace.git.common_dir).clear()
