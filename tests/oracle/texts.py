"""The texts in which details and events are written: as they should be, in odd ways, and damaged."""

from __future__ import annotations

import json

from oracle.changes import ACCOUNT, ANY, SPACES, UUID, put
from oracle.envelope import SHORT, TITLES, TYPES


def written(random, details):
    """The long text, from the details."""
    plain = json.dumps(details, separators=(",", ":"), ensure_ascii=random.random() < 0.7)
    how = random.random()
    if how < 0.6:
        return plain
    if how < 0.7:
        return json.dumps(details, indent=random.choice((1, "\t", None)), ensure_ascii=False)
    if how < 0.78:
        return prose(random, details)
    if how < 0.86:
        return unquoted(random, plain)
    return damaged(random, plain)


def prose(random, details):
    email = {
        name: details.get(name)
        for name in (
            "backup_policy",
            "backup_policy_job",
            "backup_policy_plan",
            "match_resource_type",
            "job_type",
            "resource",
        )
    }
    email["backup_policy_job"] = details.get("backup_policy_job", f"r006-{UUID}")
    email["resource"] = details.get(
        "resource", f"crn:v1:bluemix:public:is:us-south-1:a/{ACCOUNT}::{details.get('match_resource_type')}:r006-{UUID}"
    )
    code = str(details.get("status_reason")).partition(": ")[0]
    email["reasons"] = details.get("reasons", [{"more_info": details.get("more_info"), "status": code}])
    if random.random() < 0.2:
        put(email, random.choice(list(email)), random.choice(ANY))
    if random.random() < 0.1:
        email.update(random.choice((details, {"other": 1}, {"status": "x"}, {"status_reason": 5})))
    parts = [
        random.choice((*TITLES, *TITLES, *TITLES, "Share Backup Job Creation Failure", TITLES[0].lower(), SHORT)) + ".",
        f" Resource: crn:v1:bluemix:public:is:us-south-1:a/{ACCOUNT}::volume:r006-{UUID}.",
        f" BackupJobID: r006-{UUID}.",
        " Reason: Snapshot quota per volume reached.",
        random.choice((" ", "\n\n", "\n")) + "Notification details:",
        random.choice((" ", "\n\n ", "")),
        json.dumps(email, indent=random.choice((None, 2))),
    ]
    odd = random.random()
    if odd < 0.1:
        parts.pop(random.randrange(len(parts)))
    elif odd < 0.2:
        parts[6] = random.choice(
            (unquoted(random, parts[6]), damaged(random, parts[6]), "[]", "5", parts[6] + " x", parts[6] * 2)
        )
    elif odd < 0.25:
        parts.append(random.choice(("\n", " end", "\t")))
    elif odd < 0.3:
        at = random.randrange(5)
        parts[at] = parts[at].replace(" ", random.choice(("", "  ", "\n", "\t", "\u00a0")), 1)
    elif odd < 0.35:
        at = random.randrange(5)
        parts[at] = random.choice((parts[at].rstrip(".:"), parts[at].swapcase(), parts[at][:-1] + random.choice(":;,")))
    return "".join(parts)


def unquoted(random, text):
    """Some value without its quotation marks."""
    marks = [i for i, char in enumerate(text) if char == '"']
    starts = [i for i in marks if text[i + 1 : i + 6] in ("r006-", "0717_") or random.random() < 0.05]
    if not starts:
        return text
    for start in sorted(random.sample(starts, min(len(starts), random.choice((1, 1, 2)))), reverse=True):
        end = text.find('"', start + 1)
        text = text[:start] + text[start + 1 : end] + text[end + 1 :]
    return text


def damaged(random, text):
    how = random.randrange(12)
    at = random.randrange(len(text) + 1)
    if how == 0:
        return text[:at]
    if how == 1:
        return (
            text[:at]
            + random.choice((*SPACES, "\x00", "\x0b", "\x0c", "\x7f", "x", '"', ",", "}", "{", "\\", "\\u00", "\\x"))
            + text[at:]
        )
    if how == 2:
        return text[:at] + text[at + 1 :]
    if how in (3, 4, 5):
        between = random.choice(("\n", "\r", "\r\n", "\t", " ", "\u00a0", "\x0c", "\x85", "\n\n  "))
        return text.replace(
            random.choice((",", "{", "}", ":")), random.choice((f"{between},", f",{between}")).replace(",", "\ue000"), 1
        ).replace("\ue000", ",")
    if how == 6:
        return random.choice(("[]", "[" + text + "]", "5", '"x"', "null", "true", "{}", "{", "not JSON", "{'a': 1}",
            "\ufeff" + text, text + "\n", "\n" + text,
                              "NaN", text + text, text + ",", "// x\n" + text, "1.0", "-",
                              "[" * 300 + "]" * 300))  # fmt: skip
    if how in (7, 8):
        name = random.choice(("status", "backup_policy", "job_type", "other", "a", "reasons", "token"))
        value = random.choice(
            (
                '"x"',
                "null",
                "1",
                '{"a":1,"a":2}',
                '{"password":"x","password":""}',
                '""',
                '{"a":{"b":1,"b":1}}',
                "1e400",
                "-0",
                "01",
            )
        )
        return "{" + f'"{name}":{value},' + text[1:]
    if how == 9:
        number = random.choice(("NaN", "Infinity", "1.5", "1e3", "0x1", "+1", ".5", "1.", "[1,]", "tru", "9" * 5000))
        return text[:-1] + f',"other":{number}' + "}"
    if how == 10:
        return escaped(random, text)
    return text.replace('"', random.choice(("'", '\\"', "\u201c")), random.choice((1, 2, -1)))


def escaped(random, text):
    """The text with some characters of its strings as \\u escapes."""
    return "".join(f"\\u{ord(c):04x}" if c.isalpha() and ord(c) < 128 and random.random() < 0.1 else c for c in text)


def sent(random, members):
    """The event as str or bytes."""
    if random.random() < 0.06:
        members = {name: value for name, value in members.items()}
        plain = json.dumps(members, separators=(",", ":"), ensure_ascii=True)
        text = damaged(random, plain)
    elif random.random() < 0.1:
        text = json.dumps(members, indent=random.choice((1, 4, None)), ensure_ascii=random.random() < 0.5)
        if random.random() < 0.5:
            # raw line breaks in the long text, or wherever there are some
            text = text.replace("\\n", "\n").replace("\\r", "\r")
    else:
        text = json.dumps(
            members, separators=random.choice(((",", ":"), (", ", ": "))), ensure_ascii=random.random() < 0.7
        )
    if random.random() < 0.04:
        name = random.choice(("id", "type", "extra", "ibmendefaultlong", "time", "data", "A_", "token"))
        value = random.choice(
            (
                '"x"',
                "null",
                "5",
                '{"a":1,"a":2}',
                '"' + TYPES[0] + '"',
                '{"token":"x","token":""}',
                '""',
                "1.0",
                "1e3",
                "9" * 400,
            )
        )
        text = "{" + f'"{name}":{value},' + text[1:]
    if random.random() < 0.02:
        text = (
            random.choice(("\ufeff", " ", "\n", "[", "", "\x00"))
            + text
            + random.choice(("", "\n", " ", "]", "x", "\x00", ","))
        )
    if random.random() < 0.03:
        text = text.replace(
            random.choice(("ibm", "type", "status", "id")), random.choice(("\\u0069bm", "x", "typ\\u0065")), 1
        )
    if random.random() < 0.5:
        return text
    data = text.encode("utf-8", "surrogatepass")
    if random.random() < 0.01:
        data = random.choice(
            (
                data.replace(b"a", b"\xff", 1),
                text.encode("utf-16", "surrogatepass"),
                data + b"\xc3",
                b"\xef\xbb\xbf" + data,
                data.replace(b":", b":\xed\xa0\x80", 1),
            )
        )
    return data
