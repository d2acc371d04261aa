"""One delivery to a consumer under test, the forms that it may have, what came back, and how a person is shown it."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from html import unescape

from vpc_backup_events.delivery import Request, Response
from vpc_backup_events.reading.messages import PLAIN, STRUCTURED
from vpc_backup_events.trials.trial import Evidence

__all__ = ["FORMS", "NO_URL", "PARAMETERS", "Exchange", "form", "media_of"]

# mode -> the requirement that an event is taken in it
FORMS = {"structured": "P25-structured", "sdk-style": "P25-json", "binary": "P25-binary-encoded"}
# of a media type; without one, and with those that mean nothing more for JSON
PARAMETERS = ("", "; charset=UTF-8", ";charset=utf-8", '; charset="utf-8"')
# where a consumer is in this process, and has no URL
NO_URL = "$URL"
# headers that carry an event, beside those of its attributes
SHOWN = ("content-type", "transfer-encoding")
# markup of a page, without the content of its style and title
_TAG = re.compile(r"(?s)<(style|title|script)\b.*?</\1>|<[^>]*>")
# what the body of an answer is cut at, in characters
LONGEST_ANSWER = 4_000


def media_of(mode: str) -> str:
    """The media type of a mode with a body of JSON."""
    return STRUCTURED if mode == "structured" else PLAIN


def form(mode: str) -> str:
    """A mode in words."""
    return "in binary mode" if mode == "binary" else f"as {media_of(mode)}"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One delivery and what came back."""

    # what was sent, in words
    title: str
    request: Request
    # None where there was no answer
    answer: Response | None
    # why there was none
    error: str
    # id of the event in it, where the run made the event of a scenario
    event: str = ""
    # where it was sent
    url: str = NO_URL

    @property
    def status(self) -> int:
        """The status of the answer, 0 where there was none."""
        return self.answer.status if self.answer else 0

    @property
    def accepted(self) -> bool:
        """The answer is 2xx."""
        return self.answer is not None and self.answer.ok

    @property
    def redirected(self) -> bool:
        """The answer is 3xx."""
        return 300 <= self.status < 400

    @property
    def refused(self) -> bool:
        """The answer is 4xx."""
        return self.answer is not None and self.answer.refused

    @property
    def outcome(self) -> str:
        """The status, or why there is none, in words."""
        if not self.request.method:
            return "an error" if self.answer else self.error
        return str(self.status) if self.answer else f"nothing: {self.error}"

    def evidence(
        self,
        expectation: str = "",
        message: str = "",
        hint: str = "",
        observation: str = "",
        pointer: str | None = None,
    ) -> Evidence:
        """What it shows: another answer than the one expected, or an observation that the event does not account for.

        `message` and `hint` are those of the requirement where nothing is given.
        """
        exhibits: list[tuple[str, str]] = []
        if expectation:
            answered = ("answered", f"{self.outcome}, not {expectation}")
            exhibits.append(answered if self.request.method else ("came", self.outcome))
        if observation:
            exhibits.append(("observed", observation))
        if self.answer and self.answer.body and not self.accepted:
            exhibits.append(("saying", _words(self.answer.body)))
        if not self.request.method:
            exhibits.append(("sent", _text(self.request.body)))
        return Evidence(
            self.title,
            message,
            hint,
            # what else a consumer is sent, such as its own headers, may be secret
            values={"value": self.outcome, "case": self.title, "name": self.request.method, "outcome": self.outcome},
            event=(self._headers, self.request.body) if self.request.method else self.request.body,
            pointer=pointer,
            outcome=observation or self.outcome,
            exhibits=tuple(exhibits),
            reproduce=self._curl() if self.request.method else "",
        )

    @property
    def _headers(self) -> dict[str, str]:
        """Those that carry the event; custom headers may be secret."""
        return {
            name: value
            for name, value in self.request.headers.items()
            if name.lower().startswith("ce-") or name.lower() in SHOWN
        }

    def _curl(self) -> str:
        """The request as a shell can send it again."""
        words = [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in self._headers.items()]
        before = ""
        if _is_text(self.request.body):
            words.append(f"--data-raw {shlex.quote(self.request.body.decode())}")
        elif self.request.body:
            before = f"printf '{_octal(self.request.body)}' | "
            words.append("--data-binary @-")
        url = self.url if self.url == NO_URL else shlex.quote(self.url)
        return f"{before}curl -X {self.request.method} {url} {' '.join(words)}".rstrip()


def _octal(body: bytes) -> str:
    """The bytes as `printf` of a shell can write them."""
    return "".join(chr(byte) if 32 < byte < 127 and chr(byte) not in "'\\%" else f"\\{byte:03o}" for byte in body)


def _is_text(body: bytes) -> bool:
    """Whether a terminal can show the body."""
    try:
        return bool(body) and body.decode().replace("\n", "").replace("\r", "").isprintable()
    except UnicodeDecodeError:
        return False


def _words(body: bytes) -> str:
    """What an answer says, on one line; of a page its text."""
    text = _text(body)[:LONGEST_ANSWER]
    if text.lstrip().startswith("<"):
        text = unescape(_TAG.sub(" ", text))
    return " ".join(text.split())


def _text(body: bytes) -> str:
    return body.decode("utf-8", "backslashreplace")
