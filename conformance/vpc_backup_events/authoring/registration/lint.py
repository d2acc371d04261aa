"""From a file to a report."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vpc_backup_events.authoring.registration import bodies, shell, terraform
from vpc_backup_events.authoring.registration.bodies import Body
from vpc_backup_events.authoring.registration.registrations import Found
from vpc_backup_events.checking.findings import finding
from vpc_backup_events.values.breach import Breach
from vpc_backup_events.values.errors import UnreadableInputError
from vpc_backup_events.values.levels import rank
from vpc_backup_events.values.report import Finding, Profile, Report, Source

# bytes of a file that a person wrote, and of one that a program may have written
MAX_TEXT = 1024 * 1024
MAX_JSON = 16 * 1024 * 1024

KINDS = ("terraform", "terraform-json", "shell", "markdown", "json")
# the end of a file's name -> what it is
_ENDINGS = {
    ".tf.json": "terraform-json",
    ".tf": "terraform",
    ".sh": "shell",
    ".bash": "shell",
    ".md": "markdown",
    ".markdown": "markdown",
    ".json": "json",
}
# the word after a fence -> what is in it
_LANGUAGES = {"terraform": "terraform", "hcl": "terraform", "tf": "terraform", "json": "json"}
_LANGUAGES |= dict.fromkeys(("sh", "bash", "shell", "console", "zsh", "pre", "text", "plaintext"), "shell")
_FENCE = re.compile(r"^(?P<indent>[ \t>]*)(?P<fence>`{3,}|~{3,})[ \t]*(?P<language>[\w-]*)[^\n`]*$")


class NothingReadError(UnreadableInputError):
    """A file could not be read as what it is."""

    code = "registration"


def kind_of(name: str, data: bytes = b"") -> str | None:
    """What a file is, one of `KINDS`, by its name or by its first line; None where it is nothing that `lint` reads."""
    lower = name.lower()
    for ending, kind in _ENDINGS.items():
        if lower.endswith(ending):
            return kind
    return "shell" if re.match(rb"#![^\n]*\b(?:ba|z|da|k)?sh\b", data) else None


def lint(data: bytes | str, kind: str, profile: Profile = "documented", name: str | None = None) -> Report:
    """Judges the registrations in a file (position P37); `events` of the report is how many there are.

    `kind` is one of `KINDS`, `name` stands in the findings. Raises `NothingReadError` where the file can't be read as
    what it is.
    """
    if len(data) > (MAX_JSON if kind.endswith("json") else MAX_TEXT):
        raise NothingReadError(
            f"{name or 'The file'} is too large to be a registration.", "Split it into smaller files."
        )
    text = data if isinstance(data, str) else _text(data, name)
    items, found = _judge(text, kind, name)
    findings = dict.fromkeys(each for each in (_finding(one, profile, name) for one in found) if each)
    return Report(profile, tuple(sorted(findings, key=_order)), items)


def _finding(found: Found, profile: Profile, name: str | None) -> Finding | None:
    path = (found.name,) if found.name else ()
    values = {name: "missing" if value is None else value for name, value in found.values.items()}
    return finding(Breach(found.requirement, path, values), profile, Source(name, found.line))


def _order(finding: Finding) -> tuple[int, int, str]:
    assert finding.source is not None
    return finding.source.line or 0, rank(finding.level), finding.requirement


def _text(data: bytes, name: str | None) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NothingReadError(f"{name or 'The file'} is no UTF-8 ({error.reason}).", "Save it as UTF-8.") from None


def _judge(text: str, kind: str, name: str | None) -> tuple[int, list[Found]]:
    if kind == "markdown":
        return _markdown(text, name)
    if kind == "shell":
        judged = [shell.judge(command) for command in shell.read(text)]
        about = [found for is_about, found in judged if is_about]
        return len(about), [each for found in about for each in found]
    if kind == "json":
        if '"resource"' in text and any(f'"{each}"' in text for each in terraform.RESOURCES):
            return _judge(text, "terraform-json", name)
        body = Body(text, 1)
        if body.value is None and not body.is_policy:
            raise NothingReadError(f"{name or 'The file'} is no JSON: {body.problem}.", "Correct it, and try again.")
        return int(body.is_policy or body.is_source), list(bodies.judge(body))
    try:
        resources = terraform.read_hcl(text) if kind == "terraform" else terraform.read_json(text)
    except ValueError as error:
        raise NothingReadError(
            f"{name or 'The file'} can't be read as Terraform: {error}.", "Run `terraform validate`."
        ) from None
    return len(resources), [each for resource in resources for each in terraform.judge(resource)]


def _markdown(text: str, name: str | None) -> tuple[int, list[Found]]:
    items, found = 0, []
    for line, language, block in _blocks(text):
        kind = _LANGUAGES.get(language) or _guess(block)
        # a block of something else may be anything
        if not re.search(r"ibm_en_|ibm_iam_authorization_policy|ibmcloud|curl|event-notification", block):
            continue
        try:
            count, inside = _judge(block, kind, name)
        except NothingReadError:
            # a part of a file, or a drawing of one
            continue
        items += count
        found += [each._replace(line=each.line + line) for each in inside]
    return items, found


def _guess(block: str) -> str:
    begin = block.lstrip()
    return "json" if begin.startswith("{") else "terraform" if begin.startswith("resource") else "shell"


def _blocks(text: str) -> Iterator[tuple[int, str, str]]:
    """Line of the fence, language and text of each fenced block."""
    lines = text.splitlines()
    index = 0
    while index < len(lines):
        match = _FENCE.match(lines[index])
        if match is None:
            index += 1
            continue
        begin, indent, held = index + 1, match["indent"], []
        index += 1
        while index < len(lines):
            closing = lines[index].strip(" \t>")
            if closing.startswith(match["fence"]) and not closing.strip(match["fence"][0]):
                break
            held.append(lines[index].removeprefix(indent))
            index += 1
        index += 1
        yield begin, match["language"].lower(), "\n".join(held) + "\n"
