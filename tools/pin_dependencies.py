"""Pins what the project is worked on with: requirements/*.txt, each file of a package with its hashes.

python tools/pin_dependencies.py            pins the newest versions; needs uv
python tools/pin_dependencies.py --check    whether every requirement of pyproject.toml is pinned as it asks
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).parents[1]
# file -> the extras whose dependencies it pins, beside those of the package itself
FILES = {"package.txt": ("all",), "development.txt": ("dev", "docs")}
# the lowest interpreter that the files are for; markers in them tell the others
PYTHON = "3.11"
_PINNED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^ ;\\]+)(?P<rest>.*)$", re.MULTILINE)
_NAME = re.compile(r"[-_.]+")


def main() -> int:
    """Pins, or compares."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="only compare; exit 1 where something is not pinned")
    if parser.parse_args().check:
        holes = list(chain.from_iterable(map(missing, FILES)))
        print("\n".join(holes) or f"{len(FILES)} files pin everything")
        return bool(holes)
    for name, extras in FILES.items():
        command = ["uv", "pip", "compile", "pyproject.toml", "--quiet", "--universal", "--python-version", PYTHON]
        # what the index is called is no part of the project
        command += ["--generate-hashes", "--no-annotate", "--no-header", "--no-emit-index-url", "--no-emit-find-links"]
        for extra in extras:
            command += ["--extra", extra]
        command += ["--upgrade", "--output-file", f"requirements/{name}"]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        print(f"requirements/{name}: {len(pinned(name))} packages")
    return 0


def missing(file: str) -> Iterator[str]:
    """What pyproject.toml asks for and the file does not have, or has in another version or without a hash."""
    versions = pinned(file)
    for requirement in wanted(FILES[file]):
        pins = versions.get(normal(requirement.name), [])
        if not pins:
            yield f"requirements/{file}: {requirement} is not pinned"
        elif not any(requirement.specifier.contains(version, prereleases=True) for version in pins):
            yield f"requirements/{file}: {requirement} is pinned as {', '.join(map(str, pins))}"
    text = (ROOT / "requirements" / file).read_text("utf-8")
    for match in _PINNED.finditer(text):
        if "--hash=" not in text[match.end() : match.end() + 120]:
            yield f"requirements/{file}: {match['name']} has no hash"


def pinned(file: str) -> dict[str, list[Version]]:
    """Name -> pinned versions, of which the markers choose one."""
    versions: dict[str, list[Version]] = {}
    for match in _PINNED.finditer((ROOT / "requirements" / file).read_text("utf-8")):
        versions.setdefault(normal(match["name"]), []).append(Version(match["version"]))
    return versions


def wanted(extras: tuple[str, ...]) -> Iterator[Requirement]:
    """The requirements of the package and of the extras, also of those that these name."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    texts = list(project["dependencies"])
    names = list(extras)
    for extra in names:
        texts += project["optional-dependencies"][extra]
        for requirement in map(Requirement, project["optional-dependencies"][extra]):
            if requirement.name == project["name"]:
                names += sorted(requirement.extras - set(names))
    for requirement in map(Requirement, dict.fromkeys(texts)):
        if requirement.name != project["name"]:
            yield requirement


def lowest(requirement: Requirement) -> Version:
    """The lowest version that a requirement takes; it names one."""
    return min(Version(bound.version) for bound in requirement.specifier if bound.operator in (">=", "=="))


def normal(name: str) -> str:
    """The name as registries compare it."""
    return _NAME.sub("-", name).lower()


if __name__ == "__main__":
    sys.exit(main())
