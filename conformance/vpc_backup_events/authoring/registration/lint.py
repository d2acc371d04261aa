"""From files to reports: what is in one, and what only all of them together show."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from vpc_backup_events.authoring.registration import hcl, needs, shell, terraform, terraform_json
from vpc_backup_events.authoring.registration.authorizations import Authorization
from vpc_backup_events.authoring.registration.bodies import Body
from vpc_backup_events.authoring.registration.content import Content, of_body
from vpc_backup_events.authoring.registration.iam import Need, facts
from vpc_backup_events.authoring.registration.markdown import blocks
from vpc_backup_events.authoring.registration.needs import Policy
from vpc_backup_events.authoring.registration.provider import resources
from vpc_backup_events.authoring.registration.registrations import LineBreach
from vpc_backup_events.authoring.registration.topics import FILTER, Filters
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
        self._policies: list[Policy] = []
        self._authorizations: list[Authorization] = []

    def read(self, data: bytes | str, kind: str, name: str | None = None) -> Report:
        """Judges one input, as `lint` does, but for what other inputs may hold."""
        raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
        if not _mentions_ours(raw, kind):
            return Report(self._profile, events=0)
        if len(raw) > (MAX_JSON if kind.endswith("json") else MAX_TEXT):
            raise NothingReadError(
                f"{name or 'The file'} is too large to be a registration.", "Split it into smaller files."
            )
        content = _Reader(name).read(_text(raw, name), kind)
        self._policies += content.policies
        self._authorizations += content.authorizations
        return Report(self._profile, self._findings(content.breaches, name), content.items)

    def together(self) -> Report:
        """What is missing in all inputs: the authorizations that the jobs of a backup policy need."""
        missing = needs.missing(self._authorizations) if self._policies else []
        findings: list[Finding] = []
        # as many as are given of one file
        for policy in self._policies[:MOST_FINDINGS]:
            of_policy = [need for need in missing if policy.resource_type in need.policies]
            findings += self._findings((_unauthorized(policy, need) for need in of_policy), policy.file)
        return Report(self._profile, tuple(sorted(findings, key=_order)), events=0)

    def _findings(self, breaches: Iterable[LineBreach], name: str | None) -> tuple[Finding, ...]:
        counts: Counter[str] = Counter()
        findings: dict[Finding, None] = {}
        for breach in breaches:
            counts[breach.requirement] += 1
            if counts[breach.requirement] > MOST_FINDINGS:
                continue
            judged = _finding(breach, self._profile, name)
            if judged is not None:
                findings.setdefault(judged)
        return tuple(sorted(findings, key=_order))


def _unauthorized(policy: Policy, need: Need) -> LineBreach:
    values = {
        "value": need.resource_type,
        "expected": " and ".join(need.roles),
        "name": facts().missing,
    }
    return LineBreach("P37-backup-authorization", policy.line, values, need.resource_type)


def _finding(breach: LineBreach, profile: Profile, name: str | None) -> Finding | None:
    source = Source(name, breach.line)
    values = {name: "missing" if value is None else value for name, value in breach.values.items()}
    of_filter = values.get(FILTER)
    if not isinstance(of_filter, Finding):
        return finding(Breach(breach.requirement, breach.path, values), profile, source)
    # its level in this profile, and its place; its words are those of the filter
    placed = finding(Breach(breach.requirement, breach.path), profile, source)
    return placed and replace(of_filter, level=placed.level, pointer=placed.pointer, source=source)


def _order(finding: Finding) -> tuple[str, int, int, str]:
    assert finding.source is not None
    return finding.source.file or "", finding.source.line or 0, rank(finding.level), finding.requirement


def _mentions_ours(data: bytes, kind: str) -> bool:
    """Whether a text may have anything to do with the registration."""
    mentions = _MENTIONS_IN_COMMANDS if kind in ("shell", "markdown") else _MENTIONS
    return mentions.search(data) is not None


def _text(data: bytes, name: str | None) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NothingReadError(f"{name or 'The file'} is no UTF-8 ({error.reason}).", "Save it as UTF-8.") from None


class _Reader:
    """Reads one file, whatever it is."""

    def __init__(self, name: str | None) -> None:
        self._name = name
        self._file = name or "The file"
        self._filters = Filters()

    def read(self, text: str, kind: str) -> Content:
        """What the text holds; raises `NothingReadError` where it can't be read as this."""
        if kind == "markdown":
            return self._markdown(text)
        if kind == "shell":
            return self._shell(text)
        if kind == "json":
            return self._json(text)
        return self._terraform(text, kind)

    def _markdown(self, text: str) -> Content:
        content = Content()
        for block in blocks(text):
            # a block of something else may be anything
            if not _mentions_ours(block.text.encode("utf-8", "replace"), block.kind):
                continue
            try:
                part = self.read(block.text, block.kind)
            except NothingReadError:
                # a part of a file, or a drawing of one
                continue
            content.add(part, block.line)
        return content

    def _shell(self, text: str) -> Content:
        content = Content()
        for part in shell.parts(text, self._filters):
            if not part.items:
                part.breaches = []
            content.add(part)
        return content

    def _json(self, text: str) -> Content:
        body = Body(text, 1)
        if terraform_json.is_shown(body.value) or (isinstance(body.value, dict) and _declares(body.value)):
            return self._terraform(text, "terraform-json")
        if body.value is None and not body.is_policy:
            raise NothingReadError(f"{self._file} is no JSON: {body.problem}.", "Correct it, and try again.")
        return of_body(body)

    def _terraform(self, text: str, kind: str) -> Content:
        if kind == "terraform" and not terraform.names_ours(text):
            return Content()
        try:
            every = hcl.read(text, terraform.TYPES) if kind == "terraform" else terraform_json.read(text, resources())
        except ValueError as error:
            raise NothingReadError(
                f"{self._file} can't be read as Terraform: {error}.", "Run `terraform validate`."
            ) from None
        content = Content()
        for resource in every:
            if (authorization := terraform.authorization(resource)) is not None:
                content.authorizations.append(authorization)
            if not terraform.is_ours(resource):
                continue
            content.items += 1
            content.breaches += terraform.breaches(resource, self._filters)
            if (policy := terraform.policy(resource, self._name)) is not None:
                content.policies.append(policy)
        return content


def _declares(document: dict[str, object]) -> bool:
    """Whether a JSON document declares resources of Terraform."""
    return any(type in resources() for type, _ in terraform_json.Place(document.get("resource"), ()).members())
