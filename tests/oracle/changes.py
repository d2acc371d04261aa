"""Changes of an event's members and of its details: wrong in many ways, or unusual and right."""

from __future__ import annotations

import json

from oracle.envelope import DELETIONS, PREFIX, SHORT, TITLES, TYPES
from oracle.reasons import GENERAL_TOPICS, GROUPS, SHARE_CODES, WITHOUT_TOKEN

MISSING = object()
DOCS = "https://cloud.ibm.com/docs/vpc?topic="
UUID = "6da51cfe-6f7b-4638-a6ba-00e9c327b178"
ACCOUNT = "be09dae34250437f96fc8b27ae7d233b"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
SPACES = [" ", "\t", "\n", "\r\n", "\u00a0", "\u3000", "\u2028", "\x1f", "\x85", "\ufeff", "\u200b", "\u180e"]
ANY = [
    MISSING, None, "", " ", " \t", *SPACES, "x", 0, 1, -3, 1.0, 1e3, 0.5, True, False, [], {}, ["x"], {"a": 1}, [[]],
    10**25, "\u0000", "a\nb", "a\tb", "a\x7fb", "a\x9fb", "\ud800", "a\udfffb", "\ufffe", "\U0001f600", "é", "null",
]  # fmt: skip


def any_attribute(random, attributes, details):
    name = random.choice(
        [*attributes, "ibmendefaultlong", "subject", "datacontenttype", "dataschema", "data", "data_base64"]
    )
    put(attributes, name, random.choice(ANY))


def any_detail(random, attributes, details):
    put(details, random.choice([*details, "backup_policy_job", "resource", "reasons"]), random.choice(ANY))


def put(members, name, value):
    if value is not MISSING:
        members[name] = value
    elif members.pop(name, MISSING) is MISSING and name == "ibmendefaultlong":
        members["no long text"] = True


def padded(random, attributes, details):
    members = random.choice((attributes, details))
    name = random.choice([name for name in members if isinstance(members[name], str)] or ["id"])
    value = members.get(name, "")
    if isinstance(value, str):
        odd = random.choice([*SPACES, "x", "\u0000", "/", ":", ".", "%", "%2e", "#", "?", "&a=b"])
        at = random.choice((0, len(value), random.randrange(len(value) + 1)))
        members[name] = value[:at] + odd + value[at:]


def recased(random, attributes, details):
    members = random.choice((attributes, details))
    name = random.choice([name for name in members if isinstance(members[name], str)] or ["id"])
    value = members.get(name, "")
    if isinstance(value, str):
        members[name] = random.choice((value.upper(), value.title(), value.lower(), value.swapcase()))
        if random.random() < 0.2 and value:
            at = random.randrange(len(value))
            members[name] = value[:at] + value[at].swapcase() + value[at + 1 :]


def separators(random, attributes, details):
    members, name = random.choice(
        ((details, "status_reason"), (attributes, "type"), (details, "backup_policy"), (details, "more_info"))
    )
    value = members.get(name)
    if isinstance(value, str):
        old, new = random.choice((("-", "_"), ("_", "-"), ("-", " "), ("_", ""), ("-", "--"), (":", ": ")))
        members[name] = value.replace(old, new, random.choice((1, 2, -1)))


def spelled(random, attributes, details):
    codes = [c for group in GROUPS.values() for token, (others, api, _) in group.items() for c in (token, *others, api)]
    codes += [
        *WITHOUT_TOKEN,
        *SHARE_CODES,
        "unknown",
        "snapshot",
        "",
        " ",
        "s2s service not completed",
        "scg-bad-state",
    ]
    code = random.choice([code for code in codes if code is not None])
    for _ in range(random.choice((0, 0, 1, 1, 2))):
        code = random.choice((
            code.upper(), code.title(), code.replace("-", "_"), code.replace("_", "-"), code.replace("snapshot-",
                "snapshots-"),
            code.replace("snapshot_", "snapshots_"), code.replace("snapshots", "snapshot"), code.replace("source-", ""),
            code.replace("source_", ""), code.replace("volume", "source-volume"), code.replace("volume",
                "source_volume"),
            code.replace("snapshot_consistency_group", "scg"), code.replace("-volume", "-source-source-volume"),
            code.replace("k", "\u212a"), code.replace("s", "\u017f"), code + " ", " " + code, code + ":",
        ))  # fmt: skip
    ending = random.choice(
        (": The job failed", ": The job failed", ":", ": ", "", ":The job", ":  ", ": a: b", " : text")
    )
    if random.random() < 0.8:
        details["status_reason"] = code + ending
    else:
        details["reasons"] = entries(random, code)
        if random.random() < 0.7:
            details.pop("status_reason", None)


def entries(random, code):
    one = {"status": code, "more_info": DOCS + random.choice([*GENERAL_TOPICS, "vpc-baas-ts-scg-bad-state"])}
    if random.random() < 0.3:
        put(one, random.choice(("status", "more_info", "other")), random.choice(ANY))
    return random.choice(
        ([one], [one], [one, one], [one, dict(one, status="snapshot-bad-state")], [], [one, 5], one, [[one]], [{}])
    )


def other_facts(random, attributes, details):
    what = random.randrange(4)
    if what == 0:
        details["match_resource_type"] = random.choice(("volume", "instance", "share", "Volume", "shares", "snapshot"))
    elif what == 1:
        details["job_type"] = random.choice(("creation", "deletion", "retention", "Creation", "delete", "Retention"))
    elif what == 2:
        attributes["type"] = random.choice((
            *TYPES, *TYPES, *DELETIONS, DELETIONS[0].upper(), PREFIX, TYPES[0] + ":x", TYPES[0] + "s",
            PREFIX + ".backup-share-creation", "backup-volume-creation", TYPES[1].replace("-", "_"),
        ))  # fmt: skip
    else:
        details["match_resource_type"] = "share"
        details["resource"] = f"crn:v1:bluemix:public:is:us-south-1:a/{ACCOUNT}::share:r006-{UUID}"
        code = random.choice(("snapshot_share_limit", "service-to-service-policy-missing", "internal_error"))
        details["status_reason"] = random.choice((code, code.replace("_", "-"), code.upper())) + ": text"


def other_time(random, attributes, details):
    day = random.choice(("2024-02-29", "2023-02-29", "2100-02-29", "2000-02-29", "0000-02-29", "0001-01-01",
        "2024-04-31", "2024-12-31",
                         "2024-13-01", "2024-00-10", "2024-06-00", "24-06-01", "2024-6-1", "9999-12-31",
                         "+2024-01-01", "2024-06-30",
                         "\u0662\u0660\u0662\u0664-01-01"))  # fmt: skip
    clock = random.choice(("00:00:00", "23:59:60", "23:59:59", "24:00:00", "12:60:00", "12:00:60", "12:59:60",
        "12:00:61", "12:00", "1:2:3",
                           "23:59:60.5", "12:00:00.", "12:00:00.123456789012", "12:00:00,5", "18:29:60", "22:59:60",
                           "00:59:60"))  # fmt: skip
    offset = random.choice(("Z", "z", "+00:00", "-00:00", "+01:00", "-05:30", "+24:00", "+23:59", "-01:60", "+0100",
        "", " Z", "+01", "Z ",
                            "-23:59", "+00:01"))  # fmt: skip
    attributes["time"] = day + random.choice("TTTTTt _") + clock + offset
    if random.random() < 0.1:
        attributes["time"] = random.choice(
            ("06/06/2022, 14:23:01", "2024-04-22 20:59:34 +0000 UTC", "1713819574", "now")
        )


def other_severity(random, attributes, details):
    attributes["ibmenseverity"] = random.choice((
        "critical", "high", "medium", "low", "info", "Medium", "MEDIUM", "Critical", "INFO", "\u0130nfo", "\u0131nfo",
        "warning", "error",
        "medium_impact", "sev1", " medium", "medium ", "mediu\u217f",
    ))  # fmt: skip


def some_crn(random):
    segments = ["crn", "v1", "bluemix", "public", "is", "us-south", f"a/{ACCOUNT}", "", "backup-policy", ""]
    for _ in range(random.choice((0, 0, 1, 1, 2))):
        at = random.randrange(10)
        segments[at] = random.choice(("", "x", "CRN", "v2", "staging", "a/", "a", "o/x", "is", "volume", "instance",
            "share", " ", "é", "a b",
                                      "a/b/c", "%41", "%4", "r006-" + UUID, "s:t", "[", "\\"))  # fmt: skip
    if random.random() < 0.15:
        segments.pop(random.randrange(10))
    if random.random() < 0.15:
        segments.insert(random.randrange(11), random.choice(("", "x")))
    return ":".join(segments)


def some_id(random):
    text = random.choice((UUID, f"r006-{UUID}", f"0717_{UUID}", f"R006-{UUID}", f"r006{UUID}", f"r06-{UUID}",
        f"r0060-{UUID}", f"r006--{UUID}",
                          UUID[:-1], UUID + "0", UUID.replace("-", ""), f"{{{UUID}}}", f"urn:uuid:{UUID}",
                              f"é006-{UUID}",
                          f"r006-{UUID} ", f"r006.{UUID}", f"r006-{UUID[:8]}_{UUID[9:]}", UUID.replace("6", "\uff16"),
                              "b2198eb8-04b1-48ec-a78c-ee87694dd845"))  # fmt: skip
    return random.choice(
        (
            text,
            text,
            text.upper(),
            text[:5] + text[5:].upper(),
            text + ":api",
            text + ":API",
            text.upper() + ":api",
            ":api",
        )
    )


def other_ids(random, attributes, details):
    members, name = random.choice((
        (attributes, "id"), (attributes, "ibmensourceid"), (attributes, "source"), (details, "backup_policy"),
        (details, "backup_policy_plan"), (details, "backup_policy_job"), (details, "resource"),
    ))  # fmt: skip
    members[name] = random.choice((some_id, some_crn))(random)


def other_source(random, attributes, details):
    attributes["source"] = random.choice((
        PREFIX, PREFIX.upper(), PREFIX + "/", "urn:x", "http://", "http://[::1]/x", "http://[::g]/", "//host",
            "/path", "?q", "#f", "a b", "é",
        "http://host:80/p", "http://host:port/", "1:2", "a:", ":a", "a%2", "a%2F", "./1:2", "x{y}", "a^b",
        "http://u:p@host/", "http://h/#a#b",
        "http://[v1.x]/", "http://[fe80::1%25eth0]/", "http://[::ffff:1.2.3.4]/", "http://a b/", "mailto:a@b", "a\\b",
        "\"", "<x>", "//a:b",
    ))  # fmt: skip


def other_link(random, attributes, details):
    base = random.choice(("https://cloud.ibm.com/docs/", "https://cloud.ibm.com/docs", "http://cloud.ibm.com/docs/",
        "HTTPS://cloud.ibm.com/docs/",
                          "https://Cloud.ibm.com/docs/", "https://cloud.ibm.com:443/docs/",
                          "https://u@cloud.ibm.com/docs/", "//cloud.ibm.com/docs/",
                          "https://cloud.ibm.com.evil/docs/", "https://cloud.ibm.com/docs/../",
                          "https://cloud.ibm.com//docs/", "https://cloud.ibm.com/docs/./",
                          "/docs/", "https://cloud.ibm.com/docs//", "https://cloud.ibm.com/apidocs/",
                          " https://cloud.ibm.com/docs/"))  # fmt: skip
    if random.random() < 0.6:
        base = "https://cloud.ibm.com/docs/"
    path = random.choice(("vpc?topic=", "vpc?topic=", "vpc?topic=", "vpc?interface=ui&topic=", "vpc?topic=x&topic=",
        "vpc/..?topic=", "vpc/.", "..", "vpc?a=../..&topic=",
                          "vpc#topic=", "vpc?Topic=", "vpc-", "vpc/?topic=", "", "%2e%2e/vpc?topic=", "..vpc?topic=",
                          "vpc?topic=vpc-x#../a?topic="))  # fmt: skip
    topics = [topic for group in GROUPS.values() for _, _, listed in group.values() for topic in listed]
    topic = random.choice((*GENERAL_TOPICS, *("vpc-" + topic for topic in topics), "vpc-", "",
        "vpc-baas-troubleshoot#x", "VPC-BAAS-TROUBLESHOOT",
                           "vpc-baas-troubleshoot&interface=cli", "vpc%2dbaas-troubleshoot", "vpc-baas-troubleshoot ",
                           "vpc-baas-troubleshoot/../.."))  # fmt: skip
    details["more_info"] = base + path + topic


def other_short(random, attributes, details):
    attributes["ibmendefaultshort"] = random.choice((
        *TITLES, SHORT, SHORT.lower(), SHORT + ".", "Backup job creation failed", "x" * 1000, "x" * 1001, "é" * 1000,
        "\U0001f600" * 1000,
        "\U0001f600" * 1001, "Share Backup Job Creation Failure", TITLES[0] + " ",
    ))  # fmt: skip


def more_attributes(random, attributes, details):
    name = random.choice((
        "extra", "ibmensubject", "ibmenhtmlbody", "notification_id", "attachments", "en_source_id", "message_subject",
        "instanceId", "a_b", "A",
        "_", "", "a-b", "a.b", "é", "x" * 20, "x" * 21, "x_" * 11, "X" * 21, "attachment", "Attachments", "a b",
        "\u0000", "\ud800", "data_base64",
        "1", "Data", "comibmx", "notification_id_", "ibmenpushto", "a\n", "٣",
    ))  # fmt: skip
    value = random.choice(
        (*ANY, "text", '{"platforms":["push_android"]}', [{"content": "eA==", "filename": "a"}], "eA==", [1.5], [None])
    )
    put(attributes, name, value)


def more_content(random, attributes, details):
    name = random.choice(("data", "data", "data_base64", "datacontenttype", "datacontenttype", "dataschema", "subject"))
    values = {
        "data": ({}, {"a": 1.5, "b": None, "c": "\u0000"}, [], "x", 5, None, {"a": "\ud800"}, {"\udfff": 1},
        {"ibmendefaultlong": "a\nb"}),
        "data_base64": ("eA==", "", None, 5, "not base64!", {}, "a\nb"),
        "datacontenttype": (
            "application/json", "Application/JSON", "application/json; charset=utf-8",
            "application/json;charset=UTF-8", "text/plain", "application/json;",
            "application/json; charset", 'application/json; a="b c"', "application/json ", "application/jsonx",
            "application/cloudevents+json",
            "application/json ; a=b", "application/json;a=b;c=d", "application/json,text/plain",
            "application/json; a=b c", "application/json\n", " application/json",
            'application/json; a="b', "application/json; =b", "application/json; a=", "application/json; a =b",
            "application/j\u017fon",
        ),
        "dataschema": ("http://x/y", "x", "/a", "urn:a", "", "http://x/y#f", "a b", "http://x y", "x:", "1x:a", None,
        "é:x", "http://é/", "//a", "a:b%"),
        "subject": ("x", "", " ", None, 5, {}, True, "a\nb"),
    }[name]  # fmt: skip
    put(attributes, name, random.choice(values))
    if name == "data_base64" and random.random() < 0.5:
        attributes["data"] = {}


def secret(random, attributes, details):
    names = ("apikey", "API_KEY", "api-key", "Api Key", "password", "PassWord", "pass", "passwd", "passphrase",
        "secret", "client_secret", "token",
             "access-token", "refresh_token", "id_token", "iam_token", "bearer", "Authorization", "credential",
             "credentials", "private_key", "xtoken",
             "tokens", "keyword", "secrets", "__secret__", "to-ken", "\u017fecret", "to\u212aen")  # fmt: skip
    values = (
        "Bearer abcdef0123456789abcdef", "bearer  ABCDEF", "Bearer of bad news",
        "the bearer token abcdefghijklmnopqrstuv", "Authorization: Bearer x1",
        "bearer abc12", "bearer abc123", "a bearer abc123 b", "xbearer abc1234",
        "bearer\tabcdefgh12345678901234567890", JWT, "x" + JWT, "(" + JWT + ")",
        "eyJ.a.b", "eyJx.a", "eyJx.a.", "eyJx..b", "EYJx.a.b", "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----x", "-----BEGIN PUBLIC KEY-----",
        "-----BEGIN OPENSSH PRIVATE KEY-----", "https://u:p@h/", "https://u@h/", "https://:p@h", "https://u:@h/",
        "https://h/u:p@x", "https://h:80/a@b",
        "see ftp://a:b@c now", "https://h?u:p@x", "x", "opaque-0123456789abcdef", "", " ", 5, None, ["x"], {"a": "x"},
        "Bearer", "bearer " + JWT,
        "-----BEGIN PGP PRIVATE KEY BLOCK-----", "https://u:p%40@h", "jdbc:db2://u:p@h", "a://b:c@d@e", "u:p@h",
        "https://u:p@", "https://[::1]:80/@",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----",
    )  # fmt: skip
    value = random.choice(values)
    inner = {random.choice(names): value}
    how = random.randrange(10)
    if how == 0:
        attributes[random.choice(("extra", "subject", "ibmensubject"))] = value
    elif how == 1:
        attributes[random.choice(names)] = value
    elif how == 2:
        attributes["data"] = random.choice((inner, {"a": inner}, {"a": [inner, 1]}, {"a": [value]}))
    elif how == 3:
        details.update(inner)
    elif how == 4:
        details[random.choice(("other", "status"))] = value if isinstance(value, str) else "x"
    elif how == 5:
        details["other"] = random.choice((inner, [inner], {"a": {"b": inner}}))
    elif how == 6:
        attributes["ibmenpushto"] = json.dumps(random.choice((inner, [inner], {"a": json.dumps(inner)})))
    elif how == 7:
        details["other"] = json.dumps(inner)
    elif how == 8:
        attributes["data"] = {str(value): "x"}
    else:
        details["status_reason"] = f"{details.get('status_reason')!s} {value}"


def sizes(random, attributes, details):
    which = random.randrange(8)
    if which == 0 and random.random() < 0.1:
        short = json.dumps({**attributes, "extra": ""}, separators=(",", ":"), ensure_ascii=False)
        attributes["extra"] = "x" * (65536 - len(short) - 700 + random.randrange(-3, 400))
    elif which < 5:
        room = 3000 - len(json.dumps(details, separators=(",", ":"))) - len(',"other":""')
        details["other"] = random.choice("xé\U0001f600") * (room + random.choice((-1, 0, 1)))
    else:
        attributes["ibmendefaultshort"] = random.choice("xé\U0001f600") * random.choice((999, 1000, 1001))


def more_details(random, attributes, details):
    name = random.choice(
        ("other", "Status", "STATUS", "status ", "", "resource_id", "é", "\ud800", "remarks", "reason", "a b", "\u0000")
    )
    put(details, name, random.choice([*ANY, "\u0085", "a\\nb", {"x": {"y": "\udc00"}}]))


CHANGES = (
    any_attribute, any_attribute, any_detail, any_detail, padded, recased, separators, spelled, spelled, other_facts,
        other_time,
    other_severity, other_ids, other_ids, other_source, other_link, other_short, more_attributes, more_content,
        secret, secret, sizes,
    more_details,
)  # fmt: skip
