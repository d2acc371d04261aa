"""The language of topic filters on python-jsonpath: its paths as they are, and Event Notifications' own operators.

A filter is what stands in the brackets of JSONPath's `[?( )]`, with `$` for the event. What the library offers beyond
the documented operators (`!`, `and`, `in`, functions, `/regular expressions/`, unions of queries) is taken out, and
`=~` takes a text in quotes, in the flavour of RE2.
"""

from __future__ import annotations

from functools import partial

from jsonpath import token as kinds
from jsonpath.exceptions import JSONPathError, JSONPathSyntaxError
from jsonpath.filter import BaseExpression, FilterExpression, InfixExpression, PrefixExpression, walk
from jsonpath.path import JSONPath
from jsonpath.segments import JSONPathRecursiveDescentSegment
from jsonpath.selectors import NameSelector
from jsonpath.stream import TokenStream
from jsonpath.token import Token

from vpc_backup_events.authoring.filters._environment import ENVIRONMENT, Match, Root, begin_of, passes
from vpc_backup_events.authoring.filters.model import Filter, FilterError
from vpc_backup_events.authoring.filters.tree import (
    Comparison,
    Condition,
    Negation,
    Node,
    Path,
    Value,
    conditions_of,
    joined,
    leaves,
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
        tree = _tree(root, tokens[0])
        conditions: list[Condition] = []
        for leaf, negated in leaves(tree):
            conditions += conditions_of(leaf, negated)
        refused = any(isinstance(node, Match) and node.pattern is None for node in walk(root))
        return Filter(expression, partial(passes, FilterExpression(root)), tree, tuple(conditions), refused)
    except JSONPathError as error:
        raise _refusal(error, tokens, expression) from None
    except (RecursionError, ValueError, OverflowError, KeyError, IndexError, AssertionError):
        at = tokens[-1].index if tokens else 0
        raise FilterError("The filter can't be read.", _FORM, expression, at) from None


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
    if not isinstance(side, Path):
        raise JSONPathSyntaxError("a value alone is no condition", token=first)
    return side


def _side(node: BaseExpression) -> Path | Value:
    if isinstance(node, Root):
        names, whole = _names(node.path)
        return Path(names, whole, node.text, node.begin)
    # null has no value
    value: Value = getattr(node, "value", None)
    return value


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
    word = "" if token is None else token.value
    at = len(expression) if token is None or token.kind == kinds.TOKEN_EOF else token.index
    message = str(error.args[0])
    hint = _hint(message, word, at, tokens, expression)
    if token is not None and word:
        at = begin_of(token)
    return FilterError(f"At character {at + 1}: {message}.", hint, expression, at)


def _hint(message: str, word: str, at: int, tokens: list[Token], expression: str) -> str:
    if "regular expression" in message:
        return "It is one of Go's regexp package (RE2), in quotes."
    if word in _HINTS:
        return _HINTS[word]
    if word.isidentifier():
        before = [t.kind for t in tokens if t.index < at and t.kind != kinds.TOKEN_WHITESPACE]
        if before and before[-1] in (kinds.TOKEN_EQ, kinds.TOKEN_NE, kinds.TOKEN_RE):
            return f'Put the text in quotes: "{word}".'
        if expression[at + len(word) : at + len(word) + 1] == "(":
            return f"Filters have no functions, and so no {word}( ); =~ matches a text."
        if not before:
            return f"A path begins with $: $.{word}."
    return _FORM
