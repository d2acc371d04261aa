"""Mutation testing: changes a part of the package in one place at a time, and sees whether its tests notice.

python tools/mutate.py checking                         every mutant of the checks; prints what survives
python tools/mutate.py trials --sample 100              as many of them, chosen by a seed
python tools/mutate.py checking --results a.json        keeps what survived
python tools/mutate.py checking --again a.json          judges those again, and makes no others

The changes are mutmut's. mutmut itself puts its mutants beside the functions that they replace, so that it has none of
functions with a decorator, nor of what runs when a module is imported; here most functions register themselves, and
much of a suite is a table of lambdas. So each mutant is a whole module, which a forked process imports in place of the
file: nothing is written to the tree. Tests that start another process do not see it. `nox -s mutation` installs it all.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from difflib import unified_diff
from functools import partial
from importlib.machinery import SourceFileLoader
from importlib.util import spec_from_file_location
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import coverage
import libcst as cst
import pytest
from hypothesis import HealthCheck, Phase, settings
from libcst.metadata import MetadataWrapper
from mutmut.mutation.file_mutation import Mutation, MutationVisitor
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "conformance" / "vpc_backup_events"
OF_TRIALS = ("run", "corners", "producer", "email", "receivers", "consumer", "client", "service", "words", "exchanges")
# part -> its modules below the package, and the tests that speak of them in this process
PARTS = {
    "reading": ("reading/*.py", ("tests/reading", "tests/checking/test_check.py", "tests/trust/test_readers.py")),
    "checking": ("checking/**/*.py", ("tests/checking",)),
    "trials": ("trials/**/*.py", tuple(f"tests/trials/test_{name}.py" for name in OF_TRIALS)),
    "authoring": ("authoring/**/*.py", ("tests/authoring",)),
}
# what measures time tells nothing where several run, nor does what runs in another process
LEFT_OUT = "not time_grows and not the_example_conforms and not as_a_pytest_class"
# pytest would rewrite the package as that of a plugin, and import it past the mutant
OPTIONS = ("-q", "-x", "-k", LEFT_OUT, "-p", "no:cacheprovider", "-p", "no:xdist", "--tb=short", "--assert=plain")
# seconds of tests that one mutant is worth; one that takes so many times longer, and some more, is stuck
BUDGET = 8.0
PATIENCE = 6
START = 20
SEED = 1
# status of a process that did not import its mutant
NOT_USED = 99


class Mutant(SourceFileLoader):
    """A module with one change: imports it in place of its file, and is a plugin of pytest that runs chosen tests."""

    def __init__(self, module: str, number: int, source: str, diff: list[str]) -> None:
        name = ".".join((PACKAGE.name, *Path(module).with_suffix("").parts)).removesuffix(".__init__")
        super().__init__(name, str(PACKAGE / module))
        self.module, self.number, self.source, self.diff = module, number, source, "\n".join(diff[1:])
        first, _, count = diff[0].split()[1].lstrip("-").partition(",")
        self.lines = range(int(first), int(first) + int(count or 1))
        self.tests: list[str] = []
        self.is_used = False

    def find_spec(self, fullname: str, path: object, target: object = None) -> Any:
        """The mutant, where its module is asked for."""
        return spec_from_file_location(fullname, self.path, loader=self) if fullname == self.name else None

    def get_code(self, fullname: str) -> Any:
        """Compiled anew, whatever is kept of the file."""
        self.is_used = True
        return compile(self.source, self.path, "exec")

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leaves what was chosen, in its order."""
        by_id = {item.nodeid: item for item in items}
        items[:] = [by_id[test] for test in self.tests if test in by_id]


class Everything(MutationVisitor):
    """mutmut's mutations of a whole module, those of decorated functions among them."""

    def _skip_node_and_children(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.Assign) and isinstance(node.targets[0].target, cst.Name):
            # what names a type, and what a module exports
            generic = node.value.value if isinstance(node.value, cst.Subscript) else None
            is_alias = isinstance(generic, cst.Name) and generic.value[:1].isupper()
            return is_alias or node.targets[0].target.value == "__all__"
        return not isinstance(node, cst.FunctionDef) and bool(super()._skip_node_and_children(node))


def mutants_of(file: Path) -> Iterator[Callable[[], Mutant | None]]:
    """Every mutant of a module, still to be made; None where the change is none."""
    wrapper = MetadataWrapper(cst.parse_module(file.read_text("utf-8")))
    visitor = Everything(mutation_operators, IgnoredCode(set(), set(), set()))
    wrapper.visit(visitor)
    name = file.relative_to(PACKAGE).as_posix()
    return (partial(_mutant, name, wrapper.module, n, mutation) for n, mutation in enumerate(visitor.mutations))


def _mutant(name: str, module: cst.Module, number: int, mutation: Mutation) -> Mutant | None:
    changed: Any = module.deep_replace(mutation.original_node, mutation.mutated_node)
    diff = [*unified_diff(module.code.splitlines(), changed.code.splitlines(), lineterm="", n=0)][2:]
    with suppress(SyntaxError):
        compile(changed.code, "mutant", "exec")
        return Mutant(name, number, changed.code, diff) if diff else None
    return None


@dataclass
class Known:
    """A plugin of pytest: which test runs which line, how long it takes, and what fails."""

    # id of a test -> seconds
    seconds: dict[str, float] = field(default_factory=dict)
    # module -> line -> the tests that run it
    tests: dict[str, dict[int, list[str]]] = field(default_factory=dict)

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """What runs from now on is this test's."""
        current: Any = coverage.Coverage.current()
        current.switch_context(nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Adds up setup, call and teardown."""
        self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0) + report.duration

    def of(self, mutant: Mutant, budget: float) -> list[str]:
        """The tests that a mutant is put to: first those that run its lines, the fastest first."""
        lines = self.tests.get(mutant.module, {})
        near = {test for line in mutant.lines for test in lines.get(line, ()) if test in self.seconds}
        # what is cached, or runs at import, shows in one test or none
        far = {test for tests in lines.values() for test in tests if test in self.seconds} - near
        chosen: list[str] = []
        for test in sorted(near | far, key=lambda test: (test in far, self.seconds[test], test)):
            budget -= self.seconds[test]
            if not chosen or budget > 0:
                chosen.append(test)
        return chosen


def watched(tests: tuple[str, ...], files: list[Path]) -> Known:
    """What the tests do without a mutant; from then on only they and the package are to be imported again."""
    known = Known()
    watch = coverage.Coverage(data_file=None, include=[str(file) for file in files])
    watch.start()
    status = pytest.main([*OPTIONS, *tests], plugins=[known])
    watch.stop()
    if status:
        raise SystemExit("The tests do not pass without a mutant.")
    data = watch.get_data()
    known.tests = {Path(f).relative_to(PACKAGE).as_posix(): data.contexts_by_lineno(f) for f in data.measured_files()}
    for name, module in list(sys.modules.items()):
        if name != "__main__" and str(getattr(module, "__file__", None)).startswith((f"{PACKAGE}/", f"{ROOT}/t")):
            del sys.modules[name]
    return known


def _judge(mutant: Mutant) -> None:
    """Ends this process with what pytest ends with; nothing is said."""
    os.setsid()
    for stream in (1, 2):
        os.dup2(os.open(os.devnull, os.O_RDWR), stream)
    sys.meta_path.insert(0, mutant)
    status = pytest.main([*OPTIONS, *sorted({test.partition("::")[0] for test in mutant.tests})], plugins=[mutant])
    os._exit(status if mutant.is_used else NOT_USED)


def outcome(mutant: Mutant, known: Known, budget: float) -> str:
    """What came of a mutant: killed, stuck, survived, or not reached by any test."""
    mutant.tests = known.of(mutant, budget)
    if not mutant.tests:
        return "not reached"
    process = get_context("fork").Process(target=_judge, args=(mutant,))
    process.start()
    process.join(START + PATIENCE * sum(known.seconds[test] for test in mutant.tests))
    status = process.exitcode
    # with what it started, and did not end
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid or 0, signal.SIGKILL)
    if status == NOT_USED:
        raise SystemExit(f"The tests of {mutant.module} do not import it.")
    return "stuck" if status is None else "killed" if status else "survived"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("part", choices=PARTS)
    parser.add_argument("--module", default="*", help="of these modules alone, a pattern such as 'consumer/*'")
    parser.add_argument("--sample", type=int, metavar="N", help="judge N mutants, chosen by the seed")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--budget", type=float, default=BUDGET, help="seconds of tests a mutant")
    parser.add_argument("--results", type=Path, help="file to keep what survived in")
    parser.add_argument("--again", type=Path, help="such a file: judges these and no others")
    asked = parser.parse_args()

    pattern, tests = PARTS[asked.part]
    files = sorted(file for file in PACKAGE.glob(pattern) if file.match(asked.module))
    drafts = {(f.relative_to(PACKAGE).as_posix(), n): draft for f in files for n, draft in enumerate(mutants_of(f))}
    if asked.again:
        drafts = {(m, n): drafts[m, n] for m, n in json.loads(asked.again.read_text("utf-8")) if (m, n) in drafts}
    if asked.sample and asked.sample < len(drafts):
        drafts = {key: drafts[key] for key in random.Random(SEED).sample(sorted(drafts), asked.sample)}
    mutants = [mutant for key in sorted(drafts) if (mutant := drafts[key]())]

    # what fails has failed: there is no need to find out how little is enough
    quick = {"derandomize": True, "deadline": None, "database": None, "phases": (Phase.explicit, Phase.generate)}
    settings.register_profile("mutation", suppress_health_check=list(HealthCheck), **quick)  # type: ignore[arg-type]
    settings.load_profile("mutation")
    os.chdir(ROOT)
    known = watched(tests, files)
    counts = dict.fromkeys(("killed", "stuck", "survived", "not reached"), 0)
    survivors = []
    with ThreadPoolExecutor(asked.jobs) as pool:
        for mutant, came in zip(mutants, pool.map(lambda m: outcome(m, known, asked.budget), mutants), strict=True):
            counts[came] += 1
            if came in ("survived", "not reached"):
                survivors.append((mutant.module, mutant.number))
                print(f"{came}: {mutant.module}, line {mutant.lines.start}\n{mutant.diff}\n", flush=True)
    if asked.results:
        asked.results.write_text(json.dumps(survivors, indent=1) + "\n", "utf-8")
    killed = counts["killed"] + counts["stuck"]
    print(
        f"{asked.part}: {len(mutants)} mutants, {killed} killed ({100 * killed / max(1, len(mutants)):.1f} %), {counts}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
