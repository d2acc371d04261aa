"""Names and limits of the documentation that code has to spell: attributes of an event, and what bounds it."""

from __future__ import annotations

__all__ = [
    "API_BASE",
    "INSTANCE_CRN",
    "JOB_VARIABLE",
    "LONG",
    "MAX_BYTES",
    "MAX_LONG",
    "MAX_SHORT",
    "NOTIFICATION_ID",
    "SEVERITY",
    "SHORT",
    "SOURCE_ID",
]

# attributes that carry the texts for people; the long text holds the details
SHORT = "ibmendefaultshort"
LONG = "ibmendefaultlong"
SEVERITY = "ibmenseverity"
SOURCE_ID = "ibmensourceid"
# added by Event Notifications when it delivers, so that a resend of the same event has another one
NOTIFICATION_ID = "notification_id"
# the environment variable in which a job of Code Engine finds the event
JOB_VARIABLE = "ibmendata"
# the path of the base URL of the API of Event Notifications
API_BASE = "/event-notifications"
# the member of a source that names its instance
INSTANCE_CRN = "event_notifications_instance_crn"

# bytes of an event, and characters of its texts
MAX_BYTES = 65_536
MAX_SHORT = 1_000
MAX_LONG = 3_000
