#!/bin/sh
# Judge what a change brings, on any CI service.
#
#   promptreg-check.sh BRANCH [OPTION...]
#
# BRANCH is what the change is to be merged into, on the remote `origin` (or $PROMPTREG_REMOTE); the
# options go to `promptreg check`. Run it in the repository, with the change checked out and
# `promptreg` on PATH. It fetches what a shallow clone lacks, says so, and changes no branch.
# Exit codes: 0 clean, 1 findings, 2 nothing could be judged.
set -eu

remote=${PROMPTREG_REMOTE:-origin}
branch=${1:-}
[ -z "$branch" ] || shift
if ! git check-ref-format "refs/heads/$branch" || ! git check-ref-format "refs/remotes/$remote/x"; then
  echo "promptreg-check.sh: name the branch that the change is to be merged into" >&2
  exit 2
fi

fetch() {
  echo "+ git fetch $*" >&2
  git fetch --quiet "$@" || exit 2
}

# Releases are tags, and the merge-base is a commit: a shallow clone has neither.
set -- "--base=$remote/$branch" "$@"
wanted="+refs/heads/$branch:refs/remotes/$remote/$branch"
if [ "$(git rev-parse --is-shallow-repository)" = true ]; then
  fetch --unshallow --tags "$remote" "$wanted"
else
  fetch --tags "$remote" "$wanted"
fi
exec promptreg check "$@"
