"""P11 to P18, and P23 for prose: the details inside the long text."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from oracle.envelope import CONTROL, DELETIONS, PREFIX, SURROGATE, TITLES, TYPES
from oracle.grammar import WHITE, crn, has_prefix, is_filled, is_https_url, is_id, is_uuid, upper_hex
from oracle.jsontext import Broken, Members, Reader, strings, twice
from oracle.reasons import GENERAL_TOPICS, judge_code, topics_of
from oracle.secrets import holds_secret

IDS = ("backup_policy", "backup_policy_plan", "backup_policy_job")
REQUIRED = (
    "status",
    "backup_policy",
    "backup_policy_plan",
    "status_reason",
    "match_resource_type",
    "job_type",
    "more_info",
)
OPTIONAL = ("backup_policy_job", "resource", "reasons")
EMAIL = ("backup_policy", "backup_policy_job", "backup_policy_plan", "match_resource_type", "job_type", "resource")
SUCCESS = {"completed", "ok", "succeeded", "success", "successful", "successfully"}
FAILURE = ("abort", "error", "fail", "incomplete", "not", "unsuccess")
DOCS = "https://cloud.ibm.com/docs/"
PROSE = re.compile(
    r"\s*(?P<title>.*?)\s*\.\s*Resource:\s*(?P<resource>\S+?)\s*\.\s*BackupJobID:\s*(?P<job>\S+?)\s*\.\s*"
    r"Reason:\s*(?P<reason>[^{]*?)\.\s*Notification\s+details:(?P<json>\s*{.*)",
    re.DOTALL,
)


def judge_details(event, raw_breaks):
    text = event.last("ibmendefaultlong")
    if not is_filled(text):
        return set()
    found = set()
    prose = PROSE.fullmatch(text)
    is_prose = prose is not None and well_formed(prose)
    reader = Reader(prose["json"] if is_prose else text, bare_ids=True)
    try:
        details = reader.read()
    except Broken:
        return {"P11-details-json"}
    if is_prose:
        found.add("P11-prose")
        # white space is free in prose
        if CONTROL.search(re.sub("[\t\n\r]", "", text[: prose.start("json")])):
            found.add("P03-control-character")
    else:
        if not raw_breaks and set(reader.spaces) & set("\n\r"):
            found.add("P11-line-break")
        if "\t" in reader.spaces:
            found.add("P03-control-character")
    if reader.repaired_ids:
        found.add("P11-unquoted-id")
    if any(SURROGATE.search(one) for one in strings(details)):
        found.add("P03-surrogate")
    if holds_secret(details):
        found.add("P20-no-secret")
    if not isinstance(details, Members):
        return found | {"P11-details-object"}
    if twice(details):
        found.add("P11-details-duplicate-member")
    return found | members(details, is_prose) | facts(details, event.last("type"), is_prose)


def well_formed(prose):
    """Whether title and reason are there; what the other parts say is not compared with the JSON, nor judged."""
    return " ".join(prose["title"].split()) in TITLES and is_filled(prose["reason"])


def members(details, is_prose):
    found = set()
    if is_prose:
        found |= {"P23-" + name.replace("_", "-") for name in EMAIL if not is_filled(details.last(name))}
        found |= reasons(details)
    else:
        for name in REQUIRED:
            if name == "status_reason" and not details.has(name) and details.has("reasons"):
                found.add("P12-reasons-instead")
            elif not is_filled(details.last(name)):
                found.add("P12-" + name.replace("_", "-"))
        if details.has("reasons"):
            found |= reasons(details)
        if speaks_of_success(details.last("status")):
            found.add("P12-status-failure")
    if not set(details.names()) <= {*REQUIRED, *OPTIONAL}:
        found.add("P12-unknown-member")
    return found


def speaks_of_success(status):
    """A word of success, and none of failure."""
    words = re.findall("[a-z]+", status.lower()) if is_filled(status) else []
    failed = any(word.startswith(start) for word in words for start in FAILURE)
    return not failed and any(word in SUCCESS for word in words)


def reasons(details):
    entries = details.last("reasons")
    if not isinstance(entries, list) or not entries:
        return {"P23-reasons"}
    found = set()
    for entry in entries:
        if not isinstance(entry, Members):
            found.add("P23-reasons")
            continue
        if not is_filled(entry.last("status")):
            found.add("P23-reason-status")
        if not is_filled(entry.last("more_info")):
            found.add("P23-reason-more-info")
    return found


def facts(details, event_type, is_prose):
    found = set()
    resource_type, job_type = details.last("match_resource_type"), details.last("job_type")
    group_resource = group_job = None
    if event_type in TYPES or event_type in DELETIONS:
        _, group_resource, group_job = event_type.rsplit("-", 2)
    for name in IDS:
        found |= identifier(details, name, is_prose)
    if is_filled(resource_type):
        if resource_type == "share":
            found.add("P14-resource-type-share")
        elif resource_type not in ("volume", "instance"):
            found.add("P14-resource-type-known")
        elif group_resource not in (None, resource_type):
            found.add("P14-agrees-with-type")
    if is_filled(job_type):
        if job_type == "retention":
            found.add("P15-job-type-retention")
        elif job_type not in ("creation", "deletion"):
            found.add("P15-job-type-known")
    job = "deletion" if job_type == "retention" else job_type
    stated = {"creation": "creation", "retention": "deletion", "deletion": "deletion"}.get(group_job)
    if job in ("creation", "deletion") and stated not in (None, job):
        found.add("P15-agrees-with-type")
    # the one event type whose name a page shows; any other name below the prefix is another name for it
    named = is_filled(event_type) and event_type.startswith(PREFIX + ".") and event_type not in TYPES
    if named and (resource_type, job_type) == ("volume", "creation"):
        found.add("P05-type-documented")
    found |= reason_and_link(details, resource_type, job, is_prose)
    return found | resource(details, resource_type, is_prose)


def identifier(details, name, is_prose):
    value = details.last(name)
    if not details.has(name):
        return set()
    if not is_filled(value):
        # a required member is judged by P12 or P23
        return set() if is_prose or name in REQUIRED else {"P13-id-form"}
    if not is_id(value):
        return {"P13-id-form"}
    found = {"P13-id-prefix"} if is_uuid(value) and not has_prefix(value) else set()
    return found | ({"P13-id-lower-case"} if upper_hex(value) else set())


def reason_and_link(details, resource_type, job, is_prose):
    found, codes = set(), []
    value = details.last("status_reason")
    if not is_prose and is_filled(value):
        code, _, text = value.partition(": ")
        if not is_filled(text):
            found.add("P16-reason-text")
        codes.append(code)
    links = [] if is_prose else [(details.last("more_info"), codes[:1])]
    entries = details.last("reasons")
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, Members):
            status = entry.last("status")
            own = [status] if is_filled(status) else []
            codes += own
            links.append((entry.last("more_info"), own if status is not None else None))
    if not is_prose and not is_filled(value):
        # the reasons of the email stand in place of status_reason
        links[0] = (links[0][0], codes)
    for code in codes:
        found |= judge_code(code, resource_type, job)
    for link, own in links:
        if own is None:
            # an entry that states no reason of its own is about the one that the details state
            own = codes[:1] if not is_prose and is_filled(value) else codes
        if not is_filled(link):
            continue
        if not is_https_url(link):
            found.add("P17-more-info-url")
        elif not is_page(link):
            found.add("P17-more-info-host")
        elif own:
            listed = [topic for code in own for topic in topics_of(code, resource_type, job)]
            # the topics of a code that the group does not have are not known
            if listed and not fits(link, listed):
                found.add("P17-more-info-topic")
    return found


def is_page(link):
    path = re.split("[?#]", link, maxsplit=1)[0]
    return link.startswith(DOCS) and not {".", ".."} & set(path.split("/"))


def fits(link, topics):
    parts = urlsplit(link)
    topic = parse_qs(parts.query).get("topic", [])[:1] if parts.path == "/docs/vpc" else []
    return any(one in (*topics, *GENERAL_TOPICS) for one in topic)


def resource(details, resource_type, is_prose):
    if not details.has("resource"):
        return set()
    value = details.last("resource")
    if not is_filled(value):
        return set() if is_prose else {"P18-resource-crn"}
    segments = crn(value)
    if set(value) & set(WHITE) or CONTROL.search(value):
        return {"P18-resource-crn"}
    if not segments or segments[4] != "is" or not re.fullmatch("a/.+", segments[6], re.DOTALL) or not segments[8]:
        return {"P18-resource-crn"}
    if resource_type in ("volume", "instance", "share") and segments[8] != resource_type:
        return {"P18-resource-agrees"}
    return set()
