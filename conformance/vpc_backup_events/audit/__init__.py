"""Archives of any size: files are cut into parts, each part is judged by itself, and the results are put together.

What comes out does not depend on how the archive was cut, on how many processes worked, or on the engine: counts are
exact, and the findings that are shown are the first of each requirement in the order of the archive.
"""

from __future__ import annotations

import os
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from vpc_backup_events.reporting.archive import Archive
    from vpc_backup_events.values.report import Profile, Report


def audit(
    *paths: str | os.PathLike[str],
    profile: Profile = "documented",
    examples: int = 10,
    jobs: int = 1,
    endpoint: str = "",
) -> tuple[Report, Archive]:
    """Judges an archive: files, folders and glob patterns; the report, and what the archive holds.

    Up to `examples` findings of each requirement are in the report, whose counts are of all. `jobs` processes share the
    work; with more than one, call it from a program whose main module can be imported. `endpoint` is the URL of the
    service that has the buckets of paths that begin with `s3://`. Raises `KitError` where a file can't be read, or
    changed meanwhile.
    """
    require("local")
    from vpc_backup_events.audit.engines import Local
    from vpc_backup_events.audit.run import Audit
    from vpc_backup_events.audit.work import Work
    from vpc_backup_events.values.errors import UsageError
    from vpc_backup_events.values.report import PROFILES

    if profile not in PROFILES:
        raise UsageError(f"There is no profile {profile!r}.", f"Choose one of: {', '.join(PROFILES)}.")
    work = Work(None)
    try:
        names = tuple(os.fspath(path) for path in paths)
        question = Audit(names, profile, examples, Local(jobs), work, endpoint=endpoint)
        question.plan()
        for problem in question.inventory.problems:
            raise problem
        question.judge(lambda _: None)
        outcome = question.finish()
        for problem in question.inventory.problems:
            raise problem
        return outcome
    finally:
        work.close()


# engine -> the extra that it needs, and the modules of that
_NEEDED = {"local": ("audit", ("duckdb", "pyarrow")), "spark": ("spark", ("pyspark", "pyarrow"))}


def require(engine: Literal["local", "spark"]) -> None:
    """Raises `UsageError` where what an engine needs is not installed."""
    from vpc_backup_events.values.errors import UsageError
    from vpc_backup_events.values.extras import install

    extra, modules = _NEEDED[engine]
    for module in modules:
        if find_spec(module) is None:
            raise UsageError(
                f"`audit` needs {module}.",
                f"{install(extra)} Where {module} has no wheel (IBM Z, Power), `check` judges files and folders.",
            )
