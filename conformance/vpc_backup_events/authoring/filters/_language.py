"""The language of topic filters on python-jsonpath: its paths as they are, and Event Notifications' own operators.

A filter is what stands in the brackets of JSONPath's `[?( )]`, with `$` for the event. What the library offers beyond
the documented operators (`!`, `and`, `in`, functions, `/regular expressions/`, unions of queries) is taken out, and
`=~` takes a text in quotes, in the flavour of RE2.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from jsonpath import token as kinds
from jsonpath.exceptions import JSONPathError, JSONPathSyntaxError
from jsonpath.filter import (
    BaseExpression,
    FilterExpression,
    FilterExpressionLiteral,
    FilterQuery,
    InfixExpression,
    PrefixExpression,
)
from jsonpath.path import JSONPath
from jsonpath.segments import JSONPathRecursiveDescentSegment
from jsonpath.selectors import FilterContext, NameSelector
from jsonpath.stream import TokenStream
from jsonpath.token import Token

from vpc_backup_events.authoring.filters._environment import (
    ENVIRONMENT,
    Match,
    Root,
    TooMuchWorkError,
    begin_of,
    bounded,
)
from vpc_backup_events.authoring.filters.error import FilterError
from vpc_backup_events.authoring.filters.model import Filter
from vpc_backup_events.authoring.filters.tree import (
    Comparison,
    Literal,
    Negation,
    Node,
    Path,
    Presence,
    Value,
    conditions,
    joined,
)

# no rule of Event Notifications: they keep the time and the stack that reading a filter takes within bounds
LONGEST = 8192
MOST_OPERATORS = 150
MOST_DESCENTS = 2
DEEPEST = 40
MOST_BRACKETS = 200


def parse(expression: str) -> Filter:
    """The filter that the expression is. Raises `FilterError`."""
    if len(expression) > LONGEST:
        raise FilterError(f"The filter has more than {LONGEST} characters.", "Shorten it.", expression, LONGEST)
    tokens: list[Token] = []
    try:
        for token in ENVIRONMENT.lexer.tokenize(expression):
            tokens.append(token)
        _look_over(tokens, expression)
        stream = TokenStream(tokens)
        root = ENVIRONMENT.parser.parse_filter_expression(stream)
        if stream.current().kind != kinds.TOKEN_EOF:
            raise JSONPathSyntaxError(f"unexpected {stream.current().value!r}", token=stream.current())
        if not isinstance(root, FilterQuery | InfixExpression | PrefixExpression):
            raise JSONPathSyntaxError("a value alone is no condition", token=tokens[0])
        tree = _tree(root, tokens[0])
        refused = any(isinstance(node, Match) and node.pattern is None for node in _walk(root))
        return Filter(expression, _decide(FilterExpression(root), refused), tree, tuple(conditions(tree)), refused)
    except JSONPathError as error:
        raise _refusal(error, tokens, expression) from None
    except (RecursionError, ValueError, OverflowError, KeyError, IndexError, AssertionError):
        at = tokens[-1].index if tokens else 0
        raise FilterError("The filter can't be read.", _FORM, expression, at) from None


def _walk(node: BaseExpression) -> Iterator[BaseExpression]:
    yield node
    for child in node.children():
        yield from _walk(child)


def _decide(expression: FilterExpression, refused: bool) -> Callable[[object], bool]:
    def decide(event: object) -> bool:
        if refused:
            return False
        try:
            with bounded():
                return expression.evaluate(FilterContext(env=ENVIRONMENT, current=event, root=event))  # type: ignore[arg-type]
        except (JSONPathError, RecursionError, TooMuchWorkError):
            # an event nested deeper than the library descends, or a filter that looks at too much
            return False

    return decide


# ------------------------------------------------------------------------------------------------ the tree


def _tree(node: BaseExpression, first: Token) -> Node:
    """The kit's own tree of what the library read; an error points at the first token."""
    if isinstance(node, PrefixExpression):
        return Negation(_tree(node.right, first))
    if isinstance(node, InfixExpression):
        if node.operator in ("&&", "||"):
            return joined(node.operator, [_tree(node.left, first), _tree(node.right, first)])
        return Comparison(_side(node.left), node.operator, _side(node.right))
    side = _side(node)
    if isinstance(side, Literal):
        raise JSONPathSyntaxError("a value alone is no condition", token=first)
    return Presence(side)


def _side(node: BaseExpression) -> Path | Literal:
    if isinstance(node, Root):
        names, whole = _names(node.path)
        return Path(names, whole, node.text, node.begin)
    value = getattr(node, "value", None)
    return Literal(_plain(value) if isinstance(node, FilterExpressionLiteral) else None)


def _names(path: JSONPath) -> tuple[tuple[str, ...], bool]:
    """The names that a path begins with, and whether they are the whole path."""
    names: list[str] = []
    for segment in path.segments:
        selector = segment.selectors[0]
        is_descent = isinstance(segment, JSONPathRecursiveDescentSegment)
        if len(segment.selectors) > 1 or is_descent or not isinstance(selector, NameSelector):
            return tuple(names), False
        names.append(selector.name)
    return tuple(names), True


def _plain(value: object) -> Value:
    """A value of a literal, as JSON has it."""
    return json.loads(json.dumps(value)) if isinstance(value, str | int | float | bool) else None


# ------------------------------------------------------------------------------------------------ what is refused

_FORM = 'A filter is a path such as $.type, a comparison such as $.ibmenseverity == "medium", or several of them.'
# word or sign that is not understood -> what to do about it
_HINTS = {
    "and": "Write && for and.",
    "or": "Write || for or.",
    "not": "Write not( ... ) around the condition.",
    "in": 'Write $.a == "x" || $.a == "y".',
    "contains": 'Write $.a =~ "x", which matches anywhere in the text.',
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
_OPENING = (kinds.TOKEN_LBRACKET, kinds.TOKEN_LPAREN)
_CLOSING = (kinds.TOKEN_RBRACKET, kinds.TOKEN_RPAREN)


def _look_over(tokens: list[Token], expression: str) -> None:
    """Refuses what is too large, `@` where there is nothing that it could be, and an empty filter."""
    operators = descents = depth = brackets = opened = 0
    for token in tokens:
        operators += token.kind in (kinds.TOKEN_AND, kinds.TOKEN_OR, kinds.TOKEN_NOT)
        descents += token.kind == kinds.TOKEN_DDOT
        brackets += (token.kind == kinds.TOKEN_LBRACKET) - (token.kind == kinds.TOKEN_RBRACKET)
        opened += token.kind == kinds.TOKEN_LBRACKET
        depth += (token.kind in _OPENING) - (token.kind in _CLOSING)
        is_large = operators > MOST_OPERATORS or descents > MOST_DESCENTS or opened > MOST_BRACKETS
        if is_large or depth > DEEPEST:
            raise FilterError(
                f"The kit reads filters with at most {MOST_OPERATORS} operators, {MOST_BRACKETS} brackets, {DEEPEST} of"
                f" them in each other, and {MOST_DESCENTS} times `..`.",
                "Simplify it; a regular expression with | takes the place of many comparisons.",
                expression,
                token.index,
            )
        if token.kind == kinds.TOKEN_SELF and brackets <= 0:
            raise FilterError(
                "`@` stands only inside [?( )].", "Write $ for the event: $.type.", expression, token.index
            )
    if not any(token.kind != kinds.TOKEN_WHITESPACE for token in tokens):
        raise FilterError("The filter is empty.", _FORM + " $.* takes every event.", expression, 0)


def _refusal(error: JSONPathError, tokens: list[Token], expression: str) -> FilterError:
    token = error.token
    ended = token is None or token.kind == kinds.TOKEN_EOF
    at = len(expression) if token is None or ended else token.index
    word = "" if token is None else token.value
    message = str(error.args[0]) if error.args else "it can't be read"
    hint = _hint(message, word, at, tokens, expression)
    if token is not None and word:
        at = max(0, at - (token.index - begin_of(token)))
    return FilterError(f"At character {at + 1}: {message}.", hint, expression, at)


def _hint(message: str, word: str, at: int, tokens: list[Token], expression: str) -> str:
    if "regular expression" in message:
        return "It is one of Go's regexp package (RE2), in quotes."
    if "non-singular" in message:
        return "A path with * or .. selects several values; compare one attribute, such as $.type."
    if word in _HINTS:
        return _HINTS[word]
    before = [t for t in tokens if t.index < at and t.kind != kinds.TOKEN_WHITESPACE]
    if word and word.isidentifier() and before and before[-1].kind in (kinds.TOKEN_EQ, kinds.TOKEN_NE, kinds.TOKEN_RE):
        return f'Put the text in quotes: "{word}".'
    if expression[at + len(word) : at + len(word) + 1] == "(" and word.isidentifier():
        return f"Filters have no functions, and so no {word}( ); =~ matches a text."
    if word and word.isidentifier() and not before:
        return f"A path begins with $: $.{word}."
    return _FORM
