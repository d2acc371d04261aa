"""A script cut into pieces that are parsed one by one.

A parser of the shell takes time that grows with the square of a statement that it can't make sense of, and an
apostrophe in a comment of a page can hide the rest of the page. So a script is cut first, in one pass, at the line ends
that are outside of quotes, of substitutions and of here-documents.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

_PLAIN = re.compile(rb"\\.|=\(|['\"`\n#()|;&>]|<<<|<<|<|\$\{(?!\w+\})|\[\[", re.DOTALL)
_QUOTED = re.compile(rb"\\.|[\"`\n]|\$\(|\$\{(?!\w+\})", re.DOTALL)
_ANSI = re.compile(rb"[^'\\]*(?:\\.[^'\\]*)*'", re.DOTALL)
_HERE = re.compile(rb"<<(?P<tabs>-?)[ \t]*\\?(?P<quote>['\"]?)(?P<word>[A-Za-z_][\w.!-]*)(?P=quote)")
# a line that could end a here-document
_ENDING = re.compile(rb"^\t*(?P<word>[A-Za-z_][\w.!-]*)[ \t]*$", re.MULTILINE)
# operators, by how hard the parser works where there is much of them
_WORK = {b"(": 1, b"|": 1, b";": 1, b"&": 1, b"<": 1, b">": 1, b"<<": 1, b"${": 1, b"[[": 1, b"=(": 6}
# operators that are parsed together
MOST_OPERATORS = 30
# a command that goes on in the next line though the line does not say so
_PROGRAM = re.compile(rb"[ \t]*(?:\w+=\S*[ \t]+)*(?:sudo[ \t]+)?(?:[\w./-]*/)?(?:ibmcloud|curl)[ \t]")
_OPTION = re.compile(rb"[ \t]+--?[A-Za-z]")
# an option at the end of a line whose value, in quotes, is in the next one, as a page has it
_OPTION_AT_END = re.compile(rb"[ \t]--?[A-Za-z][\w-]*[ \t]*\n\Z")
_QUOTE = re.compile(rb"[ \t]*['\"]")
_BEFORE_COMMENT = b" \t\n;&|("
# as far back as the end of a line is looked at
_TAIL = 80

# where the cutter is: in plain text, between double quotes, in parentheses, between backticks
_TOP, _DOUBLE, _PARENTHESES, _BACKTICKS = range(4)


class Cutter:
    """The pieces of one script."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        #: places of line ends that a backslash should stand before
        self.broken: set[int] = set()
        #: places of quotes that are none: apostrophes of words, and what nothing closes
        self.literal: set[int] = set()
        # False once something was opened that nothing closes: from there on a line is a piece
        self._is_whole = True
        self._line_end = -1
        self._endings: dict[bytes, list[int]] = {}
        for ending in _ENDING.finditer(data):
            self._endings.setdefault(ending["word"], []).append(ending.start())

    def pieces(self) -> Iterator[tuple[int, int]]:
        """Begin and end of each piece, from the first to the last."""
        begin = 0
        while begin < len(self.data):
            cuts = self._cuts(begin)
            if not cuts:
                self._is_whole = False
                self._line_end = -1
                cuts = self._cuts(begin)
            for end in cuts:
                yield begin, end
                begin = end

    def _cuts(self, begin: int) -> list[int]:
        """Where the piece that begins here ends, and where it is cut before; nothing where something stays open."""
        within = [_TOP]
        documents: list[bytes] = []
        cuts: list[int] = []
        operators = 0
        at = begin
        while True:
            special = (_QUOTED if within[-1] == _DOUBLE else _PLAIN).search(self.data, at)
            if special is None:
                is_open = len(within) > 1 or bool(documents)
                return [] if is_open and self._is_whole else [*cuts, len(self.data)]
            at = special.end()
            sign = special[0]
            if sign in _WORK:
                operators += _WORK[sign]
                if operators > MOST_OPERATORS:
                    cuts.append(special.start())
                    operators = 0
            if sign == b"\n":
                at = self._after_documents(documents, at)
                documents = []
                if not self._is_whole or (len(within) == 1 and not self._goes_on(begin, at)):
                    return [*cuts, at]
                if operators > MOST_OPERATORS // 2 and not {_DOUBLE, _BACKTICKS} & set(within):
                    cuts.append(at)
                    operators = 0
            elif sign == b"'":
                at = self._after_quote(at)
                if at < 0:
                    return []
            elif sign == b"#":
                if at == 1 or self.data[at - 2 : at - 1] in _BEFORE_COMMENT:
                    at = self._end_of_line(at)
            elif sign == b"<<":
                here = _HERE.match(self.data, special.start())
                if here and self._has_ending(here["word"], at):
                    documents.append(here["word"])
                    at = here.end()
                else:
                    self.literal.update(range(special.start(), at))
            elif sign in (b"(", b"$(", b"=("):
                within.append(_PARENTHESES)
            elif sign == b")":
                if within[-1] == _PARENTHESES:
                    within.pop()
            elif sign == b'"':
                _toggle(within, _DOUBLE)
            elif sign == b"`":
                _toggle(within, _BACKTICKS)

    def _goes_on(self, begin: int, end: int) -> bool:
        """Whether the line is continued by what stands at its end or at the beginning of the next."""
        if self.data[max(begin, end - _TAIL) : end].rstrip()[-1:] == b"|":
            return True
        if not _PROGRAM.match(self.data, begin):
            return False
        is_value = _QUOTE.match(self.data, end) and _OPTION_AT_END.search(self.data, max(begin, end - _TAIL), end)
        if is_value or _OPTION.match(self.data, end):
            self.broken.add(end - 1)
            return True
        return False

    def _end_of_line(self, at: int) -> int:
        if self._line_end < at:
            line_end = self.data.find(b"\n", at)
            self._line_end = len(self.data) if line_end < 0 else line_end
        return self._line_end

    def _after_documents(self, documents: list[bytes], at: int) -> int:
        for word in documents:
            places = self._endings[word]
            index = bisect_left(places, at)
            if index < len(places):
                at = min(self._end_of_line(places[index]) + 1, len(self.data))
        return at

    def _has_ending(self, word: bytes, at: int) -> bool:
        places = self._endings.get(word, [])
        return bool(places) and places[-1] >= at

    def _after_quote(self, at: int) -> int:
        """After the end of a text in single quotes; -1 where it has none."""
        line_end = self._end_of_line(at)
        limit = len(self.data) if self._is_whole else line_end
        if self.data[at - 2 : at - 1] == b"$":
            ansi = _ANSI.match(self.data, at, limit)
            closing = ansi.end() - 1 if ansi else -1
        else:
            closing = self.data.find(b"'", at, limit)
        is_apostrophe = self.data[at - 2 : at - 1].isalpha() and self.data[at : at + 1].isalpha()
        if closing < 0 or (closing > line_end and is_apostrophe):
            if self._is_whole and not is_apostrophe:
                return -1
            self.literal.add(at - 1)
            return at
        return closing + 1


def _toggle(within: list[int], context: int) -> None:
    if within[-1] == context:
        within.pop()
    else:
        within.append(context)
