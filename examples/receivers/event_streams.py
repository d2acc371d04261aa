"""A handler of messages, as a loop around `consumer.poll()` of a Kafka client calls it."""

from alerts import Memory

memory = Memory("seen/messages")


def handle(key, value, headers):
    """Takes one message; an exception leaves it to the loop, which puts it aside."""
    memory.take(value.decode())
