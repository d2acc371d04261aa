"""Asks independent JSON Schema validators about every case of the corpus, and names each on which they differ.

    python tools/second_opinions.py                  jsonschema, jsonschema-rs, ajv with ajv-formats, and Hyperjump
    python tools/second_opinions.py --node FOLDER    with the packages for Node.js in a copy of tools/second_opinions/
    python tools/second_opinions.py --without-node   jsonschema and jsonschema-rs alone

jsonschema and jsonschema-rs are set up as the kit sets up its engines: jsonschema by itself lets a `$` match before a
last line break too, which is not ECMA 262. No schema of an event relies on `format`, which the kit does not assert;
ajv-formats asserts it, so that one that came to rely on it would be a difference.

Exits 1 where two validators differ, 2 where one of them is not there.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from vpc_backup_events import catalog
from vpc_backup_events.catalog import normal_form
from vpc_backup_events.checking.rules.codes import code_of
from vpc_backup_events.reading import NOTHING, read
from vpc_backup_events.reading.inputs import split
from vpc_backup_events.reading.tolerant import details_value
from vpc_backup_events.spec.engines import Schema
from vpc_backup_events.spec.schemas import ENGINES, PREFIX, load_engine
from vpc_backup_events.values.breach import Breach
from vpc_backup_events.values.data import data_root
from vpc_backup_events.values.errors import KitError
from vpc_backup_events.values.json_text import NotJsonError
from vpc_backup_events.values.report import Source

NODE = Path(__file__).with_suffix("")
# program, and the package that it speaks for
NODE_VALIDATORS = {"ajv": "ajv", "hyperjump": "@hyperjump/json-schema"}
# whether the instance is valid, or why the validator could not say
Verdict = bool | str
# name and version -> the verdict on each question, in their order
Validators = Mapping[str, Callable[["list[Question]"], list[Verdict]]]


class MissingError(KitError):
    """A validator is not there."""

    code = "missing"


@dataclass(slots=True)
class Question:
    """Whether an instance is valid under a schema."""

    # `$id`, with or without a JSON Pointer after `#`
    schema: str
    instance: Any
    # what the instance was taken from: files of the corpus, places in schemas
    origins: list[str] = field(default_factory=list)


def schemas() -> dict[str, Schema]:
    """Every schema file by its `$id`; the bundle, which only repeats the others, is left out."""
    paths = sorted(data_root("schemas").rglob("*.schema.json"))
    contents = (json.loads(path.read_bytes()) for path in paths if path.name != "bundle.schema.json")
    return {schema["$id"]: schema for schema in contents}


# ------------------------------------------------------------------------------------------------- the questions


def collect() -> tuple[list[Question], Counter[str]]:
    """Every question once, and how many cases of which kind give none: no JSON, or nothing that a schema describes."""
    questions: dict[tuple[str, str], Question] = {}
    silent: Counter[str] = Counter()

    def ask(origin: str, pairs: Iterable[tuple[str, Any]]) -> bool:
        some = False
        for uri, instance in pairs:
            text = json.dumps(instance)
            # parsed again, so that each validator sees nothing but plain JSON
            question = questions.setdefault((uri, text), Question(uri, json.loads(text)))
            question.origins.append(origin)
            some = True
        return some

    root = data_root("fixtures")
    manifest = json.loads((root / "manifest.json").read_bytes())
    for case in manifest["cases"]:
        instances = list(_case(case["kind"], (root / case["file"]).read_bytes(), case["file"]))
        if not any([ask(origin, pairs) for origin, pairs in instances]):
            silent[case["kind"]] += 1
    ask("manifest.json", [(f"{PREFIX}corpus:manifest", manifest)])
    for uri, schema in schemas().items():
        for index, example in enumerate(schema.get("examples", ())):
            ask(f"{uri}#/examples/{index}", [(uri, example)])
    for folder in ("catalog", "registration"):
        for path in sorted((data_root("schemas") / folder).rglob("*.json")):
            if not path.match("*.schema.json"):
                name = folder if folder == "catalog" else path.stem
                ask(path.name, [(f"{PREFIX}{name}", json.loads(path.read_bytes()))])
    return list(questions.values()), silent


def _case(kind: str, data: bytes, file: str) -> Iterator[tuple[str, Iterator[tuple[str, Any]]]]:
    """What a file of the corpus gives: where each event or its details stand, and the pairs of schema and instance."""
    if kind == "registration":
        return
    if kind in ("details", "email"):
        text = data.decode("utf-8", "replace")
        # an email begins with its title, the tolerant reader with its body
        _, _, body = text.partition("Email Body:")
        try:
            details, _, _ = details_value(body or text)
        except NotJsonError:
            return
        yield file, _of_details(details, None)
        return
    for item, source in split(data, file):
        if not isinstance(item, Breach):
            reading = read(item)
            yield _place(file, source), _of_event(reading.event, reading.details)


def _place(file: str, source: Source) -> str:
    return file if source.index is None else f"{file}[{source.index}]"


def _of_event(event: Any, details: Any) -> Iterator[tuple[str, Any]]:
    if event is NOTHING:
        return
    named = event.get("type") if isinstance(event, dict) else None
    name = _event_types().get(named) if isinstance(named, str) else None
    for member in ("envelope", *filter(None, [name])):
        yield from _both("event", member, event)
    if details is not NOTHING:
        yield from _of_details(details, name)


def _of_details(details: Any, event_type: str | None) -> Iterator[tuple[str, Any]]:
    form = "email" if isinstance(details, dict) and "reasons" in details else "long-text"
    yield from _both("details", form, details)
    if event_type:
        member = "email" if form == "email" else "details"
        yield from ((f"{uri}#/$defs/{member}", details) for uri, _ in _both("event", event_type, details))
    for reason in _reasons_of(details):
        yield from _both("reason", reason, details)


def _both(folder: str, name: str, instance: Any) -> Iterator[tuple[str, Any]]:
    yield f"{PREFIX}{folder}:{name}", instance
    yield f"{PREFIX}{folder}:strict:{name}", instance


@cache
def _event_types() -> dict[str, str]:
    names: dict[str, str] = {}
    for event_type in catalog.event_types.values():
        names |= dict.fromkeys((event_type.type, *event_type.aliases), event_type.name)
    return names


@cache
def _reasons() -> dict[str, frozenset[str]]:
    """Normal form of a code -> the reasons that it may mean."""
    reasons: dict[str, frozenset[str]] = {}
    for pair in catalog.pairs.values():
        for spelling in pair.spellings:
            normal = normal_form(spelling.spelling)
            reasons[normal] = reasons.get(normal, frozenset()) | {pair.reason}
    return reasons


def _reasons_of(details: Any) -> list[str]:
    if not isinstance(details, dict):
        return []
    items = details.get("reasons")
    stated = [item.get("status") for item in (items if isinstance(items, list) else ()) if isinstance(item, dict)]
    if isinstance(details.get("status_reason"), str):
        stated.append(code_of(details["status_reason"]))
    codes = [normal_form(code) for code in stated if isinstance(code, str)]
    return sorted(frozenset[str]().union(*(_reasons().get(code, frozenset()) for code in codes)))


# ------------------------------------------------------------------------------------------------- the validators


def python_validators() -> Validators:
    """The kit's two engines."""
    validators: dict[str, Callable[[list[Question]], list[Verdict]]] = {}
    for package in ENGINES:
        try:
            engine = load_engine(package, schemas())
        except ImportError as error:
            raise MissingError(f"{package} can't be imported: {error}.", f"Run: pip install {package}") from None
        validators[f"{package} {metadata.version(package)}"] = _asker(engine)
    return validators


def _asker(engine: Any) -> Callable[[list[Question]], list[Verdict]]:
    compiled = cache(engine.validator)

    def answer(question: Question) -> Verdict:
        try:
            return bool(compiled(question.schema).is_valid(question.instance))
        except Exception as error:
            return f"{type(error).__name__}: {error}"

    return lambda questions: [answer(question) for question in questions]


def node_validators(folder: Path) -> Validators:
    """The programs for Node.js in `folder`, whose packages are installed there."""
    node = shutil.which("node")
    if node is None:
        hint = "Install Node.js 18 or newer (on Debian: apt-get install nodejs npm), or ask --without-node."
        raise MissingError("node is not on the path.", hint)
    validators: dict[str, Callable[[list[Question]], list[Verdict]]] = {}
    for program, package in NODE_VALIDATORS.items():
        about = folder / "node_modules" / package / "package.json"
        if not about.exists():
            raise MissingError(f"{package} is not installed in {folder}.", f"Run: npm ci --prefix {folder}")
        name = f"{program} {json.loads(about.read_bytes())['version']}"
        validators[name] = _runner([node, str(folder / f"{program}.mjs")])
    return validators


def _runner(command: list[str]) -> Callable[[list[Question]], list[Verdict]]:
    def run(questions: list[Question]) -> list[Verdict]:
        lines = (json.dumps({"schema": question.schema, "instance": question.instance}) for question in questions)
        with TemporaryDirectory() as name:
            file = Path(name, "schemas.json")
            file.write_text(json.dumps(list(schemas().values())), "utf-8")
            text = "".join(f"{line}\n" for line in lines)
            process = subprocess.run([*command, str(file)], input=text, capture_output=True, encoding="utf-8")
        verdicts: list[Verdict] = [json.loads(line) for line in process.stdout.splitlines()]
        if process.returncode or len(verdicts) != len(questions):
            raise MissingError(
                f"{command[-1]} answered {len(verdicts)} of {len(questions)} questions and exited"
                f" {process.returncode}.",
                f"It said:\n{process.stderr.strip()}",
            )
        return verdicts

    return run


# ------------------------------------------------------------------------------------------------- the comparison


def compare(questions: list[Question], validators: Validators) -> Iterator[str]:
    """Asks every validator every question; yields a table, and a paragraph for each difference."""
    verdicts = {name: ask(questions) for name, ask in validators.items()}
    width = max(map(len, verdicts))
    yield f"{'validator':{width}}  {'cases':>6}  {'accepted':>8}  {'refused':>8}"
    for name, answers in verdicts.items():
        yield f"{name:{width}}  {len(answers):>6}  {answers.count(True):>8}  {answers.count(False):>8}"
    for index, question in enumerate(questions):
        verdict_of = {name: answers[index] for name, answers in verdicts.items()}
        # an error is no verdict, also where all have the same
        if set(verdict_of.values()) not in ({True}, {False}):
            more = f" and {len(question.origins) - 1} more" if len(question.origins) > 1 else ""
            yield f"\n{question.origins[0]}{more}, by {question.schema}:"
            yield from (f"  {name:{width}}  {_word(answer)}" for name, answer in verdict_of.items())


def _word(verdict: Verdict) -> str:
    return verdict if isinstance(verdict, str) else "accepts" if verdict else "refuses"


def main(arguments: list[str] | None = None) -> int:
    """Prints the comparison."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--without-node", action="store_true", help="only the validators in Python")
    parser.add_argument("--node", type=Path, default=NODE, metavar="FOLDER", help="where npm ci was run")
    options = parser.parse_args(arguments)
    try:
        validators = {**python_validators(), **({} if options.without_node else node_validators(options.node))}
        questions, silent = collect()
        head, *rows = compare(questions, validators)
    except MissingError as error:
        print(f"second_opinions: {error}", file=sys.stderr)
        return 2
    print("\n".join([head, *rows]))
    left_out = ", ".join(f"{count} of kind {kind}" for kind, count in sorted(silent.items()))
    differences = sum(row.startswith("\n") for row in rows)
    print(f"\ndifferences: {differences}; cases that no schema decides: {left_out or 'none'}")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
