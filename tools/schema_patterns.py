"""Regular expressions of the schemas (ECMA 262)."""

from __future__ import annotations

import re

BLANK = r"\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
NOT_BLANK = f"[^{BLANK}]"
NO_CONTROL = r"^[^\u0000-\u001f\u007f-\u009f]*$"
HEX, ANY_HEX = "[0-9a-f]", "[0-9A-Fa-f]"


def uuid(digit: str) -> str:
    return f"{digit}{{8}}-{digit}{{4}}-{digit}{{4}}-{digit}{{4}}-{digit}{{12}}"


SEGMENT = "[^:]*"
CRN = "crn:v1" + f":{SEGMENT}" * 8
REGISTRATION_CRN = "crn:v1:bluemix:public:is:[^:]+:a/[^:]+::backup-policy:[^:]*"
# of the CRN of a resource: without blanks and control characters
SOLID = rf"[^:{BLANK}\u0000-\u001f\u007f-\u009f]"
RESOURCE_CRN = f"crn:v1:{SOLID}*:{SOLID}*:is:{SOLID}*:a/{SOLID}+:{SOLID}*:{SOLID}+:{SOLID}*"
DAY = (
    "(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    "|02-(?:0[1-9]|1[0-9]|2[0-8]))|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)"
)
DATE_TIME = (
    f"^{DAY}[Tt](?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\\.[0-9]+)?"
    "(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])$"
)
PCHAR = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})"
NO_COLON = r"(?:[A-Za-z0-9._~!$&'()*+,;=@-]|%[0-9A-Fa-f]{2})"
USER = r"(?:[A-Za-z0-9._~!$&'()*+,;=:-]|%[0-9A-Fa-f]{2})*@"
ADDRESS = r"\[(?:[0-9A-Fa-f:.]+|[Vv][0-9A-Fa-f]+\.[A-Za-z0-9._~!$&'()*+,;=:-]+)\]"
HOST = rf"(?:{ADDRESS}|(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{{2}})*)"
AUTHORITY = f"//(?:{USER})?{HOST}(?::[0-9]*)?(?:/{PCHAR}*)*"
TAIL = f"(?:\\?(?:{PCHAR}|[/?])*)?(?:#(?:{PCHAR}|[/?])*)?"
SCHEME = "[A-Za-z][A-Za-z0-9+.-]*:"
ABSOLUTE_PATH = f"/(?:{PCHAR}+(?:/{PCHAR}*)*)?"
URI = f"^{SCHEME}(?:{AUTHORITY}|{ABSOLUTE_PATH}|{PCHAR}+(?:/{PCHAR}*)*|)"
URI_REFERENCE = (
    f"^(?:{SCHEME}(?:{AUTHORITY}|{ABSOLUTE_PATH}|{PCHAR}+(?:/{PCHAR}*)*|)"
    f"|{AUTHORITY}|{ABSOLUTE_PATH}|{NO_COLON}+(?:/{PCHAR}*)*|){TAIL}$"
)
ABSOLUTE_URI = URI + TAIL + "$"
HTTPS_URL = (
    rf"^[Hh][Tt][Tt][Pp][Ss]://(?:{USER})?(?:{ADDRESS}|(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{{2}})+)"
    f"(?::[0-9]*)?(?:/{PCHAR}*)*{TAIL}$"
)
TOKEN = "[A-Za-z0-9!#$%&'*+.^_`|~-]+"
APPLICATION_JSON = (
    r"^[Aa][Pp][Pp][Ll][Ii][Cc][Aa][Tt][Ii][Oo][Nn]/[Jj][Ss][Oo][Nn][ \t]*"
    rf"""(?:;[ \t]*(?:{TOKEN}=(?:{TOKEN}|"(?:[^"\\]|\\.)*"))?[ \t]*)*$"""
)


def any_case(word: str) -> str:
    return "".join(f"[{c.upper()}{c}]" for c in word)


def names(values: list[str]) -> str:
    return "|".join(re.escape(value).replace(r"\-", "-") for value in values)


def normal_pattern(normal: str) -> str:
    """A regular expression (ECMA 262, no flags) for exactly the codes whose normal form is `normal`."""
    head, rest = "", normal
    if normal.startswith("scg-"):
        head = "(?:" + letters_of("scg") + "|" + letters_of("snapshot") + "[sS]?[-_]" + letters_of("consistency")
        head += "[-_]" + letters_of("group") + ")[-_]"
        rest = normal.removeprefix("scg-")
    elif normal.startswith("snapshot-"):
        head, rest = letters_of("snapshot") + "[sS]?[-_]", normal.removeprefix("snapshot-")
    return head + letters_of(rest).replace(
        letters_of("volume-"), "(?:" + letters_of("source-") + ")?" + letters_of("volume-")
    )


def letters_of(text: str) -> str:
    """The text in any case, its hyphens as underscores too."""
    return "".join("[-_]" if c == "-" else f"[{c}{c.upper()}]" if c.isalpha() else c for c in text)
