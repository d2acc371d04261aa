"""A reader of the objects in a bucket: `<destination name>/<notification id>.json`, each an event."""

from alerts import Memory

memory = Memory("seen/objects")


def handle(key, content):
    """Takes one object; the key is no identity, as the same event may come under another one."""
    if key.endswith(".json"):
        memory.take(content.decode())
