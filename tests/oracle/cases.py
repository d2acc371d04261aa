"""Cases drawn at random: a valid event of one of the twenty pairs, changed in its members and its texts."""

from __future__ import annotations

from random import Random

from oracle.changes import ACCOUNT, CHANGES, DOCS, UUID
from oracle.envelope import PREFIX, SHORT
from oracle.reasons import GROUPS
from oracle.texts import sent, written


def canonical(random):
    """Attributes and details of a valid event of one of the pairs."""
    resource, job = random.choice(list(GROUPS))
    token = random.choice(list(GROUPS[resource, job]))
    _, api, topics = GROUPS[resource, job][token]
    code = api if api and random.random() < 0.5 else token
    crn = f"crn:v1:bluemix:public:is:us-south-1:a/{ACCOUNT}::{resource}:r006-{UUID}"
    attributes = {
        "specversion": "1.0",
        "id": uuid(random),
        "source": PREFIX,
        "type": f"{PREFIX}.backup-{resource}-{'retention' if job == 'deletion' else job}",
        "time": "2024-04-22T20:59:34Z",
        "ibmensourceid": f"{uuid(random)}:api",
        "ibmenseverity": "medium",
        "ibmendefaultshort": SHORT,
    }
    details = {
        "status": "Backup job creation / retention failed",
        "backup_policy": f"r006-{uuid(random)}",
        "backup_policy_plan": f"r006-{uuid(random)}",
        "status_reason": f"{code}: The job failed",
        "match_resource_type": resource,
        "job_type": job,
        "more_info": DOCS + "vpc-" + random.choice(topics),
    }
    if random.random() < 0.3:
        details["backup_policy_job"] = f"r006-{uuid(random)}"
    if random.random() < 0.3:
        details["resource"] = crn
    if random.random() < 0.1:
        details["reasons"] = [{"status": code, "more_info": details["more_info"]}]
    return attributes, details


def uuid(random):
    digits = f"{random.getrandbits(128):032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def case(random):
    """One event: a dict, a str or bytes."""
    attributes, details = canonical(random)
    for _ in range(random.choice((0, 1, 1, 1, 1, 2, 2, 3))):
        random.choice(CHANGES)(random, attributes, details)
    long = written(random, details)
    members = dict(attributes)
    if members.pop("no long text", None) is None:
        members.setdefault("ibmendefaultlong", long)
    if random.random() < 0.1:
        order = list(members.items())
        random.shuffle(order)
        members = dict(order)
    if random.random() < 0.35:
        return members
    return sent(random, members)


def cases(seed, count):
    """So many cases of a seed, always the same."""
    for number in range(count):
        yield case(Random(f"{seed} {number}"))
