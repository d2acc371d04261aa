"""python-jsonpath as Event Notifications has it: tokens, operators, and a bound on the work of an evaluation."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from re import Pattern

from jsonpath import JSONPathEnvironment, JSONPathMatch, NodeList
from jsonpath import token as kinds
from jsonpath.exceptions import JSONPathError, JSONPathSyntaxError
from jsonpath.filter import (
    BaseExpression,
    FilterExpression,
    FilterExpressionLiteral,
    FilterQuery,
    InfixExpression,
    Nil,
    RootFilterQuery,
    StringLiteral,
)
from jsonpath.lex import Lexer
from jsonpath.parse import Parser
from jsonpath.path import JSONPath
from jsonpath.selectors import FilterContext
from jsonpath.stream import TokenStream
from jsonpath.token import Token

from vpc_backup_events.authoring.filters import _regex

# no rule of Event Notifications: nodes that one evaluation looks at, so that a filter can't keep a service busy
MOST_STEPS = 100_000

_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_PLAIN = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "\\": "\\", "/": "/", '"': '"', "'": "'"}
# those that are left of the evaluation under way
_STEPS: ContextVar[Iterator[int]] = ContextVar("_STEPS")


class _TooMuchWorkError(Exception):
    """An evaluation takes more than `MOST_STEPS`."""


def _step() -> None:
    if next(_STEPS.get(), None) is None:
        raise _TooMuchWorkError


class _Node(JSONPathMatch):
    """A node that an evaluation looks at."""

    def __init__(self, **members: object) -> None:
        _step()
        super().__init__(**members)  # type: ignore[arg-type]


class _Lexer(Lexer):
    """The tokens that a filter may have."""

    def compile_rules(self) -> Pattern[str]:
        rules = [
            (kinds.TOKEN_DOUBLE_QUOTE_STRING, self.double_quote_pattern),
            (kinds.TOKEN_SINGLE_QUOTE_STRING, self.single_quote_pattern),
            (kinds.TOKEN_DOT_PROPERTY, self.dot_property_pattern),
            (kinds.TOKEN_FLOAT, r"-?[0-9]{1,18}\.[0-9]{1,18}"),
            (kinds.TOKEN_INT, r"-?[0-9]{1,15}"),
            (kinds.TOKEN_DDOT, r"\.\."),
            (kinds.TOKEN_DOT, r"\."),
            (kinds.TOKEN_AND, r"&&"),
            (kinds.TOKEN_OR, r"\|\|"),
            (kinds.TOKEN_ROOT, r"\$"),
            (kinds.TOKEN_SELF, r"@"),
            (kinds.TOKEN_WILD, r"\*"),
            (kinds.TOKEN_FILTER, r"\?"),
            (kinds.TOKEN_TRUE, r"true\b"),
            (kinds.TOKEN_FALSE, r"false\b"),
            (kinds.TOKEN_NULL, r"null\b"),
            (kinds.TOKEN_LBRACKET, r"\["),
            (kinds.TOKEN_RBRACKET, r"]"),
            (kinds.TOKEN_COMMA, r","),
            (kinds.TOKEN_COLON, r":"),
            (kinds.TOKEN_EQ, r"=="),
            (kinds.TOKEN_NE, r"!="),
            (kinds.TOKEN_LE, r"<="),
            (kinds.TOKEN_GE, r">="),
            (kinds.TOKEN_RE, r"=~"),
            (kinds.TOKEN_LT, r"<"),
            (kinds.TOKEN_GT, r">"),
            (kinds.TOKEN_NOT, r"not(?=[ \n\t\r]*\()"),
            (kinds.TOKEN_NAME, self.key_pattern),
            (kinds.TOKEN_LPAREN, r"\("),
            (kinds.TOKEN_RPAREN, r"\)"),
            (kinds.TOKEN_WHITESPACE, r"[ \n\t\r]+"),
            (kinds.TOKEN_ERROR, r"."),
        ]
        return re.compile("|".join(f"(?P<{token}>{pattern})" for token, pattern in rules), re.DOTALL)


class Match(FilterExpressionLiteral[str]):
    """The right side of `=~`, compiled."""

    __slots__ = ("pattern",)

    def __init__(self, text: str, pattern: Callable[[str], bool] | None) -> None:
        super().__init__(value=text)
        #: None where RE2 has left out what it uses
        self.pattern = pattern

    def evaluate(self, _: FilterContext) -> Match:  # type: ignore[override]
        return self


class Root(RootFilterQuery):
    """A path from the event, and where it is written."""

    def __init__(self, query: JSONPath, begin: int, text: str) -> None:
        super().__init__(query)
        #: index of its $ in the expression
        self.begin = begin
        #: as it is written
        self.text = text


class _Parser(Parser):
    """The grammar: paths, comparisons, `&&`, `||`, `not( )`."""

    def parse_absolute_query(self, stream: TokenStream) -> BaseExpression:
        root = stream.current()
        query = super().parse_absolute_query(stream)
        assert isinstance(query, RootFilterQuery)
        following = stream.current()
        end = len(root.path) if following.kind == kinds.TOKEN_EOF else begin_of(following)
        return Root(query.path, root.index, root.path[root.index : end].rstrip())

    def parse_infix_expression(self, stream: TokenStream, left: BaseExpression) -> BaseExpression:
        token, place = stream.current(), stream.pos + 1
        infix = super().parse_infix_expression(stream, left)
        assert isinstance(infix, InfixExpression)
        if infix.operator not in self.COMPARISON_OPERATORS:
            return infix
        for side in (infix.left, infix.right):
            if not isinstance(side, FilterQuery | FilterExpressionLiteral | Nil):
                raise JSONPathSyntaxError("a comparison compares a path and a value, no other comparison", token=token)
        if infix.operator == "=~":
            value = next((t for t in stream.tokens[place:] if t.kind != kinds.TOKEN_WHITESPACE), token)
            infix.right = _match(infix.right, value)
        return infix

    def _decode_string_literal(self, token: Token) -> str:
        return decoded(token.value)


def _match(right: BaseExpression, token: Token) -> Match:
    if not isinstance(right, StringLiteral):
        raise JSONPathSyntaxError("=~ takes a regular expression in quotes", token=token)
    try:
        return Match(right.value, _regex.compile(right.value))
    except _regex.RegexError as error:
        if _regex.left_out(right.value):
            # a finding says so: the filter can be talked about, it takes nothing
            return Match(right.value, None)
        raise JSONPathSyntaxError(f"the regular expression can't be read: {error}", token=token) from None


class _Environment(JSONPathEnvironment):
    lexer_class = _Lexer
    parser_class = _Parser
    match_class = _Node

    def setup_function_extensions(self) -> None:
        """There is none."""

    def is_truthy(self, obj: object) -> bool:
        _step()
        return super().is_truthy(obj)

    def compare(self, left: object, operator: str, right: object) -> bool:
        """Compares values; of a path that selects several values, one has to fit."""
        _step()
        if operator in Parser.COMPARISON_OPERATORS:
            values = _values(left)
            if len(values) > 1 and operator == "!=":
                # as with one value, which is another one or is missing
                return not any(self.compare(value, "==", right) for value in values)
            if len(values) > 1:
                return any(self.compare(value, operator, right) for value in values)
            others = _values(right)
            if len(others) > 1:
                return any(self.compare(left, operator, other) for other in others)
        if operator == "=~":
            pattern = right.pattern if isinstance(right, Match) else None
            return pattern is not None and isinstance(left, str) and pattern(left)
        return super().compare(left, operator, right)


def _values(side: object) -> list[object]:
    return [node.obj for node in side] if isinstance(side, NodeList) else [side]


def begin_of(token: Token) -> int:
    """Where a token begins; its own index is that of the text in the quotes."""
    is_quoted = token.kind in (kinds.TOKEN_DOUBLE_QUOTE_STRING, kinds.TOKEN_SINGLE_QUOTE_STRING)
    return token.index - is_quoted


# not `well_typed`: a path that selects several values is compared, too, as one of IBM's examples does it
ENVIRONMENT = _Environment(filter_caching=False, well_typed=False)


def passes(condition: FilterExpression, event: object) -> bool:
    """Whether the event meets the condition; it does not where that takes more than `MOST_STEPS`, or goes too deep."""
    _STEPS.set(iter(range(MOST_STEPS)))
    try:
        return condition.evaluate(FilterContext(env=ENVIRONMENT, current=event, root=event))  # type: ignore[arg-type]
    except (JSONPathError, RecursionError, _TooMuchWorkError):
        return False


def decoded(text: str) -> str:
    r"""The text that stands between quotes; a backslash before a letter that has no meaning (`\.`) stays."""

    def character(escape: re.Match[str]) -> str:
        if escape[1]:
            return chr(int(escape[1], 16))
        return _PLAIN.get(escape[2], escape[0])

    plain = _ESCAPE.sub(character, text)
    # surrogate pairs written as two escapes
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
