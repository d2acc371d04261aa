"""Coverage-guided fuzzing of one reader: `python tools/fuzz_readers.py TARGET [SECONDS]`; needs atheris.

Any bytes must give a report or the documented error, never another exception; and of any lines `audit` must say what
`check` says. The corpus is the seed; what fails is written to crash-* in the current folder.
"""

from __future__ import annotations

import gzip
import json
import sys
import tempfile
from collections.abc import Callable
from itertools import chain, repeat
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["vpc_backup_events", "email", "jsonpath", "pydantic_handlebars"]):
    import vpc_backup_events as vbe
    from vpc_backup_events.audit import audit
    from vpc_backup_events.authoring.filters import parse
    from vpc_backup_events.authoring.filters.review import explain
    from vpc_backup_events.authoring.registration import lint
    from vpc_backup_events.authoring.templates import render
    from vpc_backup_events.checking.check import check_inputs
    from vpc_backup_events.checking.interpretation import interpret
    from vpc_backup_events.making import corpus
    from vpc_backup_events.values.errors import KitError
    from vpc_backup_events.values.report import Report

# of so many filters one is explained
EXPLAINED = 16


def _reported(report: Report) -> None:
    json.dumps(report.as_json(), ensure_ascii=False).encode("utf-8", "surrogatepass")
    assert all(finding.message for finding in report.findings)


def _told(error: KitError) -> None:
    if not (error.message and error.hint):
        raise AssertionError("an error says what happened and what to do")


def event(data: bytes) -> None:
    """An event, in both profiles."""
    _reported(vbe.check(data))
    _reported(vbe.check(data, "strict"))
    interpret(data)


def inputs(data: bytes) -> None:
    """A file of events: split documents, HTTP messages."""
    _reported(check_inputs([("x.json", data), ("x", data)]))


def http(data: bytes) -> None:
    """An HTTP request."""
    _reported(check_inputs([("x.http", b"POST / HTTP/1.1\r\n" + data)]))


def email(data: bytes) -> None:
    """An email."""
    _reported(check_inputs([("x.eml", data)]))


def packed(data: bytes) -> None:
    """Gzip, whole and damaged."""
    _reported(check_inputs([("x.gz", data), ("y.gz", gzip.compress(data)), ("z.gz", b"\x1f\x8b\x08" + data)]))


def archive(data: bytes) -> None:
    """Lines, three times each, so that the later ones are judged by their shape."""
    if data.startswith((b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PAR1")):
        # of what is damaged, or that check does not read, they say different things
        return
    lines = b"\n".join(chain.from_iterable(repeat(line, 3) for line in data.split(b"\n")))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.ndjson"
        path.write_bytes(lines)
        judged, _ = audit(path, examples=1)
    checked = check_inputs([("a.ndjson", lines)])
    assert (judged.events, judged.by_requirement()) == (checked.events, checked.by_requirement())


def filters(data: bytes) -> None:
    """A filter of a topic."""
    text = data.decode("utf-8", "surrogateescape")
    try:
        topic_filter = parse(text)
    except KitError as error:
        _told(error)
        return
    # explaining tries every event of the documentation, which takes long
    if sum(data) % EXPLAINED == 0:
        explain(topic_filter)
    topic_filter.matches({"type": text, "data": {"x": [1, None]}})


def templates(data: bytes) -> None:
    """A template of a destination."""
    event = {"ibmendefaultlong": '{"a":1}', "ibmendefaultshort": "x", "data": {"x": [1, {"y": None}]}}
    render(data.decode("utf-8", "replace"), event, type="webhook")


def _lint(kind: str) -> Callable[[bytes], None]:
    def target(data: bytes) -> None:
        try:
            _reported(lint(data, kind, "strict", "x"))
        except KitError as error:
            _told(error)

    return target


TARGETS: dict[str, tuple[Callable[[bytes], None], str]] = {
    "event": (event, "event"),
    "inputs": (inputs, "event"),
    "http": (http, "message"),
    "email": (email, "email"),
    "gzip": (packed, "event"),
    "archive": (archive, "event"),
    "filter": (filters, "filter"),
    "template": (templates, "template"),
    "terraform": (_lint("terraform"), "registration"),
    "terraform-json": (_lint("terraform-json"), "registration"),
    "shell": (_lint("shell"), "registration"),
    "json": (_lint("json"), "registration"),
    "markdown": (_lint("markdown"), "registration"),
}


def _seed(case: corpus.Case) -> bytes:
    if case.kind in ("filter", "template"):
        content = json.loads(case.data)
        return str(content["expression" if case.kind == "filter" else "template"]).encode()
    return case.data


def main() -> None:
    """Runs the target for so many seconds."""
    name, seconds = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "60"
    target, kind = TARGETS[name]
    with tempfile.TemporaryDirectory() as folder:
        for number, case in enumerate(corpus.cases()):
            if case.kind == kind:
                (Path(folder) / str(number)).write_bytes(_seed(case))
        options = [f"-max_total_time={seconds}", "-max_len=8000", "-timeout=20", "-rss_limit_mb=2048", "-verbosity=0"]
        options.append("-print_final_stats=1")
        atheris.Setup([sys.argv[0], *options, folder], target)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
