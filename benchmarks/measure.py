"""Measures everything and writes docs/benchmarks.md and its plot; `--largest 7` goes up to ten million events.

    pip install '.[dev,benchmarks]'
    python benchmarks/measure.py

Speed is given as ratios within one run: what is compared takes turns, on one machine, in the same minutes.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import bulk
import single
import testing
from timing import ROOT, Row

from vpc_backup_events import __version__
from vpc_backup_events.spec.schemas import engine_name

Growth = list[tuple[int, float, float]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--largest", type=int, default=6, metavar="N", help="the largest archive has 10^N events")
    parser.add_argument("--audit", type=int, default=5_000_000, metavar="N", help="events for one and two processes")
    parser.add_argument("--docs", type=Path, default=ROOT / "docs", help="where the page and the plot go")
    arguments = parser.parse_args()
    rows: list[Row] = []
    for row in measured(arguments.audit):
        print(line(row), flush=True)
        rows.append(row)
    growth: Growth = []
    for events, seconds, memory in bulk.growth(arguments.largest):
        print(f"audit of {events:,} events: {seconds:.1f} s, {memory:.0f} MB", flush=True)
        growth.append((events, seconds, memory))
    (arguments.docs / "benchmarks.md").write_text("\n".join(page(rows, growth)) + "\n", "utf-8")
    plot(growth, arguments.docs / "benchmarks.svg")


def measured(events: int) -> Iterator[Row]:
    yield from single.rows()
    yield from bulk.generate_rows()
    yield from bulk.judging_rows()
    yield from bulk.audit_rows(events)
    yield from testing.rows()


def line(row: Row) -> str:
    return " | ".join(cells(row))


def cells(row: Row) -> list[str]:
    seconds = row.seconds
    if seconds < 1e-3:
        time = f"{seconds * 1e6:.1f} us"
    elif seconds < 0.1:
        time = f"{seconds * 1e3:.1f} ms"
    else:
        time = f"{seconds:.2f} s"
    if row.unit == "event":
        time += f" ({1 / seconds:,.0f}/s)"
    ratio = ""
    if row.ratio is not None:
        ratio = f"{row.ratio:.2f}" if row.ratio < 10 else f"{row.ratio:,.0f}"
    met = {None: "", True: "yes", False: "no"}[row.met]
    return [row.subject, time, ratio, row.than, row.goal, met]


def page(rows: Sequence[Row], growth: Growth) -> Iterator[str]:
    yield from (
        "<!-- Written by benchmarks/measure.py. -->",
        "",
        "# Benchmarks",
        "",
        "From one run of `python benchmarks/measure.py`. What is compared takes turns in the same minutes, so that the",
        "ratios hold on a machine that is busy with other things too; the times hold for this one alone:",
        f"{machine()}.",
        "",
        "| what | one takes | times as fast | as | goal | met |",
        "| --- | --- | --: | --- | --- | --- |",
    )
    yield from (f"| {' | '.join(cells(row))} |" for row in rows)
    yield from (
        "",
        "An event of the benchmark has about 1,000 bytes. All events: those that `generate` makes in both profiles,",
        "with and without `notification_id`, which Event Notifications adds; the mean decides, the best case is shown",
        "as such. What is compared judges the events as they are made: with `notification_id` the two schemas refuse",
        "an event at the first look, which is no measure of anything. `audit` knows the form of an event again and",
        "does not parse it; the times of its forms are those of a process that has begun.",
        "",
    )
    yield from reasons(rows)
    yield from (
        "## How audit grows",
        "",
        "On all cores, from the start of the program to its end; memory is that of all its processes together.",
        "",
        "| events | seconds | events a second | MB |",
        "| --: | --: | --: | --: |",
    )
    yield from (f"| {n:,} | {seconds:.1f} | {n / seconds:,.0f} | {memory:.0f} |" for n, seconds, memory in growth)
    yield from ("", "![Seconds and memory of audit by the number of events](benchmarks.svg)")


def reasons(rows: Iterable[Row]) -> Iterator[str]:
    """Why goals are missed, of those that are."""
    lines = [f"- {row.subject}: {row.why}." for row in rows if row.met is False and row.why]
    if lines:
        yield from ("Why goals are missed:", "", *lines, "")


def machine() -> str:
    """The machine in a few words."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{cores} cores of {processor()}, {platform.system()}, {python}, {engine_name()}, kit {__version__}"


def processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.machine()


def plot(growth: Growth, path: Path) -> None:
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams.update({"svg.hashsalt": "vpc-backup-events", "svg.fonttype": "none", "font.family": "sans-serif"})
    import matplotlib.pyplot as plt

    figure, (time, memory) = plt.subplots(1, 2, figsize=(9, 3.4), layout="constrained")
    events, seconds, megabytes = zip(*growth, strict=True)
    time.loglog(events, seconds, marker="o", color="#3949ab")
    time.set(title="Time of audit", xlabel="events", ylabel="seconds")
    memory.semilogx(events, megabytes, marker="o", color="#3949ab")
    memory.axhline(300, color="#b42318", linestyle="--", linewidth=1)
    memory.annotate("goal: 300 MB", (events[0], 300), xytext=(0, 4), textcoords="offset points", color="#b42318")
    memory.set(title="Memory of audit", xlabel="events", ylabel="MB", ylim=(0, 360))
    for axes in (time, memory):
        axes.grid(visible=True, alpha=0.3)
    figure.savefig(path, metadata={"Date": None, "Creator": None})
    # no blanks at the ends of lines
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join(map(str.rstrip, lines)) + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
