"""Commands are found wherever a script has them, by their words and lines, and what the shell knows stays open."""

from __future__ import annotations

import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vpc_backup_events.authoring import shell
from vpc_backup_events.values.errors import UsageError

pytest.importorskip("tree_sitter_bash")
CALL = "ibmcloud en topics --instance-id 1"
WORDS = ["en", "topics", "--instance-id", "1"]


def words(text):
    return [[word.text for word in command.words] for command in shell.read(text).commands]


def lines(text):
    script = shell.read(text)
    return [command.line for command in script.commands]


# each with the call once, on its second line
PLACES = {
    "alone": "true\n{}\n",
    "substitution": "true\nX=$({})\n",
    "quoted substitution": 'true\necho "$({})"\n',
    "backticks": "true\nX=`{}`\n",
    "if": "true\nif {}; then true; fi\n",
    "if not": "true\nif ! {}; then true; fi\n",
    "then": "if true\nthen {}\nfi\n",
    "else": "if true; then false\nelse {}\nfi\n",
    "while": "true\nwhile {}; do true; done\n",
    "until": "true\nuntil {}; do sleep 1; done\n",
    "do": "for a in b c\ndo {}\ndone\n",
    "for": "true\nfor a in $({}); do true; done\n",
    "braces": "true\n{{ {}; }}\n",
    "braces over lines": "{{\n  {}\n}}\n",
    "parentheses": "true\n( {} )\n",
    "parentheses over lines": "(\n  {}\n)\n",
    "substitution over lines": "X=$(\n  {}\n)\n",
    "function": "true\nf() {{ {}; }}\n",
    "function over lines": "function f {{\n  {}\n}}\n",
    "case": 'case "$1" in\n  a | b) {} ;;\nesac\n',
    "case of everything": 'case "$1" in\n  *) {}\nesac\n',
    "and": "true\ntrue && {}\n",
    "or": "true\nfalse || {} || exit 1\n",
    "pipe": "true\n{} | jq .\n",
    "pipe over lines": "true\n{} |\n  jq .\n",
    "background": "true\n{} &\n",
    "redirected": "true\n{} > out.json 2>&1\n",
    "redirected before": "true\n> out.json {}\n",
    "process": "true\ndiff <({}) before\n",
    "env": "true\nenv -i A=b {}\n",
    "sudo": "true\nsudo -E -u me {}\n",
    "exec": "true\nexec {}\n",
    "doas": "true\ndoas {}\n",
    "command": "true\ncommand {}\n",
    "builtin": "true\nbuiltin {}\n",
    "nohup": "true\nnohup {} &\n",
    "nice": "true\nnice -n 5 {}\n",
    "ionice": "true\nionice -c 2 {}\n",
    "stdbuf": "true\nstdbuf -oL {}\n",
    "xargs": "true\nxargs {}\n",
    "time": "true\ntime {}\n",
    "timeout": "true\ntimeout -k 5 60 {}\n",
    "variable": "true\nIBMCLOUD_COLOR=false {}\n",
    "export": "true\nexport X=$({})\n",
    "local": "f() {{\n  local x=$({})\n}}\n",
    "test": 'true\n[[ "$({})" == a ]] && true\n',
    "path": "true\n/usr/local/bin/{}\n",
    "home": "true\n~/bin/{}\n",
    "quoted name": "true\n'{}\n".replace("'{}", '"ibmcloud"{}'),
    "prompt": "true\n$ {}\n",
    "after an apostrophe in a comment": "# don't\n{}\n",
    "after an apostrophe in a text": "echo don't do\n{}\n",
    "after a page's words": "It isn't there: see the console's page\n$ {}\n",
    "after a quote that nothing closes": 'echo "open\n{}\n',
    "before a quote that nothing closes": "true\n{}\necho 'open\n",
    "comment after it": "true\n{} # isn't this it?\n",
    "Windows": "true\r\n{}\r\n",
    "Windows, continued": "true\r\n{} \\\r\n\r\n",
}


@pytest.mark.parametrize("place", PLACES)
def test_a_command_is_read_in_every_place(place):
    call = CALL.removeprefix("ibmcloud") if place == "quoted name" else CALL
    text = PLACES[place].format(call)
    assert words(text) == [WORDS]
    assert lines(text) == [2]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("'a b'", "a b"),
        ('"a b"', "a b"),
        ("a\\ b", "a b"),
        ("'it'\\''s'", "it's"),
        (r"$'it\'s\n\x41\u00e9\101'", "it's\nAéA"),
        (r"$'\n\t\r\a\b\e\f\v\q'", "\n\t\r\a\b\x1b\f\vq"),
        (r'"{\"a\": \"b\\c\"}"', '{"a": "b\\c"}'),
        ('"a\\\nb"', "ab"),
        ('{"a":1}', "{a:1}"),
        ("--name=x", "--name=x"),
        ("<my id>", "<my id>"),
        ("{instance_id}", "{instance_id}"),
        ("{{account}}/x", "{{account}}/x"),
        ("a{b,c}", "a{b,c}"),
        ("a#b", "a#b"),
        ("é", "é"),
    ],
)
def test_a_word_is_what_the_shell_makes_of_it(text, expected):
    (command,) = shell.read(f"ibmcloud en {text}\n").commands
    assert command.words[1].text == expected
    assert command.words[1].is_known


@pytest.mark.parametrize(
    ("text", "expected", "many"),
    [
        ("$A", "${A}", True),
        ('"$A"', "${A}", False),
        ('"${A:-x y}"', "${A}", False),
        ('"$(jq -n 1)"', "${output}", False),
        ("`date`", "${output}", True),
        ('"${A[@]}"', "${A}", True),
        ('"$@"', "${value}", True),
        ("--x=$A", "--x=${A}", False),
        ("'{\"a\": \"'$A'\"}'", '{"a": "${A}"}', False),
        ("$((1 + 2))", "${output}", True),
    ],
)
def test_what_only_the_shell_knows_stays_open(text, expected, many):
    (command,) = shell.read(f"ibmcloud en {text}\n").commands
    word = command.words[1]
    assert (word.text, word.is_known, word.is_many) == (expected, False, many)


@pytest.mark.parametrize(
    ("text", "body", "line"),
    [
        ("curl -d @- x <<EOF\n{'a'}\nEOF\n", "{'a'}\n", 2),
        ("curl -d @- <<'EOF' x\n$A\nEOF\n", "$A\n", 2),
        ("curl -d @- x <<EOF\n$A \\$B isn't\nEOF\n", "${A} $B isn't\n", 2),
        ("curl -d @- x <<-EOF\n\t{}\n\tEOF\n", "{}", 2),
        ("cat <<EOF | curl -d @- x\n{}\nEOF\n", "{}\n", 2),
        ("cat - <<EOF | curl -d @- x\n{}\nEOF\n", "{}\n", 2),
        ("curl -d @- x <<< '{}'\n", "{}", 1),
        ("echo '{}' | curl -d @- x\n", "{}", 1),
    ],
)
def test_a_here_document_is_what_a_command_reads(text, body, line):
    script = shell.read(text)
    (command,) = script.commands
    assert command.input is not None
    assert command.input.text.strip() == body.strip()
    assert command.input.line == line
    assert script.documents == ()
    assert [word.text for word in command.words] == ["-d", "@-", "x"]


def test_what_a_process_prints_is_not_known():
    (command,) = shell.read("curl -d <(date) x\n").commands
    assert [(word.text, word.is_known) for word in command.words] == [("-d", True), ("${output}", False), ("x", True)]


@pytest.mark.parametrize("count", [29, 30, 31, 60, 200])
def test_commands_on_a_line_of_many_operators_are_all_read(count):
    text = "true; " * count + f"{CALL}; {CALL}\n{CALL}\n"
    assert words(text) == [WORDS] * 3
    assert lines(text) == [1, 1, 2]


@pytest.mark.parametrize("count", [14, 15, 16, 30, 200])
def test_commands_in_parentheses_of_many_lines_are_all_read(count):
    text = "(\n" + "true;\n" * count + f"{CALL}\n)\n{CALL}\n"
    assert words(text) == [WORDS] * 2
    assert lines(text) == [count + 2, count + 4]


def test_a_here_document_in_a_substitution_is_the_word():
    script = shell.read('curl -d "$(cat <<EOF\n{"a": "$A"}\nEOF\n)" x\n')
    (command,) = script.commands
    assert command.words[1].text.strip() == '{"a": "${A}"}'
    assert command.words[1].line == 2


def test_a_here_document_hides_nothing_and_is_no_script():
    text = f"cat <<EOF\nIt's: {CALL}\nEOF\n{CALL}\n"
    assert lines(text) == [4]
    assert [document.text for document in shell.read(text).documents] == [f"It's: {CALL}\n"]


def test_a_here_document_that_never_ends_hides_nothing():
    assert lines(f"cat <<EOF\n{CALL}\n") == [2]


def test_an_option_begins_no_command():
    script = shell.read('curl -X POST "x"\n   -H y\n   -d z\n\n-v\n')
    (command,) = script.commands
    assert [word.text for word in command.words] == ["-X", "POST", "x", "-H", "y", "-d", "z"]
    assert command.broken == (1, 2)


@pytest.mark.parametrize(
    "text", ["echo ibmcloud en topics", "# ibmcloud en topics", "man curl", "'ibmcloud en topics'"]
)
def test_what_is_no_command_is_none(text):
    assert words(text) == []


SIZE = 1 << 20
# what is worst for a parser, or for the one who cuts the script
UNITS = {
    "quotes": "'",
    "double quotes": '"',
    "substitutions": "$(",
    "backticks": "`",
    "here-documents": "<<A\n",
    "commands with here-documents": "curl <<A\n",
    "parentheses": "(",
    "braces": "{ ",
    "conditions": "if ",
    "pipes": "a|",
    "cases": "case x in ",
    "placeholders": "<id> ",
    "commands with placeholders": "curl <a b>\n",
    "expansions": "${",
    "words": "a ",
    "commands": "curl -d x\n",
    "continued": "\\\n a",
    "arrays": "a=(",
    "functions": "f(){ ",
    "redirections": ">",
    "prose": "don't do this (or that) <x> $ [a] `b\n",
    "apostrophes": "curl a'b\n",
    "ANSI quotes": "curl $'b\n",
    "options on lines": "curl x\n -d\n",
    "pipes over lines": "curl a |\n",
}


@pytest.mark.representatives("arrays", "pipes", "quotes")
@pytest.mark.parametrize("unit", UNITS)
def test_time_grows_with_the_length_of_the_script(unit):
    text = UNITS[unit]

    def seconds(size):
        begin = time.process_time()
        shell.read("curl -d " + (text * (size // len(text) + 1))[:size])
        return time.process_time() - begin

    # eight times the length takes about eight times as long; what grows with its square takes 64 times
    longest = 30 * max(seconds(SIZE // 64), 0.02)
    # a machine that is busy takes longer at times, and not each time
    assert any(seconds(SIZE // 8) < longest for _ in range(3))


@given(
    st.lists(st.sampled_from([*"'\"`$(){}<>|&;\\\n# =", "curl ", "ibmcloud en ", "<<A", "A\n", "x", "é"])).map("".join)
)
def test_any_text_is_read(text):
    script = shell.read(text)
    for command in script.commands:
        assert command.program in ("ibmcloud", "curl")
        assert 1 <= command.line <= text.count("\n") + 1


def test_without_the_library_the_error_names_the_extra(monkeypatch):
    from vpc_backup_events.authoring.shell import script

    script._parser.cache_clear()
    monkeypatch.setitem(sys.modules, "tree_sitter_bash", None)
    with pytest.raises(UsageError, match=r"'\.\[shell\]'"):
        shell.read(CALL)
    script._parser.cache_clear()
