"""What an event says, and a memory of the events that were seen; it needs nothing but Python."""

import hashlib
import json
import re
import uuid
from pathlib import Path

UUID = r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
REQUIRED = ("specversion", "id", "source", "type")


def read(text):
    """The event in a text; raises ValueError where there is none."""
    # not strict: the documentation's own example has raw line breaks in a string
    event = json.loads(text, strict=False)
    if not isinstance(event, dict) or not all(isinstance(event.get(n), str) and event[n] for n in REQUIRED):
        raise ValueError("no event")
    return event


def details_of(event):
    """The facts in the long text, in every form that the documentation shows."""
    text = str(event.get("ibmendefaultlong", ""))
    text = text[max(text.find("{"), 0) :]
    text = re.sub(rf":\s*((?:[0-9a-z]{{4}}[-_])?{UUID})\s*([,}}])", r':"\1"\2', text)
    try:
        details = json.loads(text, strict=False)
    except ValueError:
        return {}
    return details if isinstance(details, dict) else {}


def interpret(event):
    """What the event says; what it does not say is left out."""
    details = details_of(event)
    facts = ("backup_policy", "backup_policy_plan", "backup_policy_job", "resource")
    members = {
        "source": event["source"],
        "id": event["id"],
        "event_type": event["type"].replace("-deletion", "-retention"),
        "severity": event.get("ibmenseverity"),
        "resource_type": details.get("match_resource_type"),
        "job_type": "deletion" if details.get("job_type") == "retention" else details.get("job_type"),
        **{name: details.get(name) for name in facts},
    }
    return {name: value for name, value in members.items() if isinstance(value, str)}


class Memory:
    """Interpretations as files in a folder, one for each event: the same event again changes nothing."""

    def __init__(self, folder):
        self.folder = Path(folder)

    def take(self, text):
        """Keeps what the event in the text says, once; raises ValueError where there is none."""
        event = read(text)
        name = hashlib.sha256(json.dumps([event["source"], event["id"]]).encode()).hexdigest()
        new = self.folder / f"{uuid.uuid4()}.new"
        self.folder.mkdir(parents=True, exist_ok=True)
        new.write_text(json.dumps(interpret(event)))
        try:
            # whoever is first has the name
            new.with_name(f"{name}.json").hardlink_to(new)
        except FileExistsError:
            pass
        finally:
            new.unlink(missing_ok=True)

    def read(self):
        """What was kept, oldest first."""
        files = sorted(self.folder.glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
        return [json.loads(path.read_text()) for path in files]
