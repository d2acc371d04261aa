"""`completion` prints a script that a shell takes."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from vpc_backup_events.cli import VERBS


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh"])
def test_the_script_knows_every_verb(run, shell):
    done = run("completion", shell)
    assert (done.returncode, done.stderr) == (0, "")
    for verb in VERBS:
        assert verb in done.stdout
    assert "profile" in done.stdout


def test_bash_completes_verbs_and_options(run, tmp_path):
    if shutil.which("bash") is None:
        pytest.skip("there is no bash")
    script = tmp_path / "completion.bash"
    script.write_text(run("completion", "bash").stdout)
    function = script.read_text().rpartition(" -F ")[2].split()[0]
    for typed, wanted in (("che", {"check"}), ("check --prof", {"--profile"}), ("check --profile st", {"strict"})):
        words = ["vpc-backup-events", *typed.split()]
        ask = f"""
        source {script}
        COMP_WORDS=({" ".join(words)}); COMP_CWORD={len(words) - 1}; COMP_LINE="{" ".join(words)}"
        {function} vpc-backup-events {words[-1]} {words[-2]}
        echo "${{COMPREPLY[@]}}"
        """
        done = subprocess.run(["bash", "-c", ask], capture_output=True, text=True, timeout=30)
        assert set(done.stdout.split()) == wanted, (typed, done.stderr)


def test_an_unknown_shell_is_told_which_there_are(run):
    done = run("completion", "fish")
    assert done.returncode == 2
    assert "bash" in done.stderr
