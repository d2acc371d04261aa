"""From files to reports: what is in one, and what only all of them together show."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from vpc_backup_events.authoring.registration import authorizations, hcl, shell, terraform, terraform_json
from vpc_backup_events.authoring.registration.authorizations import Authorization
from vpc_backup_events.authoring.registration.bodies import Body
from vpc_backup_events.authoring.registration.content import Content, Policy
from vpc_backup_events.authoring.registration.iam import Need, facts
from vpc_backup_events.authoring.registration.markdown import blocks
from vpc_backup_events.authoring.registration.registrations import LineBreach
from vpc_backup_events.authoring.registration.topics import Filters
from vpc_backup_events.checking.findings import finding
from vpc_backup_events.values.breach import Breach
from vpc_backup_events.values.errors import UnreadableInputError
from vpc_backup_events.values.levels import rank
from vpc_backup_events.values.report import Finding, Profile, Report, Source

__all__ = ["ENDINGS", "KINDS", "NothingReadError", "Registrations", "kind_of", "lint"]

# bytes of a file that a person wrote, and of one that a program may have written
MAX_TEXT = 1024 * 1024
MAX_JSON = 16 * 1024 * 1024
# findings of one requirement in one file
MOST_FINDINGS = 1000

KINDS = ("terraform", "terraform-json", "shell", "markdown", "json")
#: the end of a file's name -> what it is
ENDINGS = {
    ".tf.json": "terraform-json",
    ".tofu.json": "terraform-json",
    ".tf": "terraform",
    ".tofu": "terraform",
    ".sh": "shell",
    ".bash": "shell",
    ".md": "markdown",
    ".markdown": "markdown",
    ".json": "json",
}
_SHELL = re.compile(rb"#![^\n]*\b(?:ba|z|da|k)?sh\b")
# a file that has none of these holds nothing of ours, and is not read any further
_OURS = rb"backup[-_ ]?polic|backup[-_ ]for[-_ ]vpc|event[-_ ]?notification|event ?source ?manager|ibm_en_"
_MENTIONS = re.compile(_OURS, re.IGNORECASE)
_MENTIONS_IN_COMMANDS = re.compile(_OURS + rb"|\bibmcloud\b|/sources\b", re.IGNORECASE)


class NothingReadError(UnreadableInputError):
    """A file could not be read as what it is."""

    code = "registration"


def kind_of(name: str, data: bytes = b"") -> str | None:
    """What a file is, one of `KINDS`, by its name or by its first line; None where it is nothing that `lint` reads."""
    lower = name.lower()
    for ending, kind in ENDINGS.items():
        if lower.endswith(ending):
            return kind
    return "shell" if _SHELL.match(data) else None


def lint(data: bytes | str, kind: str, profile: Profile = "documented", name: str | None = None) -> Report:
    """Judges the registrations in a file (position P37); `events` of the report is how many there are.

    `kind` is one of `KINDS`, `name` stands in the findings. Raises `NothingReadError` where the file can't be read as
    what it is. At most 1,000 findings of one requirement are given.
    """
    registrations = Registrations(profile)
    report = registrations.read(data, kind, name)
    together = registrations.together()
    return replace(report, findings=tuple(sorted((*report.findings, *together.findings), key=_order)))


class Registrations:
    """The inputs of one run, judged one by one, and at the end together."""

    def __init__(self, profile: Profile = "documented") -> None:
        self._profile = profile
        # with the file in which it is
        self._policies: list[tuple[Policy, str | None]] = []
        self._authorizations: list[Authorization] = []

    def read(self, data: bytes | str, kind: str, name: str | None = None) -> Report:
        """Judges one input, as `lint` does, but for what other inputs may hold."""
        raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
        if not _mentions_ours(raw, kind):
            return Report(self._profile, events=0)
        content = _Reader(name or "The file").content(raw, kind)
        self._policies += [(policy, name) for policy in content.policies]
        self._authorizations += content.authorizations
        return Report(self._profile, self._findings(content.breaches, name), content.items)

    def together(self) -> Report:
        """What is missing in all inputs: the authorizations that the jobs of a backup policy need."""
        missing = authorizations.missing(self._authorizations) if self._policies else []
        findings: list[Finding] = []
        # as many as are given of one file
        for policy, file in self._policies[:MOST_FINDINGS]:
            breaches = [_unauthorized(policy, need) for need in missing if policy.resource_type in need.policies]
            findings += self._findings(breaches, file)
        return Report(self._profile, tuple(sorted(findings, key=_order)), events=0)

    def _findings(self, breaches: Iterable[LineBreach], name: str | None) -> tuple[Finding, ...]:
        counts: Counter[str] = Counter()
        findings: dict[Finding, None] = {}
        for breach in breaches:
            counts[breach.requirement] += 1
            if counts[breach.requirement] <= MOST_FINDINGS:
                judged = _finding(breach, self._profile, name)
                if judged is not None:
                    findings.setdefault(judged)
        return tuple(sorted(findings, key=_order))


def _unauthorized(policy: Policy, need: Need) -> LineBreach:
    values = {"value": need.resource_type, "expected": " and ".join(need.roles), "name": facts().missing}
    return LineBreach("P37-backup-authorization", policy.line, values, need.resource_type)


def _finding(breach: LineBreach, profile: Profile, name: str | None) -> Finding | None:
    source = Source(name, breach.line)
    values = {name: "missing" if value is None else value for name, value in breach.values.items()}
    placed = finding(Breach(breach.requirement, breach.path, values), profile, source)
    if placed is None or breach.finding is None:
        return placed
    return replace(breach.finding, level=placed.level, pointer=placed.pointer, source=source)


def _order(finding: Finding) -> tuple[str, int, int, str]:
    assert finding.source is not None
    return finding.source.file or "", finding.source.line or 0, rank(finding.level), finding.requirement


def _mentions_ours(data: bytes, kind: str) -> bool:
    """Whether a text may have anything to do with the registration."""
    mentions = _MENTIONS_IN_COMMANDS if kind in ("shell", "markdown") else _MENTIONS
    return mentions.search(data) is not None


class _Reader:
    """Reads one file, whatever it is; raises `NothingReadError` where it can't be read as this."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._filters = Filters()

    def content(self, data: bytes, kind: str) -> Content:
        """What the file holds."""
        if len(data) > (MAX_JSON if kind.endswith("json") else MAX_TEXT):
            raise NothingReadError(f"{self._file} is too large to be a registration.", "Split it into smaller files.")
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise NothingReadError(f"{self._file} is no UTF-8 ({error.reason}).", "Save it as UTF-8.") from None
        return self._markdown(text) if kind == "markdown" else self._code(text, kind)

    def _markdown(self, page: str) -> Content:
        content = Content()
        for block in blocks(page):
            # a block of something else may be anything
            if not _mentions_ours(block.text.encode("utf-8", "replace"), block.kind):
                continue
            try:
                part = self._code(block.text, block.kind)
            except NothingReadError:
                # a part of a file, or a drawing of one
                continue
            # a backup policy in a page is no configuration
            content.add(replace(part, policies=[]), block.line)
        return content

    def _code(self, text: str, kind: str) -> Content:
        if kind == "shell":
            return shell.content(text, self._filters)
        if kind == "json":
            body = Body(text)
            if not terraform_json.is_terraform(body.value):
                return self._json(body)
        return self._terraform(text, kind)

    def _json(self, body: Body) -> Content:
        if body.value is None and not body.is_policy:
            raise NothingReadError(f"{self._file} is no JSON: {body.problem}.", "Correct it, and try again.")
        return body.content()

    def _terraform(self, text: str, kind: str) -> Content:
        read = hcl.read if kind == "terraform" else terraform_json.read
        try:
            resources = list(read(text))
        except ValueError as error:
            raise NothingReadError(
                f"{self._file} can't be read as Terraform: {error}.", "Run `terraform validate`."
            ) from None
        content = Content()
        for resource in resources:
            content.add(terraform.content(resource, self._filters))
        return content
