"""What the examples of the description are about: ids, bodies, answers."""

from __future__ import annotations

from api_parts import LATER, TIME

INSTANCE = "f1f4b1c0-2f6b-4d36-9a0e-7f7ad0c8b6b2"
SOURCE = "41cdb7d4-db3e-496b-b7df-d4ead362c412:api"
TOPIC = "5a1c8b2e-6d35-4b7a-9f1e-2c3d4e5f6a70"
RULE = "6b2d9c3f-7e46-4c8b-8a2f-3d4e5f6a7b81"
DESTINATION = "7c3ead40-8f57-4d9c-9b30-4e5f6a7b8c92"
SUBSCRIPTION = "8d4fbe51-9068-4ead-8c41-5f6a7b8c9da3"
NOTIFICATION = "9e50cf62-a179-4fbe-9d52-6a7b8c9daeb4"
ACCOUNT = "be09dae34250437f96fc8b27ae7d233b"
REGISTRATION = f"crn:v1:bluemix:public:is:us-south:a/{ACCOUNT}::backup-policy:"
INSTANCE_CRN = f"crn:v1:bluemix:public:event-notifications:us-south:a/{ACCOUNT}:{INSTANCE}::"
SOURCE_BODY = {
    "name": "Event Notification Source - Backup policy",
    "description": "Backup policy service registration.",
    "enabled": True,
    "source": REGISTRATION,
    "event_notifications_instance_crn": INSTANCE_CRN,
}
RULE_BODY = {"enabled": True, "event_type_filter": "$.*", "notification_filter": '$.ibmenseverity == "medium"'}
TOPIC_BODY = {
    "name": "Failed backup jobs",
    "description": "All failed backup jobs",
    "sources": [{"id": SOURCE, "rules": [RULE_BODY]}],
}
CONFIG = {"params": {"url": "https://example.com/hook", "verb": "post", "custom_headers": {"X-Team": "storage"}}}
DESTINATION_BODY = {"name": "On-call webhook", "type": "webhook", "description": "The team on call", "config": CONFIG}
SUBSCRIPTION_BODY = {
    "name": "Backup jobs to on-call",
    "description": "Failed backup jobs",
    "destination_id": DESTINATION,
    "topic_id": TOPIC,
    "attributes": {"signing_enabled": False},
}
SOURCE_CREATED = {
    "id": SOURCE,
    "name": SOURCE_BODY["name"],
    "description": SOURCE_BODY["description"],
    "enabled": True,
    "created_at": TIME,
    "event_notifications_instance_crn": INSTANCE_CRN,
}
SOURCE_ITEM = {
    "id": SOURCE,
    "name": SOURCE_BODY["name"],
    "description": SOURCE_BODY["description"],
    "type": "api",
    "enabled": True,
    "updated_at": LATER,
    "topic_count": 1,
}
SOURCE_READ = {**SOURCE_ITEM, "topic_names": [TOPIC_BODY["name"]]}
SUBSCRIPTION_ITEM = {
    "id": SUBSCRIPTION,
    "name": SUBSCRIPTION_BODY["name"],
    "description": SUBSCRIPTION_BODY["description"],
    "destination_id": DESTINATION,
    "destination_name": DESTINATION_BODY["name"],
    "destination_type": "webhook",
    "topic_id": TOPIC,
    "topic_name": TOPIC_BODY["name"],
    "updated_at": LATER,
}
SUBSCRIPTION_READ = {**SUBSCRIPTION_ITEM, "attributes": {"signing_enabled": False, "add_notification_payload": False}}
TOPIC_HEAD = {"id": TOPIC, "name": TOPIC_BODY["name"], "description": TOPIC_BODY["description"]}
TOPIC_ITEM = {**TOPIC_HEAD, "source_count": 1, "subscription_count": 1, "sources_names": [SOURCE_BODY["name"]]}
TOPIC_READ = {
    **TOPIC_HEAD,
    "source_count": 1,
    "subscription_count": 1,
    "updated_at": LATER,
    "sources": [{"id": SOURCE, "name": SOURCE_BODY["name"], "rules": [{"id": RULE, **RULE_BODY, "updated_at": LATER}]}],
    "subscriptions": [SUBSCRIPTION_ITEM],
}
DESTINATION_HEAD = {
    "id": DESTINATION,
    "name": DESTINATION_BODY["name"],
    "description": DESTINATION_BODY["description"],
    "type": "webhook",
    "collect_failed_events": False,
}
DESTINATION_ITEM = {
    **DESTINATION_HEAD,
    "updated_at": LATER,
    "subscription_count": 1,
    "subscription_names": [SUBSCRIPTION_BODY["name"]],
}
TESTED = {"status": "accepted", "notification_id": NOTIFICATION, "destination_type": "webhook"}
