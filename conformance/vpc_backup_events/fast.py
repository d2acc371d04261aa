"""The fast path: whether an event is so plain that nothing can be found in it, in either profile.

Stub until measured.
"""


def is_plain(event: object) -> bool:
    return False
