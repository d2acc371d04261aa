"""Objects of buckets that speak S3, as IBM Cloud Object Storage does: listed in pages, read as streams and by ranges.

Credentials, endpoint and region are found as every client of S3 finds them: in the environment and in `~/.aws`. The
role of the machine itself is not asked for: what answers there in IBM Cloud is another service.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from io import RawIOBase
from typing import Any, NamedTuple

from vpc_backup_events.reading.object_errors import BucketError, MissingObjectError, change, kit_errors
from vpc_backup_events.values.buckets import bucket_and_key, url
from vpc_backup_events.values.errors import UsageError
from vpc_backup_events.values.extras import install
from vpc_backup_events.values.report import file_name

__all__ = [
    "READERS",
    "BucketError",
    "MissingObjectError",
    "Object",
    "ObjectStream",
    "head",
    "listing",
]

# objects that one process reads at a time
READERS = 16

# what is not there after so many seconds is tried again
_CONNECT, _READ = 10, 30
# the provider of credentials that asks the machine
_MACHINE = "iam-role"


class Object(NamedTuple):
    """An object as a listing shows it."""

    # its name in full
    url: str
    size: int
    # another content has another tag
    tag: str


def listing(path: str, endpoint: str = "") -> Iterator[Object]:
    """The objects whose names begin with `path`, by the bytes of their names; a page of them is held at a time.

    Raises `UnreadableInputError` where the bucket does not let itself be listed, and `BucketError`.
    """
    bucket, prefix = bucket_and_key(path)
    client = _client(endpoint, os.getpid())
    with kit_errors(path, client):
        pages = iter(client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix))
    while True:
        with kit_errors(path, client):
            page = next(pages, None)
        if page is None:
            return
        for entry in page.get("Contents", ()):
            yield Object(url(bucket, entry["Key"]), entry["Size"], entry["ETag"])


def head(path: str, endpoint: str = "") -> Object:
    """The object of this name. Raises `UnreadableInputError` where there is none to read, and `BucketError`."""
    bucket, key = bucket_and_key(path)
    client = _client(endpoint, os.getpid())
    with kit_errors(path, client):
        answer = client.head_object(Bucket=bucket, Key=key)
    return Object(path, answer["ContentLength"], answer["ETag"])


class ObjectStream(RawIOBase):
    """The bytes of one state of an object.

    The first request is for all from `start` to before `end` (None: the end of the object), each one behind `end` for
    what is read at that moment. `of` is the object as it was listed: where it has changed, reading raises
    `UnreadableInputError`. `BucketError` says that the service can't be reached.
    """

    def __init__(self, path: str, endpoint: str = "", of: Object | None = None, start: int = 0, end: int | None = None):
        super().__init__()
        self._path = path
        self._client = _client(endpoint, os.getpid())
        self._size = None if of is None else of.size
        self._tag = None if of is None else of.tag
        self._position = start
        self._end = end
        self._body: Any = None
        # whether a connection broke since the last byte came
        self._broken = False

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """The number of the next byte."""
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Goes to a byte, which the next reading asks for; from the end only where the size is known."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size or 0}[whence]
        if base + offset != self._position:
            self._drop()
        self._position = base + offset
        return self._position

    def readinto(self, buffer: Any) -> int:
        """Fills the buffer, but at the end of the object."""
        view = memoryview(buffer).cast("B")
        length = 0
        while length < len(view) and (self._size is None or self._position < self._size):
            data = self._some(len(view) - length)
            view[length : length + len(data)] = data
            length += len(data)
        return length

    def close(self) -> None:
        """Ends the connection, if there is more to come."""
        self._drop()
        super().close()

    def _some(self, count: int) -> bytes:
        """The next bytes; none where a request has no more, or its connection broke once."""
        from botocore.exceptions import BotoCoreError

        if self._body is None:
            self._ask(count)
        try:
            data: bytes = self._body.read(count)
        except BotoCoreError as error:
            # the library tries requests again, but no answer that broke off
            if self._broken:
                with kit_errors(self._path, self._client):
                    raise error
            self._broken = True
            data = b""
        else:
            self._broken = False if data else self._broken
        self._position += len(data)
        if not data:
            self._drop()
        return data

    def _ask(self, count: int) -> None:
        bucket, key = bucket_and_key(self._path)
        options = {} if self._tag is None else {"IfMatch": self._tag}
        if self._position or self._end is not None:
            last = "" if self._end is None else max(self._end, self._position + count) - 1
            options["Range"] = f"bytes={self._position}-{last}"
        with kit_errors(self._path, self._client):
            answer = self._client.get_object(Bucket=bucket, Key=key, **options)
        range = answer.get("ContentRange", f"bytes 0-/{answer['ContentLength']}")
        # not every service that speaks S3 knows conditions and ranges
        if self._tag not in (None, answer["ETag"]):
            raise change(self._path)
        if not range.startswith(f"bytes {self._position}-"):
            raise BucketError(
                f"{file_name(self._path)}: its service does not send ranges.", "Copy it, and read the copy."
            )
        self._body, self._tag, self._size = answer["Body"], answer["ETag"], int(range.rpartition("/")[2])

    def _drop(self) -> None:
        if self._body is not None:
            self._body.close()
        self._body = None


@cache
def _client(endpoint: str, process: int) -> Any:
    """What asks an endpoint, or the one that the environment names; a process has its own connections."""
    try:
        from botocore import UNSIGNED
        from botocore.config import Config
        from botocore.session import Session
    except ImportError:
        raise UsageError("Objects of buckets (s3://) need botocore.", install("s3")) from None
    if "@" in endpoint:
        raise UsageError("The endpoint has a user or a password in it.", "Leave them out; S3 has access keys.")
    with kit_errors(endpoint, None):
        session = Session()
        session.get_component("credential_provider").remove(_MACHINE)
        config = Config(
            connect_timeout=_CONNECT,
            read_timeout=_READ,
            max_pool_connections=READERS,
            response_checksum_validation="when_required",
            # a public bucket is read without
            signature_version=UNSIGNED if session.get_credentials() is None else None,
        )
        return session.create_client("s3", endpoint_url=endpoint or None, config=config)
