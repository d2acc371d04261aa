"""What stands in the way of reading an object, in words of the kit; what a service or a library says is not quoted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from vpc_backup_events.catalog.masking import masked
from vpc_backup_events.values.errors import KitError, UnreadableInputError
from vpc_backup_events.values.report import file_name

__all__ = ["BucketError", "MissingObjectError", "change", "kit_errors"]

_ENDPOINT = "Name the endpoint of the bucket's region with --endpoint, or in AWS_ENDPOINT_URL_S3."
_CREDENTIALS = "Check the credentials: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE."
_ANONYMOUS = (
    "No credentials were found, so it was asked without any. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or"
    " AWS_PROFILE."
)
_SETTINGS = "Check the variables that begin with AWS_, and the files in ~/.aws."
_AGAIN = "Check the endpoint and the network, and run it again."
_FORBIDDEN = 403
_FAILURE = 500


class BucketError(KitError):
    """A bucket can't be asked: its service is not reached, fails, or does not take the credentials."""

    code = "bucket"


class MissingObjectError(UnreadableInputError):
    """There is no object of this name."""

    code = "missing-object"


# kind of error, what happened, and what to do
Answer = tuple[type[KitError], str, str]

_CHANGED = (UnreadableInputError, "it changed since the audit began", "Run it again when nothing writes to it.")
_ELSEWHERE = (UnreadableInputError, "the bucket is at another endpoint than {endpoint}", _ENDPOINT)
_NAME = "Check the name; upper and lower case matter."

# codes of S3, and statuses where an answer has no body; after a `BucketError` no other object can be read either.
# https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
_ANSWERS: dict[str, Answer] = {
    "NoSuchBucket": (UnreadableInputError, "{endpoint} has no bucket of this name", f"Check the name. {_ENDPOINT}"),
    "InvalidBucketName": (UnreadableInputError, "no bucket can have this name", "Name it so: s3://BUCKET/KEY."),
    "NoSuchKey": (MissingObjectError, "the bucket has no object of this name", _NAME),
    "404": (MissingObjectError, "there is no such object, or no such bucket", _NAME),
    "InvalidObjectState": (UnreadableInputError, "the object is in an archive", "Restore it first, and run it again."),
    "PreconditionFailed": _CHANGED,
    "412": _CHANGED,
    "InvalidRange": _CHANGED,
    "InvalidAccessKeyId": (BucketError, "{endpoint} does not know the access key", _CREDENTIALS),
    "SignatureDoesNotMatch": (BucketError, "{endpoint} says that the secret key is another", _CREDENTIALS),
    "ExpiredToken": (BucketError, "the session token has expired", "Renew it, and run it again."),
    "InvalidToken": (BucketError, "{endpoint} does not know the session token", _CREDENTIALS),
    "RequestTimeTooSkewed": (BucketError, "the clock of this machine is wrong", "Set it, and run it again."),
    "PermanentRedirect": _ELSEWHERE,
    "301": _ELSEWHERE,
}


def change(path: str) -> KitError:
    """What is wrong with an object that has another content than it had."""
    kind, what, hint = _CHANGED
    return kind(f"{file_name(path)}: {what}.", hint)


@contextmanager
def kit_errors(path: str, client: Any) -> Iterator[None]:
    """Makes errors of the kit out of those of the library.

    `path` is what is read; where there is no `client` yet, the endpoint that it is made for.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        raise _answer(file_name(path), client, error.response) from None
    except (BotoCoreError, ValueError) as error:
        raise _trouble(file_name(path), client, type(error).__name__) from None


def _answer(name: str, client: Any, response: Any) -> KitError:
    """What a service answered."""
    code = str(response.get("Error", {}).get("Code", ""))
    status = int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    endpoint = "the service of its credentials" if client is None else masked(client.meta.endpoint_url)
    if code in _ANSWERS:
        kind, what, hint = _ANSWERS[code]
        return kind(f"{name}: {what.format(endpoint=endpoint)}.", hint)
    reason = f"{code}, status {status}" if code.isalpha() else f"status {status}"
    if status == _FORBIDDEN:
        return UnreadableInputError(f"{name}: {endpoint} does not let it be read ({reason}).", _access(client))
    if status >= _FAILURE or code in ("SlowDown", "RequestTimeout", "Throttling"):
        return BucketError(f"{name}: {endpoint} fails ({reason}), also when asked again.", "Run it again later.")
    return UnreadableInputError(f"{name}: {endpoint} does not answer as expected ({reason}).", _ENDPOINT)


def _access(client: Any) -> str:
    from botocore import UNSIGNED

    if client.meta.config.signature_version is UNSIGNED:
        return _ANONYMOUS
    return "Check that the credentials may list the bucket and read its objects."


def _trouble(name: str, client: Any, kind: str) -> KitError:
    """What the library could not do, by the name of its error; its text may quote what is secret."""
    if client is None:
        if kind == "ValueError":
            endpoint = masked(name) or "What AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL or ~/.aws names"
            return BucketError(f"{endpoint} is no endpoint.", "Name one so: https://HOST.")
        if kind == "PartialCredentialsError":
            return BucketError("Of the credentials of S3 only a part is set.", _CREDENTIALS)
        return BucketError(f"The settings of S3 can't be used ({kind}).", _SETTINGS)
    if kind in ("ParamValidationError", "ValueError"):
        return UnreadableInputError(
            f"{name}: no bucket or no object can have this name.", "Name it so: s3://BUCKET/KEY."
        )
    if kind.endswith("CredentialsError") or "Token" in kind or "Credential" in kind:
        return BucketError(f"{name}: the credentials can't be used ({kind}).", _CREDENTIALS)
    return BucketError(f"{name}: {masked(client.meta.endpoint_url)} can't be reached ({kind}).", _AGAIN)
