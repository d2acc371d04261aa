"""How an object of a bucket is named: `s3://BUCKET/KEY`, where the key is the rest, whatever characters it has."""

from __future__ import annotations

__all__ = ["bucket_and_key", "is_object", "url"]

_SCHEME = "s3://"


def is_object(path: str) -> bool:
    """Whether a path names an object, or objects, of a bucket."""
    return path.startswith(_SCHEME)


def bucket_and_key(path: str) -> tuple[str, str]:
    """Bucket and key of an object's name."""
    bucket, _, key = path.removeprefix(_SCHEME).partition("/")
    return bucket, key


def url(bucket: str, key: str) -> str:
    """The name of an object."""
    return f"{_SCHEME}{bucket}/{key}"
