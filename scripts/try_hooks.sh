#!/usr/bin/env bash
# Try the hooks with real pre-commit and real prek, in a repository of its own.
#
#   scripts/try_hooks.sh [REPO] [REV]
#
# REPO is what `repo:` names (default: this repository), REV a commit of it (default: HEAD). Needs
# `pre-commit` and `prek` on PATH, and a package index for what promptreg depends on.
set -euo pipefail

top=$(cd "$(dirname "$0")/.." && pwd)
source=${1:-$top}
rev=${2:-$(git -C "$top" rev-parse HEAD)}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

say() { printf '%s\n' "$*"; }

expect() { # what, expected code, words that the output must have, command...
  local what=$1 code=$2 words=$3 got=0
  shift 3
  "$@" >"$work/said" 2>&1 || got=$?
  if [ "$got" -eq "$code" ] && { [ -z "$words" ] || grep -qF -- "$words" "$work/said"; }; then
    say "  ok    $what"
  else
    say "  FAIL  $what (exit $got, expected $code with: $words)"
    sed 's/^/        /' "$work/said"
    failed=1
  fi
}

prepare() { # a registry with a good first commit, in a subfolder of a repository
  rm -rf "$work/repo"
  git init -q -b main "$work/repo"
  cd "$work/repo"
  git config user.name "Example Author"
  git config user.email author@example.com
  mkdir -p ai/prompts ai/partials ai/agents
  cat >.pre-commit-config.yaml <<EOF
repos:
  - repo: $source
    rev: $rev
    hooks:
      - id: promptreg-validate
      - id: promptreg-test
        args: [-C, ai]
      - id: promptreg-check
        args: [-C, ai]
EOF
  printf 'apiVersion: promptreg/v1\nkind: Registry\nname: example\nowners: {team: {}}\n' >ai/promptreg.yaml
  cat >ai/prompts/greeting.prompt.yaml <<'EOF'
apiVersion: promptreg/v1
kind: Prompt
name: greeting
description: Greets a customer by name.
owner: team
lifecycle: active
risk: low
inputs: {who: {type: string, description: Whom to greet.}}
messages: [{role: user, template: greeting.j2}]
tests: [{name: it greets, inputs: {who: Ann}, expect: [{contains: Hello Ann}]}]
EOF
  printf '{%% include "tone.j2" %%}\nHello {{ who }}\n' >ai/prompts/greeting.j2
  printf 'Be kind.\n' >ai/partials/tone.j2
  cat >ai/agents/helper.agent.yaml <<'EOF'
apiVersion: promptreg/v1
kind: Agent
name: helper
description: Greets.
owner: team
lifecycle: active
risk: low
prompts: {hello: greeting}
EOF
  git add .
}

scenarios() {
  local runner=$1
  say "$runner $("$runner" --version)"
  prepare
  "$runner" install >/dev/null
  expect "a good first commit passes" 0 "Passed" git commit -m first
  expect "a folder outside the registry is left alone" 0 "" sh -c 'echo hi >README && git add README && git commit -m readme'

  printf 'Be kind to {{ whom }}.\n' >ai/partials/tone.j2
  git add .
  expect "a partial that breaks a prompt elsewhere is blocked" 1 "error[undeclared-input]" git commit -m bad
  git checkout -q HEAD -- . && git reset -q

  sed -i.bak 's/Hello Ann/Good day/' ai/prompts/greeting.prompt.yaml && rm ai/prompts/greeting.prompt.yaml.bak
  git add .
  expect "a failing test is blocked" 1 "the test \`it greets\` fails" git commit -m bad
  git checkout -q HEAD -- . && git reset -q && git checkout -q -- .

  git mv ai/prompts/greeting.prompt.yaml ai/prompts/welcome.prompt.yaml
  sed -i.bak 's/name: greeting/name: welcome/' ai/prompts/welcome.prompt.yaml && rm ai/prompts/welcome.prompt.yaml.bak
  git add .
  expect "a renamed prompt that an agent uses is blocked" 1 "error[unknown-reference]" git commit -m bad
  git reset -q --hard

  printf 'Be brief.\n' >ai/partials/new.j2
  sed -i.bak 's/tone.j2/new.j2/' ai/prompts/greeting.j2 && rm ai/prompts/greeting.j2.bak
  git add ai/prompts/greeting.j2
  expect "a template that nobody added is missed" 1 "error[missing-template]" git commit -m bad
  rm ai/partials/new.j2
  git reset -q --hard

  printf '{%% include "tone.j2" %%}\nHello {{ who }}!\n' >ai/prompts/greeting.j2
  git add ai/prompts/greeting.j2
  printf '{%% include "tone.j2" %%}\nHello {{ nobody }}!\n' >ai/prompts/greeting.j2
  printf 'unstaged\n' >>ai/partials/tone.j2
  cp -r ai "$work/before"
  expect "what is not staged is not judged" 0 "Passed" git commit -m good
  expect "and not touched" 0 "" diff -r ai "$work/before"
  rm -rf "$work/before"
  git reset -q --hard

  printf 'Hello {{ nobody }}\n' >ai/prompts/greeting.j2
  expect "git commit -a is judged by what it commits" 1 "error[undeclared-input]" git commit -a -m bad
  expect "git commit FILE too" 1 "error[undeclared-input]" git commit -m bad ai/prompts/greeting.j2
  git reset -q --hard
}

pushes() {
  local runner=$1
  prepare
  rm -rf "$work/remote.git"
  git init -q --bare -b main "$work/remote.git"
  git remote add origin "$work/remote.git"
  "$runner" install --hook-type pre-push >/dev/null
  git commit -qm first
  expect "the first push of all is judged as a whole" 0 "Passed" git push -u origin main
  git remote set-head origin --auto >/dev/null

  git switch -qc topic
  printf 'Be kind and brief.\n' >ai/partials/tone.j2
  git commit -qam wording
  expect "a new wording may be pushed on a new branch" 0 "Passed" git push origin topic

  sed -i.bak '/^inputs:/d; /^tests:/d' ai/prompts/greeting.prompt.yaml && rm ai/prompts/greeting.prompt.yaml.bak
  printf 'Hello you\n' >ai/prompts/greeting.j2
  git commit -qam "drop an input"
  expect "a removed input is blocked" 1 "error[input-removed]" git push origin topic
  expect "on a branch that is new, too" 1 "error[input-removed]" git push origin topic:other
  git switch -q main
  expect "and where another branch is checked out" 1 "error[input-removed]" git push origin topic
  git switch -q topic

  mkdir ai/changes
  cat >ai/changes/drop-who.change.yaml <<'EOF'
apiVersion: promptreg/v1
kind: Change
name: greeting
bump: major
reason: Nobody is greeted by name any more.
owner: team
EOF
  git add ai && git commit -qm "declare it"
  expect "a declared one may be pushed" 0 "Passed" git push origin topic
  git tag -a -m note note
  expect "a tag of what is there has nothing to judge" 0 "" git push origin note
  expect "a branch can be deleted" 0 "" git push origin :topic
}

for runner in pre-commit prek; do
  scenarios "$runner"
  pushes "$runner"
done
exit "$failed"
