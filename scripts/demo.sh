#!/bin/sh
# The main story on a throw-away copy of the examples. Every step is checked, so this is a test too:
# it ends with 1 where a step doesn't do what its line says. Needs `promptreg` and `git` on PATH.
set -eu

exec 2>&1
here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
room=$(mktemp -d "${TMPDIR:-/tmp}/promptreg-demo.XXXXXX")
trap 'rm -rf "$room"' EXIT
trap 'exit 130' INT TERM

# A sealed room: nothing of your git settings gets in, nothing of the demo gets out.
for name in $(env | sed -n 's/^\(GIT_[A-Z0-9_]*\)=.*/\1/p'); do unset "$name"; done
export HOME="$room" GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL="$room/gitconfig" TZ=UTC
git config --file "$GIT_CONFIG_GLOBAL" init.defaultBranch main
git config --file "$GIT_CONFIG_GLOBAL" advice.detachedHead false

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then
    bold=$(printf '\033[1m') blue=$(printf '\033[1;34m') plain=$(printf '\033[0m')
else
    bold='' blue='' plain=''
fi

# Introduce a step in one line.
step() {
    printf '\n%s# %s%s\n' "$blue" "$1" "$plain"
}

# at WHEN NAME MAIL: who takes the next steps, and when: every run tells the same story.
at() {
    export PROMPTREG_NOW="$1" GIT_AUTHOR_DATE="$1" GIT_COMMITTER_DATE="$1"
    git config --file "$GIT_CONFIG_GLOBAL" user.name "$2"
    git config --file "$GIT_CONFIG_GLOBAL" user.email "$3"
}

# Show a command as it would be typed, and run it.
run() {
    show "$1"
    eval "$1" || fail "$1"
}

# The same for a command that has to be refused.
refused() {
    show "$1"
    if eval "$1"; then fail "this should have been refused: $1"; fi
}

show() {
    printf '%s$ %s%s\n' "$bold" "$1" "$plain"
}

# Fail unless a command succeeds; it says nothing.
check() {
    "$@" > "$room/check" 2>&1 || { cat "$room/check"; fail "$*"; }
}

fail() {
    printf '\nThe demo failed: %s\n' "$1"
    exit 1
}

# edit FILE SED-SCRIPT: change a file as an author would in an editor.
edit() {
    sed "$2" "$1" > "$room/edited"
    if cmp -s "$1" "$room/edited"; then fail "nothing to edit in $1"; fi
    cat "$room/edited" > "$1"
}

author() { at "$1" "Prompt Author" author@example.com; }
approver() { at "$1" "Governance Lead" governance-lead@example.com; }
on_call() { at "$1" "On Call" on-call@example.com; }
triage=prompts/support/triage

author 2026-11-16T09:00:00+00:00
cp -R "$here/examples" "$room/back-office"
cd "$room/back-office"
git init --quiet
git add .
git commit --quiet -m "Start the registry"
printf '#!/bin/sh\nexec promptreg validate --tracked\n' > .git/hooks/pre-commit
chmod +x .git/hooks/pre-commit

printf '%sA registry of prompts and agents in a git repository%s\n' "$bold" "$plain"
printf 'A copy of examples/ with a pre-commit hook (`promptreg validate --tracked`). The clock is made up.\n'

step "Monday morning. Is everything sound?"
run "promptreg validate"

step "Someone uses an input that no caller knows of. The hook blocks the commit."
run "echo 'Region: {{ region }}' >> $triage/user.j2"
refused "git commit --quiet -a -m 'Tell the model the region'"
check test "$(git rev-list --count HEAD)" = 1

step "Declared in the manifest, with a default, it breaks no caller."
edit "$triage/prompt.yaml" 's/^messages:$/  region:\
    type: string\
    default: unknown\
    description: Where the customer lives.\
messages:/'
run "promptreg diff --base HEAD"
run "git commit --quiet -a -m 'Tell the model the region'"

step "Released: an annotated tag that holds the digest of all that the prompt reaches."
run "promptreg release support/triage"
run "promptreg promote support/triage@0.1.0 --env staging"

step "Production asks for an approval, by somebody who didn't write it."
refused "promptreg promote support/triage@0.1.0 --env production --reason 'Triage goes live'"
approver 2026-11-16T11:00:00+00:00
run "promptreg approve support/triage@0.1.0 --note 'Read both templates'"
author 2026-11-16T11:30:00+00:00
run "promptreg promote support/triage@0.1.0 --env production --reason 'Triage goes live'"
run "promptreg render support/triage@production --inputs inputs/support-triage.json > first.txt"

step "Tuesday. New words in a template are a new version; staging first, then production."
author 2026-11-17T15:00:00+00:00
edit "$triage/system.j2" 's/^Tier alone/A message from a key account is always `p1`. Otherwise tier alone/'
run "promptreg diff support/triage@production support/triage"
run "git commit --quiet -a -m 'Key accounts first'"
run "promptreg release support/triage"
run "promptreg promote support/triage@latest --env staging"
approver 2026-11-17T16:00:00+00:00
run "promptreg approve support/triage@latest"
author 2026-11-17T16:30:00+00:00
run "promptreg approvals support/triage@latest"
run "promptreg promote support/triage@latest --env production --reason 'Asked for by sales'"

step "Wednesday, 02:14. Every mail of a key account wakes somebody. One command puts it right."
on_call 2026-11-18T02:14:00+00:00
run "promptreg rollback support/triage --env production --reason 'Every key-account mail is p1'"

step "What runs where? And what ran on Tuesday evening?"
run "promptreg status"
run "promptreg status --env production"
run "promptreg status --env production --at 2026-11-17T20:00"

step "Who, when, why?"
run "promptreg log support/triage"

step "Production serves the bytes of the first release again."
run "promptreg render support/triage@production --inputs inputs/support-triage.json > now.txt"
run "cmp first.txt now.txt && echo the same bytes"
