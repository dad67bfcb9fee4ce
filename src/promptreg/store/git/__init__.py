"""git as a store: the only package that starts programs.

Every path is relative to the repository's top level, as POSIX text; bytes that are not UTF-8 are
carried as surrogates (`wire`). A `prefix` ("" or "folder/") names the part that a registry covers.

- `environment`, `process`: how git is started; `failures`: how its refusals are worded
- `repository`: open a repository, its head, what its clone lacks; `config`: its settings, remotes
- `revisions`, `trees`, `objects`, `refs`, `commits`, `history`, `changes`, `blame`, `worktree`: reads
- `identity`, `writing`, `transaction`, `staging`, `push`, `create`: writes
"""
