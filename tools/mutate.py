"""Mutation testing: changes a part of the package in one place at a time, and sees whether its tests notice.

python tools/mutate.py checking                         every mutant of the checks; prints what survives
python tools/mutate.py trials --sample 100              as many of them, chosen by a seed
python tools/mutate.py checking --results a.json        keeps what came of each mutant
python tools/mutate.py checking --again a.json          judges again those that survived then

The changes are mutmut's. mutmut itself leaves out functions with a decorator and what runs when a module is imported;
here most functions register themselves, and much of a suite is a table of lambdas. So each mutant is a whole module,
which a forked process imports in place of the file: nothing is written to the tree, and what is heavy is imported once.
Tests that start another process do not see the mutant. `nox -s mutation -- PART` installs what this needs.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import random
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from difflib import unified_diff
from functools import partial
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import coverage
import libcst as cst
import pytest
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "conformance"
PACKAGE = SOURCES / "vpc_backup_events"
SUBJECTS = ("producer", "email", "receivers", "consumer", "client", "service")
# what measures time tells nothing where several run, nor does what runs in another process
_LEFT_OUT = "not time_grows and not the_example_conforms and not as_a_pytest_class"


@dataclass(frozen=True, slots=True)
class Part:
    """Modules that are mutated together, and the tests that speak of them."""

    # below the package
    modules: tuple[str, ...]
    tests: tuple[str, ...]


PARTS = {
    "reading": Part(
        ("reading/*.py",), ("tests/reading", "tests/checking/test_check.py", "tests/trust/test_readers.py")
    ),
    "checking": Part(("checking/**/*.py",), ("tests/checking",)),
    "trials": Part(
        ("trials/**/*.py",),
        # those that run in this process
        tuple(f"tests/trials/test_{name}.py" for name in ("run", "corners", *SUBJECTS, "words", "exchanges")),
    ),
    "authoring": Part(("authoring/**/*.py",), ("tests/authoring",)),
}
# seconds of tests that one mutant is worth, as they took without one
BUDGET = 8.0
# a mutant that takes so many times longer is stuck, which is noticed
PATIENCE = 6
MEMORY = 6 * 1024**3
# seconds that the tests may take without a mutant
SLOWEST = 1800
# status of a process that did not import its mutant
NOT_USED = 99
# what is said of types is not run; a decorator is what registers, and no rule or trial of its own
_NOT_RUN = (cst.Annotation, cst.Decorator, cst.Import, cst.ImportFrom)
_NOT_CALLED = ("cast", "isinstance", "len", "TypeVar")


@dataclass(frozen=True, slots=True)
class Mutant:
    """A module with one change."""

    # file below the package
    module: str
    first: int
    last: int
    source: str
    diff: str


@dataclass(frozen=True, slots=True)
class Known:
    """What a run without mutants showed."""

    # id of a test -> seconds
    seconds: dict[str, float]
    # module -> line -> the tests that run it
    tests: dict[str, dict[int, list[str]]]
    # that the tests import, of others
    imported: list[str]

    def of(self, mutant: Mutant, budget: float) -> list[str]:
        """The tests that a mutant is put to: first those that run its lines, the fastest first."""
        lines = self.tests.get(mutant.module, {})
        near = {test for line in range(mutant.first, mutant.last + 1) for test in lines.get(line, ())}
        # what is cached, or runs at import, shows in one test or none
        far = {test for tests in lines.values() for test in tests} - near
        chosen: list[str] = []
        spent = 0.0
        for test in (*sorted(near, key=self._cost), *sorted(far, key=self._cost)):
            if chosen and spent + self.seconds[test] > budget:
                continue
            spent += self.seconds[test]
            chosen.append(test)
        return chosen

    def _cost(self, test: str) -> tuple[float, str]:
        return self.seconds[test], test


# ------------------------------------------------------------------------------------------------- making mutants


def mutants_of(file: Path) -> Iterator[Callable[[], Mutant | None]]:
    """Every mutant of a module, from its first line to its last, still to be made; None where it changes nothing."""
    source = file.read_text("utf-8")
    name = file.relative_to(PACKAGE).as_posix()
    wrapper = MetadataWrapper(cst.parse_module(source))
    positions = wrapper.resolve(PositionProvider)
    for node in _mutable(wrapper.module):
        for kind, operator in mutation_operators:
            for changed in operator(node) if isinstance(node, kind) else ():
                yield partial(_made, name, source, wrapper.module, positions.get(node), node, changed)


def _made(name: str, source: str, module: Any, place: Any, node: Any, changed: Any) -> Mutant | None:
    text: str = module.deep_replace(node, changed).code
    if text == source or not _compiles(text):
        return None
    diff = [*unified_diff(source.splitlines(), text.splitlines(), lineterm="", n=0)][2:]
    first = place.start.line if place else int(diff[0].split()[1].strip("-").partition(",")[0])
    return Mutant(name, first, place.end.line if place else first, text, "\n".join(diff))


def _mutable(node: Any) -> Iterator[Any]:
    """The node and what is in it, without what does not run."""
    if isinstance(node, _NOT_RUN) or _is_type(node):
        return
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Name) and node.func.value in _NOT_CALLED:
        return
    yield node
    for child in node.children:
        yield from _mutable(child)


def _is_type(node: Any) -> bool:
    """Whether it names a type, or what a module exports."""
    if not isinstance(node, cst.Assign) or not isinstance(node.targets[0].target, cst.Name):
        return False
    generic = node.value.value if isinstance(node.value, cst.Subscript) else None
    is_alias: bool = isinstance(generic, cst.Name) and generic.value[:1].isupper()
    return is_alias or bool(node.targets[0].target.value == "__all__")


def _compiles(text: str) -> bool:
    try:
        compile(text, "mutant", "exec")
    except SyntaxError:
        return False
    return True


# ----------------------------------------------------------------------------------------------- running the tests


class _Chosen:
    """Runs the chosen tests, in this order."""

    def __init__(self, tests: Iterable[str]) -> None:
        self.tests = list(tests)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        known = {item.nodeid: item for item in items}
        items[:] = [known[test] for test in self.tests if test in known]


class _Watch:
    """Keeps which test runs which line, and for how long."""

    def __init__(self, files: list[Path], data: Path) -> None:
        self.seconds: dict[str, float] = {}
        self.failed: list[str] = []
        self._coverage = coverage.Coverage(data_file=str(data), include=[str(file) for file in files])
        self._coverage.start()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._coverage.switch_context(item.nodeid)
        started = time.monotonic()
        result = yield
        self.seconds[item.nodeid] = time.monotonic() - started
        self._coverage.switch_context("")
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keeps what fails."""
        if report.failed:
            self.failed.append(report.nodeid)

    def known(self) -> Known:
        """What was seen."""
        self._coverage.stop()
        data = self._coverage.get_data()
        tests = {
            Path(file).relative_to(PACKAGE).as_posix(): {
                line: [name for name in names if name in self.seconds]
                for line, names in data.contexts_by_lineno(file).items()
            }
            for file in data.measured_files()
        }
        own = {"helpers", "oracle"} | {path.stem for path in (*ROOT.rglob("tests/**/*.py"), *ROOT.glob("tools/*.py"))}
        imported = [
            n for n in sys.modules if n.partition(".")[0] not in {"vpc_backup_events", "tests", "__main__", *own}
        ]
        return Known(self.seconds, tests, sorted(imported))


class _Instead(MetaPathFinder):
    """Imports a mutant in place of its file."""

    def __init__(self, mutant: Mutant) -> None:
        self._file = PACKAGE / mutant.module
        self._name = ".".join((PACKAGE.name, *Path(mutant.module).with_suffix("").parts)).removesuffix(".__init__")
        self._source = mutant.source
        self.is_used = False

    def find_spec(self, fullname: str, path: object, target: object = None) -> ModuleSpec | None:
        """The mutant, where its module is asked for."""
        if fullname != self._name:
            return None
        self.is_used = True
        loader = _Loader(fullname, str(self._file))
        loader.source = self._source
        return spec_from_file_location(fullname, self._file, loader=loader)


class _Loader(SourceFileLoader):
    source = ""

    def get_code(self, fullname: str) -> Any:
        return compile(self.source, self.path, "exec")


def _pytest(tests: Iterable[str], plugin: object) -> int:
    """What pytest ends with, in this process."""
    from hypothesis import HealthCheck, Phase, settings

    # what fails has failed: there is no need to find out how little is enough
    settings.register_profile(
        "mutation",
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    settings.load_profile("mutation")
    sys.path.insert(0, str(SOURCES))
    os.chdir(ROOT)
    # pytest would rewrite the package as that of a plugin, and import it past the mutant
    quiet = (
        "-q",
        "-x",
        "-k",
        _LEFT_OUT,
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        "--tb=no",
        "--assert=plain",
    )
    return int(pytest.main([*quiet, *tests], plugins=[plugin]))


def _forked(run: Any, seconds: int) -> int:
    """Starts a process that ends with what `run` returns, and says which; it is killed after so many seconds."""
    sys.stdout.flush()
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        os.setsid()
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(seconds)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        status = run()
    finally:
        os._exit(status)


def watch(part: Part, files: list[Path], work: Path) -> Known:
    """What the tests of the part do without a mutant. Raises `SystemExit` where they do not pass."""
    found, failed = work / "known.json", work / "failed.txt"

    def run() -> int:
        seen = _Watch(files, work / "coverage")
        status = _pytest(part.tests, seen)
        if status:
            failed.write_text(" ".join(seen.failed), "utf-8")
        else:
            found.write_text(json.dumps(asdict(seen.known())), "utf-8")
        return status

    os.waitpid(_forked(run, SLOWEST), 0)
    if not found.exists():
        names = failed.read_text("utf-8") if failed.exists() else "they were stopped"
        raise SystemExit(f"The tests do not pass without a mutant: {names}")
    value = json.loads(found.read_text("utf-8"))
    tests = {name: {int(line): each for line, each in lines.items()} for name, lines in value["tests"].items()}
    return Known(value["seconds"], tests, value["imported"])


def judge(mutants: list[Mutant], known: Known, jobs: int, budget: float) -> Iterator[tuple[Mutant, str]]:
    """What came of each mutant, as it comes: killed, stuck, survived, or not reached by any test."""
    running: dict[int, Mutant] = {}
    waiting = list(reversed(mutants))
    while waiting or running:
        while waiting and len(running) < jobs:
            mutant = waiting.pop()
            tests = known.of(mutant, budget)
            if not tests:
                yield mutant, "not reached"
                continue
            files = sorted({test.partition("::")[0] for test in tests})
            limit = int(20 + PATIENCE * sum(known.seconds[test] for test in tests))

            def run(mutant: Mutant = mutant, tests: list[str] = tests, files: list[str] = files) -> int:
                instead = _Instead(mutant)
                sys.meta_path.insert(0, instead)
                status = _pytest(files, _Chosen(tests))
                return status if instead.is_used else NOT_USED

            running[_forked(run, limit)] = mutant
        if running:
            child, status = os.wait()
            mutant = running.pop(child)
            # what the tests started, and did not end
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(child, signal.SIGKILL)
            if os.WIFEXITED(status) and os.WEXITSTATUS(status) == NOT_USED:
                raise RuntimeError(f"the tests of {mutant.module} do not import it")
            stuck = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM
            yield mutant, "stuck" if stuck else "killed" if status else "survived"


def _change(diff: str) -> str:
    """The diff without its places, as the line may have moved since."""
    return "\n".join(line for line in diff.splitlines() if not line.startswith("@@"))


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("part", choices=PARTS)
    parser.add_argument("--module", help="of these modules alone, a pattern such as 'trials/consumer/*'")
    parser.add_argument("--sample", type=int, metavar="N", help="judge N mutants, chosen by the seed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--budget", type=float, default=BUDGET, help="seconds of tests a mutant")
    parser.add_argument("--results", type=Path, help="file to keep what came of each mutant in")
    parser.add_argument("--again", type=Path, help="such a file: judges those that survived")
    asked = parser.parse_args()

    part = PARTS[asked.part]
    files = sorted(file for pattern in part.modules for file in PACKAGE.glob(pattern))
    if asked.module:
        files = [file for file in files if file.relative_to(PACKAGE).match(asked.module)]
    every = [each for file in files for each in mutants_of(file)]
    if asked.sample and asked.sample < len(every):
        every = [every[index] for index in sorted(random.Random(asked.seed).sample(range(len(every)), asked.sample))]
    mutants = [mutant for each in every if (mutant := each())]
    if asked.again:
        survived = {(each["module"], each["diff"]) for each in json.loads(asked.again.read_text()) if each["survived"]}
        mutants = [mutant for mutant in mutants if (mutant.module, _change(mutant.diff)) in survived]

    with TemporaryDirectory() as name:
        known = watch(part, files, Path(name))
    for module in known.imported:
        with suppress(Exception):
            importlib.import_module(module)
    kept = []
    counts = {"killed": 0, "stuck": 0, "survived": 0, "not reached": 0}
    started = time.monotonic()
    for mutant, came in judge(mutants, known, asked.jobs, asked.budget):
        counts[came] += 1
        survived_it = came in ("survived", "not reached")
        kept.append({"module": mutant.module, "diff": _change(mutant.diff), "survived": survived_it})
        if survived_it:
            print(f"{came}: {mutant.module}\n{mutant.diff}\n", flush=True)
        if sum(counts.values()) % 100 == 0:
            print(f"... {sum(counts.values())} of {len(mutants)}, {time.monotonic() - started:.0f} s", file=sys.stderr)
    if asked.results:
        asked.results.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")
    killed = counts["killed"] + counts["stuck"]
    share = 100 * killed / len(mutants) if mutants else 100
    print(f"{asked.part}: {len(mutants)} mutants, {killed} killed ({share:.1f} %), {counts}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
