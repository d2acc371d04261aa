"""What options of several verbs have in common: the options themselves, and the types of their values."""

from __future__ import annotations

import argparse
import math
import sys
from argparse import ArgumentTypeError
from collections.abc import Callable, Iterable
from typing import TypeVar

from vpc_backup_events.values.errors import UsageError
from vpc_backup_events.values.levels import PROFILES

N = TypeVar("N", int, float)

# the longest that is waited for anything: a day
_LONGEST = 86_400


def add_profile(parser: argparse.ArgumentParser, help: str = "(default: %(default)s)") -> None:
    """Adds `--profile`."""
    parser.add_argument("--profile", choices=PROFILES, default=PROFILES[0], help=help)


def add_format(parser: argparse.ArgumentParser) -> None:
    """Adds `--format` to a verb whose answer is no report, or more than one."""
    parser.add_argument("--format", choices=("text", "json"), default="text", help="(default: %(default)s)")


def add_color(parser: argparse.ArgumentParser) -> None:
    """Adds `--color` to a verb that prints text for people."""
    parser.add_argument(
        "--color", choices=("auto", "always", "never"), default="auto", help="colour the text (default: %(default)s)"
    )


def add_endpoint(parser: argparse.ArgumentParser) -> None:
    """Adds `--endpoint` to a verb that reads objects of buckets."""
    parser.add_argument(
        "--endpoint",
        default="",
        metavar="URL",
        help="who has the buckets of s3://, such as https://s3.eu-de.cloud-object-storage.appdomain.cloud"
        " (default: as AWS_ENDPOINT_URL and ~/.aws say)",
    )


def add_header(parser: argparse.ArgumentParser, help: str) -> None:
    """Adds `--header`, whose values `headers` understands."""
    parser.add_argument("--header", action="append", default=[], metavar="NAME:VALUE", help=f"{help}; repeatable")


def add_timeout(parser: argparse.ArgumentParser) -> None:
    """Adds `--timeout`."""
    parser.add_argument(
        "--timeout", type=seconds, default=10.0, metavar="SECONDS", help="of one answer (default: %(default)s)"
    )


def headers(texts: Iterable[str]) -> dict[str, str]:
    """The headers in texts such as `X-Team: storage`. Raises `UsageError`."""
    headers = {}
    for text in texts:
        name, colon, value = text.partition(":")
        if not colon or not name.strip() or not name.isascii() or any(c.isspace() for c in name.strip()):
            # the value may be a secret
            raise UsageError("A --header is not of the form NAME:VALUE.", "Write it as --header 'X-Team: storage'.")
        headers[name.strip()] = value.strip()
    return headers


def _number(convert: Callable[[str], N], least: N, most: N, what: str) -> Callable[[str], N]:
    """The type of numbers between two, both included."""

    def number(text: str) -> N:
        try:
            value = convert(text)
        except ValueError:
            raise ArgumentTypeError(f"{text!r} is no {what}") from None
        if not least <= value <= most:
            raise ArgumentTypeError(f"{text!r} is no {what}")
        return value

    return number


def _whole(least: int, most: int = sys.maxsize) -> Callable[[str], int]:
    """The type of whole numbers, as `1_000`."""
    return _number(int, least, most, f"whole number from {least} to {most:,}")


count = _whole(0)
positive = _whole(1)
# one to listen on; 0 is any that is free
port = _whole(0, 65_535)
percent = _number(float, 0.0, 100.0, "number from 0 to 100")
# a span of time, of at least the smallest number there is
seconds = _number(float, math.ulp(0.0), _LONGEST, f"number of seconds above 0, up to {_LONGEST:,}")
