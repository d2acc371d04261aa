"""The data is found wherever the package lies; that a built wheel carries all of it is proven by `nox -s build`."""

from importlib.metadata import entry_points, version
from pathlib import Path
from typing import Literal, get_args, get_type_hints

import pytest

from vpc_backup_events._version import __version__
from vpc_backup_events.values import data
from vpc_backup_events.values.data import data_root
from vpc_backup_events.values.errors import KitError

CHECKOUT = Path(__file__).parents[1]
Name = Literal["schemas", "fixtures"]
NAMES: tuple[Name, ...] = get_args(get_type_hints(data_root)["name"])


def contents(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty package two folders below `tmp_path`, which `data` believes to be its own."""
    folder = tmp_path / "root" / "vpc_backup_events"
    folder.mkdir(parents=True)
    monkeypatch.setattr(data, "__file__", str(folder / "values" / "data.py"))
    return folder


@pytest.mark.parametrize("name", NAMES)
def test_the_package_under_test_carries_the_data_of_this_checkout(name: Name) -> None:
    expected = contents(CHECKOUT / name)
    assert expected
    assert contents(data_root(name)) == expected


@pytest.mark.parametrize("name", NAMES)
def test_in_a_checkout_the_data_is_at_the_top(name: Name, package: Path) -> None:
    top = package.parents[1] / name
    top.mkdir()
    assert data_root(name) == top


@pytest.mark.parametrize("name", NAMES)
def test_data_inside_the_package_goes_first(name: Name, package: Path) -> None:
    (package.parents[1] / name).mkdir()
    inside = package / name
    inside.mkdir()
    assert data_root(name) == inside


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.usefixtures("package")
def test_missing_data_is_an_error_that_names_the_folder_and_the_way_out(name: Name) -> None:
    with pytest.raises(KitError, match=rf"'{name}'.*Install the package again"):
        data_root(name)


def test_the_version_has_a_single_source() -> None:
    assert version("vpc-backup-events") == __version__


@pytest.mark.parametrize(
    ("group", "name", "target"),
    [
        ("console_scripts", "vpc-backup-events", "vpc_backup_events.cli:main"),
        ("pytest11", "vpc_backup_events", "vpc_backup_events.plugin"),
    ],
)
def test_an_entry_point_leads_to_what_exists(group: str, name: str, target: str) -> None:
    (entry,) = entry_points(group=group, name=name)
    assert entry.value == target
    assert entry.load() is not None
