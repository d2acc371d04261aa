"""The small grammars: UUIDs, ids, CRNs, RFC 3339 times, RFC 3986 references, media types."""

from __future__ import annotations

import calendar
import re

HEX = "[0-9a-fA-F]"
UUID = f"{HEX}{{8}}-{HEX}{{4}}-{HEX}{{4}}-{HEX}{{4}}-{HEX}{{12}}"


# Unicode's White_Space and, as it shows as little, the byte order mark
WHITE = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(map(chr, range(0x2000, 0x200B)))


def is_empty(text):
    """An empty string, or one of white space only."""
    return all(char in WHITE for char in text)


def is_filled(value):
    return isinstance(value, str) and not is_empty(value)


def is_uuid(text):
    return re.fullmatch(UUID, text) is not None


def has_prefix(text):
    return re.fullmatch(f"[0-9a-z]{{4}}[-_]{UUID}", text) is not None


def is_id(text):
    """An id that documented accepts: with its prefix, or bare."""
    return has_prefix(text) or is_uuid(text)


def upper_hex(text):
    """Whether the UUID at the end of an id has upper-case digits."""
    return re.search("[A-F]", text[-36:]) is not None


def crn(text):
    """The ten segments of a CRN, or None."""
    segments = text.split(":")
    return segments if len(segments) == 10 and segments[:2] == ["crn", "v1"] else None


TIME = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]+)?"
    r"(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))"
)


def time_offset(text):
    """Minutes of the offset from UTC, or None where the text is no RFC 3339 date-time."""
    match = TIME.fullmatch(text)
    if not match:
        return None
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    sign, hours, minutes = match.groups()[6:]
    offset = 0
    if sign:
        if int(hours) > 23 or int(minutes) > 59:
            return None
        offset = (int(hours) * 60 + int(minutes)) * (-1 if sign == "-" else 1)
    if not 1 <= month <= 12:
        return None
    # the year 0 is a leap year in the proleptic calendar, and calendar has it as 4 does
    if not 1 <= day <= calendar.monthrange(year or 4, month)[1]:
        return None
    if hour > 23 or minute > 59 or second > 60:
        return None
    if second == 60 and (hour * 60 + minute - offset) % 1440 != 23 * 60 + 59:
        return None
    return offset


UNRESERVED = r"A-Za-z0-9\-._~"
SUB = r"!$&'()*+,;="
PCT = r"%[0-9A-Fa-f]{2}"
PCHAR = rf"(?:[{UNRESERVED}{SUB}:@]|{PCT})"
PCHAR_NC = rf"(?:[{UNRESERVED}{SUB}@]|{PCT})"
QUERY = rf"(?:{PCHAR}|[/?])*"
USER = rf"(?:[{UNRESERVED}{SUB}:]|{PCT})*"
REGNAME = rf"(?:[{UNRESERVED}{SUB}]|{PCT})*"
ABEMPTY = rf"(?:/{PCHAR}*)*"
SCHEME = r"[A-Za-z][A-Za-z0-9+\-.]*"
AUTHORITY = rf"(?:{USER}@)?(?:\[(?P<literal>[^\]]*)\]|{REGNAME})(?::[0-9]*)?"
ABSOLUTE = re.compile(
    rf"{SCHEME}:(?://{AUTHORITY}{ABEMPTY}|/(?:{PCHAR}+{ABEMPTY})?|{PCHAR}+{ABEMPTY})?(?:\?{QUERY})?(?P<fragment>\#{QUERY})?"
)
RELATIVE = re.compile(
    rf"(?://{AUTHORITY}{ABEMPTY}|/(?:{PCHAR}+{ABEMPTY})?|{PCHAR_NC}+{ABEMPTY})?(?:\?{QUERY})?(?:\#{QUERY})?"
)


def literal_ok(match):
    literal = match.groupdict().get("literal")
    if literal is None:
        return True
    if re.fullmatch(rf"[vV][0-9A-Fa-f]+\.[{UNRESERVED}{SUB}:]+", literal):
        return True
    import ipaddress

    try:
        ipaddress.IPv6Address(literal)
    except ValueError:
        return False
    return "%" not in literal


def is_uri(text):
    """A URI with a scheme (RFC 3986)."""
    match = ABSOLUTE.fullmatch(text)
    return match is not None and literal_ok(match)


def is_uri_reference(text):
    """A URI, or a reference relative to one."""
    match = RELATIVE.fullmatch(text)
    return is_uri(text) or (match is not None and literal_ok(match))


def is_https_url(text):
    """An absolute https URL: a URI with this scheme and a host."""
    host = re.match(rf"https://(?:{USER}@)?[^/?#:]", text, re.IGNORECASE | re.ASCII)
    return is_uri(text) and host is not None


TOKEN = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
QUOTED = r'"(?:[^"\\\x00-\x1f\x7f]|\\[\x20-\x7e\t])*"'
JSON_MEDIA_TYPE = re.compile(
    rf"application/json(?:[ \t]*;[ \t]*(?:{TOKEN}=(?:{TOKEN}|{QUOTED}))?)*[ \t]*", re.IGNORECASE | re.ASCII
)


def is_json_media_type(text):
    return JSON_MEDIA_TYPE.fullmatch(text) is not None
