#!/usr/bin/env bash
# One step of action.yml: runs a verb with the arguments in $ARGUMENTS, one a line, as annotations, summary and SARIF.
set -euo pipefail
verb=$1
mapfile -t arguments < <(printf '%s\n' "$ARGUMENTS" | sed '/^[[:space:]]*$/d')
summary=$RUNNER_TEMP/vpc-backup-events-$verb.md
reports=(--report "markdown=$summary")
if [[ -n $SARIF ]]; then
    mkdir -p "$SARIF"
    reports+=(--report "sarif=$SARIF/$verb.sarif")
fi
status=0
vpc-backup-events "$verb" "${arguments[@]}" --profile "$PROFILE" --format github "${reports[@]}" || status=$?
if [[ -f $summary ]]; then cat "$summary" >>"$GITHUB_STEP_SUMMARY"; fi
exit "$status"
