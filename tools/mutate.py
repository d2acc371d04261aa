"""Mutation testing: changes a part of the package in one place at a time, and sees whether its tests notice.

`python tools/mutate.py checking` judges every mutant of the checks, and prints what survives; see `--help`.

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
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from difflib import unified_diff
from importlib.machinery import SourceFileLoader
from importlib.util import spec_from_file_location
from itertools import accumulate
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import coverage
import libcst as cst
import libcst.matchers as m
import pytest
from hypothesis import HealthCheck, Phase, settings
from libcst.metadata import MetadataWrapper
from mutmut.mutation.file_mutation import Mutation, MutationVisitor
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "conformance" / "vpc_backup_events"
# part -> its modules below the package, and the tests that speak of them in this process
PARTS = {
    "reading": ("reading/*.py", ("tests/reading", "tests/checking/test_check.py", "tests/trust/test_readers.py")),
    "checking": ("checking/**/*.py", ("tests/checking",)),
    "trials": ("trials/**/*.py", ("tests/trials",)),
    "authoring": ("authoring/**/*.py", ("tests/authoring",)),
}
# what measures time tells nothing where several run, nor does what runs in another process, or would install packages
LEFT_OUT = "not time_grows and not the_example_conforms and not as_a_pytest_class and not test_libraries"
# pytest would rewrite the package as that of a plugin, and import it past the mutant
OPTIONS = ("-q", "-x", "-k", LEFT_OUT, "-p", "no:cacheprovider", "-p", "no:xdist", "--tb=short", "--assert=plain")
# a mutant that takes so many times longer than its tests do without it, and some seconds more, is stuck
PATIENCE, START = 6, 20
SEED = 1
# what a module exports, and what names a type
EXPORTS = m.Assign([m.AssignTarget(m.Name("__all__"))])
ALIAS = m.Assign([m.AssignTarget(m.Name())], m.Subscript(m.Name(m.MatchRegex("[A-Z].*"))))
# status of a process that did not import its mutant
NOT_USED = 99


class Mutant(SourceFileLoader):
    """A module with one change: imports it in place of its file, and is a plugin of pytest that runs chosen tests."""

    def __init__(self, file: str, number: int, module: cst.Module, mutation: Mutation) -> None:
        name = ".".join((PACKAGE.name, *Path(file).with_suffix("").parts)).removesuffix(".__init__")
        super().__init__(name, str(PACKAGE / file))
        changed: Any = module.deep_replace(mutation.original_node, mutation.mutated_node)
        diff = unified_diff(module.code.splitlines(), changed.code.splitlines(), lineterm="", n=0)
        _, _, where, *lines = diff
        first, _, count = where.split()[1].lstrip("-").partition(",")
        self.key, self.source, self.diff = (file, number), changed.code, "\n".join(lines)
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

    def judge(self) -> None:
        """Ends this process with what pytest ends with; nothing is said."""
        os.setsid()
        for stream in (1, 2):
            os.dup2(os.open(os.devnull, os.O_RDWR), stream)
        sys.meta_path.insert(0, self)
        status = pytest.main([*OPTIONS, *sorted({test.partition("::")[0] for test in self.tests})], plugins=[self])
        os._exit(status if self.is_used else NOT_USED)


class Everything(MutationVisitor):
    """mutmut's mutations of a whole module, those of decorated functions among them."""

    def _skip_node_and_children(self, node: cst.CSTNode) -> bool:
        if m.matches(node, m.FunctionDef()):
            return False
        return m.matches(node, EXPORTS | ALIAS) or bool(super()._skip_node_and_children(node))


def mutations(file: Path) -> list[tuple[cst.Module, Mutation]]:
    """Every change of a module, still to be made."""
    wrapper = MetadataWrapper(cst.parse_module(file.read_text("utf-8")))
    visitor = Everything(mutation_operators, IgnoredCode(set(), set(), set()))
    wrapper.visit(visitor)
    return [(wrapper.module, mutation) for mutation in visitor.mutations]


class Known:
    """What the tests do without a mutant: a plugin of pytest."""

    def __init__(self, tests: tuple[str, ...], files: list[Path], budget: float) -> None:
        self.budget = budget
        # id of a test -> seconds of its setup, call and teardown
        self.seconds: dict[str, float] = defaultdict(float)
        self.watch = coverage.Coverage(data_file=None, include=[str(file) for file in files])
        self.watch.start()
        status = pytest.main([*OPTIONS, *tests], plugins=[self])
        self.watch.stop()
        if status:
            raise SystemExit("The tests do not pass without a mutant.")
        data = self.watch.get_data()
        # file -> line -> the tests that run it
        self.tests = {file: data.contexts_by_lineno(file) for file in data.measured_files()}

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """What runs from now on is this test's."""
        self.watch.switch_context(nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Adds up setup, call and teardown."""
        self.seconds[report.nodeid] += report.duration

    def chosen(self, mutant: Mutant) -> list[str]:
        """The tests that a mutant is put to: first those that run its lines, the fastest first."""
        lines = self.tests.get(mutant.path, {})
        near = {test for line in mutant.lines for test in lines.get(line, ())}
        # the others too: what is cached, or runs at import, shows in one test or none
        order = sorted(self.seconds, key=lambda test: (test not in near, self.seconds[test], test))
        spent = accumulate(self.seconds[test] for test in order)
        return [test for test, seconds in zip(order, spent, strict=True) if seconds < self.budget] or order[:1]

    def outcome(self, mutant: Mutant) -> str:
        """What came of a mutant: killed, stuck or survived."""
        mutant.tests = self.chosen(mutant)
        process = get_context("fork").Process(target=mutant.judge)
        process.start()
        process.join(START + PATIENCE * sum(self.seconds[test] for test in mutant.tests))
        status = process.exitcode
        # with what it started, and did not end
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid or 0, signal.SIGKILL)
        if status == NOT_USED:
            raise SystemExit(f"The tests of {mutant.path} do not import it.")
        return "stuck" if status is None else "killed" if status else "survived"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("part", choices=PARTS)
    parser.add_argument("--module", default="*", help="of these modules alone, a pattern such as 'consumer/*'")
    parser.add_argument("--sample", type=int, metavar="N", help="judge N mutants, chosen by the seed")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--budget", type=float, default=8.0, help="seconds of tests that a mutant is worth")
    parser.add_argument("--results", type=Path, help="file to keep what survived in")
    parser.add_argument("--again", type=Path, help="such a file: judges these and no others")
    asked = parser.parse_args()

    pattern, tests = PARTS[asked.part]
    files = sorted(file for file in PACKAGE.glob(pattern) if file.match(asked.module))
    drafts = {(f.relative_to(PACKAGE).as_posix(), n): draft for f in files for n, draft in enumerate(mutations(f))}
    keys = set(drafts)
    if asked.again:
        keys &= set(map(tuple, json.loads(asked.again.read_text("utf-8"))))
    chosen = random.Random(SEED).sample(sorted(keys), min(asked.sample or len(keys), len(keys)))
    mutants = [Mutant(*key, *drafts[key]) for key in sorted(chosen)]

    # what fails has failed: there is no need to find out how little is enough
    phases, slow = (Phase.explicit, Phase.generate), list(HealthCheck)
    settings.register_profile("mutation", settings.get_profile("ci"), phases=phases, suppress_health_check=slow)
    settings.load_profile("mutation")
    os.chdir(ROOT)
    known = Known(tests, files, asked.budget)
    # only these are to be imported again
    for name, module in list(sys.modules.items()):
        if name != "__main__" and str(getattr(module, "__file__", None)).startswith((f"{PACKAGE}/", f"{ROOT}/t")):
            del sys.modules[name]
    counts = Counter(killed=0, stuck=0, survived=0)
    survivors = []
    with ThreadPoolExecutor(asked.jobs) as pool:
        for judged, outcome in zip(mutants, pool.map(known.outcome, mutants), strict=True):
            counts[outcome] += 1
            if outcome == "survived":
                survivors.append(judged.key)
                print(f"survived: {judged.key[0]}, line {judged.lines.start}\n{judged.diff}\n", flush=True)
    if asked.results:
        asked.results.write_text(json.dumps(survivors, indent=1) + "\n", "utf-8")
    share = 1 - len(survivors) / max(1, len(mutants))
    print(f"{asked.part}: {share:.1%} of {len(mutants)} mutants are killed: {dict(counts)}")


if __name__ == "__main__":
    main()
