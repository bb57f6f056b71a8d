"""What a scanner's findings come to: none, or each with its reason, and a row for the table of faults and attacks."""

import os
import sys
from pathlib import Path


def judge(scanner, findings, explained):
    """Ends the run with the `findings`, (name, text) each, that `explained`, {name: reason}, has no reason for."""
    for name, text in findings:
        print(f"{scanner}: {name}: {text}: {explained.get(name, 'NOT EXPLAINED')}")
    if unexplained := [finding for finding in findings if finding[0] not in explained]:
        sys.exit(f"{scanner}: {len(unexplained)} unexplained findings: {unexplained}")


def demand(what, found, expected):
    """Ends the run unless `found` is what tests/README.md says."""
    if found != expected:
        sys.exit(f"{what}: {found}, not {expected}")


def report(key, what, tried, held, figure):
    """A row, as the tests in Rust write it (tests/it/support/figure.rs)."""
    row = f"| {what} | {tried} | {held} | {figure} |\n"
    print(row, end="")
    if directory := os.environ.get("FIGURES"):
        (Path(directory) / key).write_text(row, encoding="utf-8")
