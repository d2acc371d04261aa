"""Command lines of `ibmcloud` and `curl` in shell scripts."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from vpc_backup_events.authoring.registration import authorizations, bodies
from vpc_backup_events.authoring.registration.authorizations import Authorization, Fact
from vpc_backup_events.authoring.registration.bodies import Body
from vpc_backup_events.authoring.registration.registrations import Found, registration

_DATA = ("-d", "--data", "--data-raw", "--data-binary", "--data-ascii", "--json")
_REQUIRED = ("instance-id", "name")
_HYPHEN = re.compile(r"\$(\w+)(?:-\w+)+")
# no argument of a program may be longer (Linux, MAX_ARG_STRLEN), and reading one takes its time
_TOO_LONG = re.compile(r"\S{131072}")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")


@dataclass(frozen=True, slots=True)
class Command:
    """One command, over as many lines as it takes."""

    words: tuple[str, ...]
    # of its first character
    line: int
    text: str
    # lines that should have ended with a backslash
    broken: tuple[int, ...] = ()

    def at(self, part: str) -> int:
        """The line on which a text stands."""
        return self.line + self.text.count("\n", 0, max(self.text.find(part), 0))


def read(text: str) -> list[Command]:
    """The commands of `ibmcloud` and `curl`."""
    found = []
    for line, logical, broken in _logical(text):
        if _TOO_LONG.search(logical):
            continue
        for words in _simple(logical):
            if words[:1] in (["ibmcloud"], ["curl"]):
                found.append(Command(tuple(words), line, logical, broken))
    return found


def judge(command: Command) -> tuple[bool, list[Found]]:
    """Whether a command is about the registration, and what is wrong with it."""
    found = list(_judged(command))
    about = bool(found) or _is_about(command)
    if about:
        found += [Found("P37-curl-continued", line, {"value": line}) for line in command.broken]
    return about, found


def _is_about(command: Command) -> bool:
    words = command.words
    if words[0] == "curl":
        return any(each.is_source or each.is_policy for each in _bodies(command)) or _url(command).endswith("/sources")
    return _is_create(words) or (_is_policy(words) and _authorization(command).is_ours)


def _is_create(words: tuple[str, ...]) -> bool:
    return words[1:2] in (("event-notifications",), ("en",)) and words[2:3] in (("source-create",), ("sources-create",))


def _is_policy(words: tuple[str, ...]) -> bool:
    return words[1:3] == ("iam", "authorization-policy-create")


def _judged(command: Command) -> Iterator[Found]:
    if command.words[0] == "curl":
        for body in _bodies(command):
            yield from bodies.breaches(body)
    elif _is_create(command.words):
        yield from _create(command)
    elif _is_policy(command.words):
        yield from _policy(command)


def _create(command: Command) -> Iterator[Found]:
    if command.words[2] == "sources-create":
        yield Found("P37-cli-command", command.at("sources-create"), {"value": "sources-create"})
    options, strays = _options(command.words[3:])
    if "source" in options:
        yield Found("P37-cli-source", command.at("--source"), {}, "source")
        if options["source"].startswith("crn:"):
            yield from registration(options["source"], command.at("--source"))
    for name in _REQUIRED:
        if name not in options:
            yield Found("P37-cli-required", command.line, {"name": f"--{name}"}, name)
    if strays:
        yield Found("P37-cli-quoted", command.at(strays[0]), {"value": strays[0]})


def authorizations_of(command: Command) -> list[Authorization]:
    """The authorizations that a command makes."""
    if command.words[0] == "curl":
        given = [body.authorization for body in _bodies(command)]
        return [authorization for authorization in given if authorization is not None]
    return [_authorization(command)] if _is_policy(command.words) else []


# option -> attribute of IAM
_SUBJECT = {"source-resource-type": "resourceType", "source-service-instance-id": "serviceInstance"}
_RESOURCE = {"target-resource-type": "resourceType", "target-service-instance-id": "serviceInstance"}


def _authorization(command: Command) -> Authorization:
    options, _ = _options(command.words[3:])
    given = []
    for word in command.words[3:]:
        if word.startswith("-"):
            break
        given.append(word)
    subject = {"serviceName": Fact("SOURCE_SERVICE_NAME", given[0], command.line)} if given else {}
    resource = {"serviceName": Fact("TARGET_SERVICE_NAME", given[1], command.at(given[1]))} if given[1:] else {}
    for option, value in options.items():
        if option in _SUBJECT:
            subject[_SUBJECT[option]] = Fact(f"--{option}", value, command.at(f"--{option}"))
        elif option in _RESOURCE:
            resource[_RESOURCE[option]] = Fact(f"--{option}", value, command.at(f"--{option}"))
    role = " ".join(given[2:])
    # a role in several words is none
    role = role if len(given) < 4 else f"{given[2]} ..."
    roles = (Fact("ROLE_NAME", role, command.at(given[2])),) if given[2:] else ()
    return Authorization("cli", command.line, subject, resource, roles)


def _policy(command: Command) -> Iterator[Found]:
    authorization = _authorization(command)
    if not authorization.is_towards_event_notifications:
        return
    yield from authorizations.breaches(authorization)
    options, _ = _options(command.words[3:])
    for name, value in options.items():
        if not name.startswith("target-") or "instance" not in name:
            continue
        if name != "target-service-instance-id":
            yield Found("P37-cli-iam-target", command.at(f"--{name}"), {"value": f"--{name}"}, name)
        match = _HYPHEN.fullmatch(value)
        if match:
            read_as = f"${match[1]} and {value[len(match[1]) + 1 :]!r}"
            yield Found("P37-cli-iam-variable", command.at(value), {"value": value, "name": read_as}, name)


def _options(words: tuple[str, ...]) -> tuple[dict[str, str], list[str]]:
    """Options with their first values, and words that belong to none."""
    options: dict[str, str] = {}
    strays: list[str] = []
    open_option: str | None = None
    for raw in words:
        # brackets of a synopsis
        word = raw[1:] if raw.startswith("[-") else raw
        word = word[:-1] if word.endswith("]") and "[" not in word else word
        if word.startswith("-") and len(word) > 1:
            name, equals, value = word.lstrip("-").partition("=")
            options[name] = value
            open_option = None if equals else name
        elif open_option is not None:
            options[open_option] = word
            open_option = None
        elif options:
            strays.append(word)
    return options, strays


def _url(command: Command) -> str:
    words = command.words
    for index, word in enumerate(words):
        if word == "--url" and index + 1 < len(words):
            return words[index + 1]
    return next((word for word in words[1:] if re.match(r"https?://|\{?\$?\{?\w+\}?\}?/", word)), "").split("?")[0]


def _bodies(command: Command) -> Iterator[Body]:
    words = command.words
    for index, word in enumerate(words):
        text = None
        if word in _DATA and index + 1 < len(words):
            text = words[index + 1]
        elif word.startswith(tuple(f"{each}=" for each in _DATA if each.startswith("--"))):
            text = word.partition("=")[2]
        if text is not None and not text.startswith("@"):
            whole = text if text in command.text else text.split("\n")[0]
            yield Body(text, command.at(whole), _url(command))


def _logical(text: str) -> Iterator[tuple[int, str, tuple[int, ...]]]:
    """First line, text and lines that are not continued, of each command line."""
    lines = text.splitlines()
    index = 0
    while index < len(lines):
        first, held, broken = index, [lines[index]], []
        while index + 1 < len(lines):
            if held[-1].rstrip().endswith("\\") or _is_open("\n".join(held)):
                pass
            elif _begins(held[0]) and lines[index + 1].lstrip().startswith("-") and held[-1].strip():
                # an option begins no command
                broken.append(index + 1)
                held[-1] += " \\"
            else:
                break
            index += 1
            held.append(lines[index])
        yield first + 1, "\n".join(held), tuple(broken)
        index += 1


def _begins(line: str) -> bool:
    return bool(re.match(r"\s*(?:\$\s+)?(?:curl|ibmcloud)\b", line))


def _is_open(text: str) -> bool:
    """Whether a quotation mark is still open."""
    quote = ""
    escaped = False
    for character in text:
        if escaped:
            escaped = False
        elif character == "\\" and quote != "'":
            escaped = True
        elif quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character == "#" and not text[: text.index("#")].split("\n")[-1].strip():
            return False
    return bool(quote)


def _simple(text: str) -> Iterator[list[str]]:
    """The words of each simple command; nothing of a text that is no command line."""
    lexer = shlex.shlex(text.replace("\\\n", " "), posix=True, punctuation_chars=";&|")
    lexer.whitespace_split = True
    lexer.commenters = "#"
    words: list[str] = []
    try:
        for word in lexer:
            if set(word) <= set(";&|"):
                yield _stripped(words)
                words = []
            else:
                words.append(word)
    except ValueError:
        return
    yield _stripped(words)


def _stripped(words: list[str]) -> list[str]:
    """Without what may stand before a command."""
    while words and (words[0] in ("$", "sudo", "then", "do", "else", "!", "time") or _ASSIGNMENT.match(words[0])):
        words = words[1:]
    return words
