"""The tests in Chromium, run again and again: how many failed, which, and how long a run took.

    python -m tests.soak.browser --runs 20

One that fails now and then is a fault of the product or of the test. Status 1 where any failed.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[2]


def run(folder: Path) -> tuple[int, dict[str, str]]:
    """One run: how many tests there were, and what those that failed said."""
    report = folder / "report.xml"
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", "tests/browser", "-q", "-p", "no:cacheprovider", f"--junitxml={report}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if not report.exists():
        return 0, {"pytest": (done.stdout + done.stderr)[-4000:]}
    cases = list(ElementTree.parse(report).iter("testcase"))
    failed = {}
    for case in cases:
        found = [*case.findall("failure"), *case.findall("error")]
        if found:
            failed[f"{case.get('classname')}::{case.get('name')}"] = (found[0].text or "")[-4000:]
    return len(cases), failed


def main() -> None:
    """Run, print a line a run, and what failed how often."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--runs", type=int, default=20)
    runs = wanted.parse_args().runs
    counts: Counter[str] = Counter()
    whole = 0
    with TemporaryDirectory() as folder:
        for number in range(1, runs + 1):
            begun = time.monotonic()
            tests, failed = run(Path(folder))
            whole += bool(failed)
            counts.update(failed.keys())
            took, load = time.monotonic() - begun, os.getloadavg()[0]
            print(f"run {number} of {runs}: {tests} tests, {len(failed)} failed, {took:.0f} s, load {load:.1f}", flush=True)
            for name, said in failed.items():
                print(f"--- {name}\n{said}", flush=True)
    print(f"{whole} of {runs} runs had a failure: {dict(counts)}" if counts else f"no failure in {runs} runs")
    sys.exit(bool(counts))


if __name__ == "__main__":
    main()
