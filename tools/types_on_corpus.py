"""Whether types that public generators make for Python, TypeScript and Go take the conforming events of the corpus, and
whether the consumers of docs/types.md, which use them, read the facts that the kit reads.

    python tools/types_on_corpus.py --node FOLDER

FOLDER has what tools/types_of_schemas/package.json names installed: `nox -s types-of-schemas`. Exits 1 where types
refuse a case that conforms, or a consumer reads other facts than the kit.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from types_of_schemas import DOCUMENT, ROOT, run, type_name, write
from vpc_backup_events import catalog
from vpc_backup_events.checking.interpretation import interpret
from vpc_backup_events.making import corpus
from vpc_backup_events.spec.schemas import PREFIX, validator

sys.path.insert(0, str(ROOT / "tests"))

# how a page is read stands with its tests
from helpers.pages import Block, blocks  # type: ignore[import-not-found]

PAGE = ROOT / "docs" / "types.md"
# programs that give the consumers of the page one event after the other, and print what they read
RUNNERS = Path(__file__).with_name("types_of_schemas") / "runners"
CASES = "cases.ndjson"
TYPED = ["--output", "typed.py", "--output-model-type", "typing.TypedDict", "--formatters", "builtin"]
STRICT = ["--strict", "--module", "nodenext", "--target", "es2022"]


@dataclass(frozen=True, slots=True)
class Case:
    """An event of the corpus in the form that the schemas describe, so that a type can speak of it."""

    file: str
    event: dict[str, Any]
    details: dict[str, Any]

    @property
    def type_name(self) -> str:
        """The type that the generators give its event."""
        stated = self.event["type"]
        return next(type_name(e.name) for e in catalog.event_types.values() if stated in (e.type, *e.aliases))


def prove(node: Path) -> int:
    """Makes the types, reads the cases with each, says what came out; 1 where types and kit differ."""
    readable, others = cases()
    with TemporaryDirectory() as name:
        folder = Path(name)
        page = prepare(folder, node)
        (folder / CASES).write_text("".join(json.dumps(case.event) + "\n" for case in readable))
        problems = [*shown_problems(page, folder)]
        python = run([sys.executable, "run.py", CASES], folder)
        problems += differences("pydantic", readable, python)
        run([sys.executable, "run_typed.py", CASES], folder)
        print(f"TypedDict: takes {len(readable)} events with their details")
        problems += differences("TypeScript", readable, of_typescript(folder, readable))
        if shutil.which("go"):
            problems += differences("Go", readable, of_go(folder))
        else:
            print("Go: the types are made, and not compiled: there is no go here")
    print(f"not read: {len(others)} events that conform with a warning, as their form is none of the schemas'")
    print("".join(f"{problem}\n" for problem in problems), end="")
    return 1 if problems else 0


def cases() -> tuple[list[Case], list[str]]:
    """The events of the corpus that conform: those of the schemas' own form, and the files of the others."""
    readable, others = [], []
    for case in corpus.select(verdict="valid", kind="event"):
        details = json_of(case.event["ibmendefaultlong"])
        if has_form(case.event, details):
            readable.append(Case(case.file, case.event, details))
        else:
            others.append(case.file)
    return readable, others


def json_of(text: str) -> Any:
    """The JSON that a text is, or None."""
    try:
        return json.loads(text)
    except ValueError:
        return None


def has_form(event: dict[str, Any], details: Any) -> bool:
    """Whether the schema of its type passes the event, and the one of its details these."""
    event_type = next((e for e in catalog.event_types.values() if event["type"] in (e.type, *e.aliases)), None)
    if event_type is None:
        return False
    uri = f"{PREFIX}event:{event_type.name}"
    return validator(uri).is_valid(event) and validator(f"{uri}#/$defs/details").is_valid(details)


def prepare(folder: Path, node: Path) -> list[Block]:
    """Puts the document, the page's consumers and their runners into the folder, and what the page's commands make."""
    write(folder / DOCUMENT)
    shutil.copytree(RUNNERS, folder, dirs_exist_ok=True)
    (folder / "node_modules").symlink_to(node / "node_modules")
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    page: list[Block] = blocks(PAGE)
    for block in page:
        if block.title:
            (folder / block.title).write_text(block.text)
        elif block.mark.startswith("types: ") and block.language == "sh":
            run(["sh", "-c", block.text], folder, env=environment)
    generator = ["datamodel-codegen", "--input", DOCUMENT, "--input-file-type", "jsonschema", *TYPED]
    run(generator, folder, env=environment)
    return page


def shown_problems(page: list[Block], folder: Path) -> Iterator[str]:
    """What the page shows of the models, and the generator does not make."""
    (shown,) = [block for block in page if block.mark == "types: details"]
    if shown.text not in (folder / "models.py").read_text():
        yield f"{PAGE.name} shows other details than are made:\n{(folder / 'models.py').read_text()}"


def of_typescript(folder: Path, readable: list[Case]) -> str:
    """What the consumer in TypeScript reads, once the compiler has taken every case as a constant of its type."""
    lines = [f"import type {{ {', '.join(sorted({'Details', *(c.type_name for c in readable)}))} }} from './types.js';"]
    for number, case in enumerate(readable):
        lines.append(f"export const event{number}: {case.type_name} = {json.dumps(case.event)};")
        lines.append(f"export const details{number}: Details = {json.dumps(case.details)};")
    # the compiler would not be quiet about a type that refuses nothing
    lines += ["// @ts-expect-error there is no such job", f"export const no: Details = {unknown_job(readable[0])};"]
    (folder / "cases.ts").write_text("\n".join(lines) + "\n")
    compiler = folder / "node_modules" / ".bin" / "tsc"
    run([compiler, *STRICT, "--noEmit", "cases.ts", "consumer.ts"], folder)
    run([compiler, *STRICT, "consumer.ts"], folder)
    return run(["node", "run.mjs", CASES], folder)


def unknown_job(case: Case) -> str:
    """The details with a type of job that is none."""
    return json.dumps({**case.details, "job_type": "purge"})


def of_go(folder: Path) -> str:
    """What the consumer in Go reads."""
    environment = {**os.environ, "GOCACHE": str(folder / "gocache"), "GOTOOLCHAIN": "local", "GOFLAGS": "-mod=mod"}
    return run(["go", "run", "run.go", "types.go", "consumer.go", CASES], folder, env=environment)


def differences(name: str, readable: list[Case], printed: str) -> list[str]:
    """The cases of which a consumer reads other facts than the kit."""
    facts = [json.loads(line) for line in printed.splitlines()]
    problems = []
    for case, read in zip(readable, facts, strict=True):
        mine, kits = canonical(read), interpret(case.event)
        if mine != kits:
            problems.append(f"{name}: {case.file}: reads {mine}, and the kit {kits}")
    print(f"{name}: reads the facts of {len(readable) - len(problems)} of {len(readable)} events")
    return problems


def canonical(facts: dict[str, Any]) -> dict[str, str]:
    """The facts in the catalog's words, whichever documented spelling the event had."""
    details = {
        "match_resource_type": facts["resource_type"],
        "job_type": facts["job_type"],
        "status_reason": facts["reason"],
        **{name: facts[name] for name in ("backup_policy", "backup_policy_plan")},
        **{name: facts[name] for name in ("backup_policy_job", "resource") if facts.get(name)},
    }
    event = {
        "source": facts["source"],
        "id": facts["id"],
        "type": facts["event_type"],
        "ibmenseverity": facts.get("severity"),
        "ibmendefaultlong": json.dumps(details),
    }
    return interpret(event)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--node", type=Path, required=True, help="folder with node_modules")
    return prove(parser.parse_args().node.resolve())


if __name__ == "__main__":
    sys.exit(main())
