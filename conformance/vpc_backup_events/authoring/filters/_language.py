"""The language of topic filters on python-jsonpath: its paths as they are, and Event Notifications' own operators.

A filter is what stands in the brackets of JSONPath's `[?( )]`, with `$` for the event. What the library offers beyond
the documented operators (`!`, `and`, `in`, functions, `/regular expressions/`, unions of queries) is taken out, and
`=~` takes a text in quotes, in the flavour of RE2.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from re import Pattern

from jsonpath import JSONPathEnvironment
from jsonpath.exceptions import JSONPathError, JSONPathSyntaxError
from jsonpath.filter import (
    BaseExpression,
    FilterExpression,
    FilterExpressionLiteral,
    FilterQuery,
    InfixExpression,
    PrefixExpression,
    RootFilterQuery,
    StringLiteral,
)
from jsonpath.lex import Lexer
from jsonpath.parse import Parser
from jsonpath.segments import JSONPathRecursiveDescentSegment
from jsonpath.selectors import FilterContext, NameSelector
from jsonpath.stream import TokenStream
from jsonpath.token import (
    TOKEN_AND,
    TOKEN_COLON,
    TOKEN_COMMA,
    TOKEN_DDOT,
    TOKEN_DOT,
    TOKEN_DOT_PROPERTY,
    TOKEN_DOUBLE_QUOTE_STRING,
    TOKEN_EOF,
    TOKEN_EQ,
    TOKEN_ERROR,
    TOKEN_FALSE,
    TOKEN_FILTER,
    TOKEN_FLOAT,
    TOKEN_GE,
    TOKEN_GT,
    TOKEN_INT,
    TOKEN_LBRACKET,
    TOKEN_LE,
    TOKEN_LPAREN,
    TOKEN_LT,
    TOKEN_NAME,
    TOKEN_NE,
    TOKEN_NOT,
    TOKEN_NULL,
    TOKEN_OR,
    TOKEN_RBRACKET,
    TOKEN_RE,
    TOKEN_ROOT,
    TOKEN_RPAREN,
    TOKEN_SELF,
    TOKEN_SINGLE_QUOTE_STRING,
    TOKEN_TRUE,
    TOKEN_WHITESPACE,
    TOKEN_WILD,
    Token,
)

from vpc_backup_events.authoring.filters import _regex
from vpc_backup_events.authoring.filters.error import FilterError
from vpc_backup_events.authoring.filters.model import Condition, Filter

# no rule of Event Notifications: they keep the time and the stack that a filter takes within bounds
LONGEST = 8192
MOST_OPERATORS = 150
MOST_DESCENTS = 2
DEEPEST = 40
MOST_BRACKETS = 200

_COMPARED = ("==", "!=", "<", "<=", ">", ">=", "=~")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_PLAIN = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "\\": "\\", "/": "/", '"': '"', "'": "'"}


class _Lexer(Lexer):
    """The tokens that a filter may have."""

    def compile_rules(self) -> Pattern[str]:
        rules = [
            (TOKEN_DOUBLE_QUOTE_STRING, self.double_quote_pattern),
            (TOKEN_SINGLE_QUOTE_STRING, self.single_quote_pattern),
            (TOKEN_DOT_PROPERTY, self.dot_property_pattern),
            (TOKEN_FLOAT, r"-?[0-9]{1,18}\.[0-9]{1,18}"),
            (TOKEN_INT, r"-?[0-9]{1,15}"),
            (TOKEN_DDOT, r"\.\."),
            (TOKEN_DOT, r"\."),
            (TOKEN_AND, r"&&"),
            (TOKEN_OR, r"\|\|"),
            (TOKEN_ROOT, r"\$"),
            (TOKEN_SELF, r"@"),
            (TOKEN_WILD, r"\*"),
            (TOKEN_FILTER, r"\?"),
            (TOKEN_TRUE, r"true\b"),
            (TOKEN_FALSE, r"false\b"),
            (TOKEN_NULL, r"null\b"),
            (TOKEN_LBRACKET, r"\["),
            (TOKEN_RBRACKET, r"]"),
            (TOKEN_COMMA, r","),
            (TOKEN_COLON, r":"),
            (TOKEN_EQ, r"=="),
            (TOKEN_NE, r"!="),
            (TOKEN_LE, r"<="),
            (TOKEN_GE, r">="),
            (TOKEN_RE, r"=~"),
            (TOKEN_LT, r"<"),
            (TOKEN_GT, r">"),
            (TOKEN_NOT, r"not(?=[ \n\t\r]*\()"),
            (TOKEN_NAME, self.key_pattern),
            (TOKEN_LPAREN, r"\("),
            (TOKEN_RPAREN, r"\)"),
            (TOKEN_WHITESPACE, r"[ \n\t\r]+"),
            (TOKEN_ERROR, r"."),
        ]
        return re.compile("|".join(f"(?P<{token}>{pattern})" for token, pattern in rules), re.DOTALL)


class _Match(FilterExpressionLiteral[str]):
    """The right side of `=~`, compiled."""

    __slots__ = ("found_in",)

    def __init__(self, pattern: str, found_in: Callable[[str], bool] | None) -> None:
        super().__init__(value=pattern)
        self.found_in = found_in

    def evaluate(self, _: FilterContext) -> _Match:  # type: ignore[override]
        return self

    def takes(self, text: str) -> bool:
        return self.found_in is not None and self.found_in(text)


class _Parser(Parser):
    """The grammar: paths, comparisons, `&&`, `||`, `not( )`."""

    def parse_infix_expression(self, stream: TokenStream, left: BaseExpression) -> BaseExpression:
        token, place = stream.current(), stream.pos + 1
        made = super().parse_infix_expression(stream, left)
        if not isinstance(made, InfixExpression) or made.operator not in _COMPARED:
            return made
        for side in (made.left, made.right):
            if not isinstance(side, FilterQuery | FilterExpressionLiteral) and type(side).__name__ != "Nil":
                raise JSONPathSyntaxError("a comparison compares a path and a value, no other comparison", token=token)
        if made.operator == "=~":
            value = next((t for t in stream.tokens[place:] if t.kind != TOKEN_WHITESPACE), token)
            made.right = _match(made.right, value)
        return made

    def _decode_string_literal(self, token: Token) -> str:
        return decoded(token.value)


def _match(right: BaseExpression, token: Token) -> _Match:
    if not isinstance(right, StringLiteral):
        raise JSONPathSyntaxError("=~ takes a regular expression in quotes", token=token)
    try:
        return _Match(right.value, _regex.compile(right.value))
    except _regex.RegexError as error:
        if _regex.left_out(right.value):
            # a finding says so: the filter can be talked about, it takes nothing
            return _Match(right.value, None)
        raise JSONPathSyntaxError(f"the regular expression can't be read: {error}", token=token) from None


class _Environment(JSONPathEnvironment):
    lexer_class = _Lexer
    parser_class = _Parser

    def setup_function_extensions(self) -> None:
        """There is none."""

    def compare(self, left: object, operator: str, right: object) -> bool:
        if operator == "=~":
            return isinstance(right, _Match) and isinstance(left, str) and right.takes(left)
        return super().compare(left, operator, right)


_ENVIRONMENT = _Environment(filter_caching=False, well_typed=True)


def decoded(text: str) -> str:
    r"""The text that stands between quotes; a backslash before a letter that has no meaning (`\.`) stays."""

    def character(found: re.Match[str]) -> str:
        if found[1]:
            return chr(int(found[1], 16))
        return _PLAIN.get(found[2], found[0])

    made = _ESCAPE.sub(character, text)
    # surrogate pairs written as two escapes
    return made.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def parse(expression: str) -> Filter:
    """The filter that the expression is. Raises `FilterError`."""
    if len(expression) > LONGEST:
        raise FilterError(f"The filter has more than {LONGEST} characters.", "Shorten it.", expression, LONGEST)
    tokens: list[Token] = []
    try:
        for token in _ENVIRONMENT.lexer.tokenize(expression):
            tokens.append(token)
        _look_over(tokens, expression)
        stream = TokenStream(tokens)
        made = _ENVIRONMENT.parser.parse_filter_expression(stream)
        if stream.current().kind != TOKEN_EOF:
            raise JSONPathSyntaxError(f"unexpected {stream.current().value!r}", token=stream.current())
        if isinstance(made, FilterExpressionLiteral) or type(made).__name__ == "Nil":
            raise JSONPathSyntaxError("a value alone is no condition", token=tokens[0])
        conditions = tuple(_conditions(made, False, tokens, [0]))
        refused = any(isinstance(node, _Match) and node.found_in is None for node in _walk(made))
        return Filter(expression, _nothing if refused else _decide(FilterExpression(made)), conditions, refused)
    except JSONPathError as error:
        raise _refusal(error, tokens, expression) from None
    except (RecursionError, ValueError, OverflowError, KeyError, IndexError, AssertionError):
        at = tokens[-1].index if tokens else 0
        raise FilterError("The filter can't be read.", _FORM, expression, at) from None


def _walk(node: BaseExpression) -> Iterator[BaseExpression]:
    yield node
    for child in node.children():
        yield from _walk(child)


def _nothing(event: object) -> bool:
    return False


def _decide(made: FilterExpression) -> Callable[[object], bool]:
    def decide(event: object) -> bool:
        try:
            return made.evaluate(FilterContext(env=_ENVIRONMENT, current=event, root=event))  # type: ignore[arg-type]
        except (JSONPathError, RecursionError):
            # an event nested deeper than the library descends
            return False

    return decide


# ------------------------------------------------------------------------------------------------ what is refused

_FORM = 'A filter is a path such as $.type, a comparison such as $.ibmenseverity == "medium", or several of them.'
_WORDS = {
    "and": "Write && for and.",
    "or": "Write || for or.",
    "not": "Write not( ... ) around the condition.",
    "in": 'Write $.a == "x" || $.a == "y".',
    "contains": 'Write $.a =~ "x", which matches anywhere in the text.',
}
_SIGNS = {
    "=": "Compare with ==, or with =~ for a regular expression.",
    "&": "Write && for and.",
    "|": "Write || for or.",
    "!": "Write not( ... ) around the condition.",
    "~": "Compare with =~ for a regular expression.",
    "/": "Put the regular expression in quotes, without slashes.",
    '"': "Close the text with the same quote.",
    "'": "Close the text with the same quote.",
    "`": "Put the text in double or single quotes.",
}


def _look_over(tokens: list[Token], expression: str) -> None:
    """Refuses what is too large, `@` where there is nothing that it could be, and an empty filter."""
    operators = descents = depth = brackets = opened = 0
    for token in tokens:
        operators += token.kind in (TOKEN_AND, TOKEN_OR, TOKEN_NOT)
        descents += token.kind == TOKEN_DDOT
        brackets += (token.kind == TOKEN_LBRACKET) - (token.kind == TOKEN_RBRACKET)
        opened += token.kind == TOKEN_LBRACKET
        depth += (token.kind in (TOKEN_LBRACKET, TOKEN_LPAREN)) - (token.kind in (TOKEN_RBRACKET, TOKEN_RPAREN))
        is_large = operators > MOST_OPERATORS or descents > MOST_DESCENTS or opened > MOST_BRACKETS
        if is_large or depth > DEEPEST:
            raise FilterError(
                f"The kit reads filters with at most {MOST_OPERATORS} operators, {MOST_BRACKETS} brackets, {DEEPEST} of"
                f" them in each other, and {MOST_DESCENTS} times `..`.",
                "Simplify it; a regular expression with | takes the place of many comparisons.",
                expression,
                token.index,
            )
        if token.kind == TOKEN_SELF and brackets <= 0:
            raise FilterError(
                "`@` stands only inside [?( )].", "Write $ for the event: $.type.", expression, token.index
            )
    if not any(token.kind != TOKEN_WHITESPACE for token in tokens):
        raise FilterError("The filter is empty.", _FORM + " $.* takes every event.", expression, 0)


def _refusal(error: JSONPathError, tokens: list[Token], expression: str) -> FilterError:
    token = error.token
    ended = token is None or token.kind == TOKEN_EOF
    at = len(expression) if token is None or ended else token.index
    word = "" if token is None else token.value
    message = str(error.args[0]) if error.args else "it can't be read"
    hint = _hint(message, word, at, tokens, expression)
    if token is not None and token.kind in (TOKEN_DOUBLE_QUOTE_STRING, TOKEN_SINGLE_QUOTE_STRING) and word:
        # of the quote, not of the text in it
        at = max(0, at - 1)
    return FilterError(f"At character {at + 1}: {message}.", hint, expression, at)


def _hint(message: str, word: str, at: int, tokens: list[Token], expression: str) -> str:
    if "regular expression" in message:
        return "It is one of Go's regexp package (RE2), in quotes."
    if "non-singular" in message:
        return "A path with * or .. selects several values; compare one attribute, such as $.type."
    if word in _WORDS or word in _SIGNS:
        return _WORDS.get(word) or _SIGNS[word]
    before = [t for t in tokens if t.index < at and t.kind != TOKEN_WHITESPACE]
    if word and word.isidentifier() and before and before[-1].kind in (TOKEN_EQ, TOKEN_NE, TOKEN_RE):
        return f'Put the text in quotes: "{word}".'
    if expression[at + len(word) : at + len(word) + 1] == "(" and word.isidentifier():
        return f"Filters have no functions, and so no {word}( ); =~ matches a text."
    if word and word.isidentifier() and not before:
        return f"A path begins with $: $.{word}."
    return _FORM


# ------------------------------------------------------------------------------------------------- what it asks for


def _conditions(node: BaseExpression, negated: bool, tokens: list[Token], seen: list[int]) -> Iterator[Condition]:
    """Every path and comparison of the filter, from left to right; `seen` counts the roots that were passed."""
    if isinstance(node, PrefixExpression):
        yield from _conditions(node.right, not negated, tokens, seen)
    elif isinstance(node, InfixExpression) and node.operator in ("&&", "||"):
        yield from _conditions(node.left, negated, tokens, seen)
        yield from _conditions(node.right, negated, tokens, seen)
    elif isinstance(node, InfixExpression):
        value = next((s for s in (node.right, node.left) if isinstance(s, FilterExpressionLiteral)), None)
        for side in (node.left, node.right):
            if isinstance(side, RootFilterQuery):
                yield _condition(side, node.operator, getattr(value, "value", None), negated, tokens, seen)
    elif isinstance(node, RootFilterQuery):
        yield _condition(node, "", None, negated, tokens, seen)


def _condition(
    query: RootFilterQuery, operator: str, value: object, negated: bool, tokens: list[Token], seen: list[int]
) -> Condition:
    roots = [t.index for t in tokens if t.kind == TOKEN_ROOT]
    at = roots[seen[0]] if seen[0] < len(roots) else 0
    seen[0] += 1 + sum(isinstance(inner, RootFilterQuery) for each in query.children() for inner in _walk(each))
    names: list[str] = []
    plain = True
    for segment in query.path.segments:
        selector = segment.selectors[0]
        plain = (
            plain
            and len(segment.selectors) == 1
            and isinstance(selector, NameSelector)
            and not isinstance(segment, JSONPathRecursiveDescentSegment)
        )
        if plain:
            names.append(selector.name)  # type: ignore[attr-defined]
    shown = json.loads(json.dumps(value)) if isinstance(value, str | int | float | bool) else None
    return Condition(tuple(names), len(names) == len(query.path.segments), operator, shown, negated, at)
