#!/usr/bin/env python3
"""Runs clang-tidy-14 over server/; CTest calls it `lint.clang_tidy` with the build folder.

A file is looked at again only when it, one of our headers below it, its compiler flags or
.clang-tidy changed since it was last found clean.
"""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SERVER = ROOT / "server"
TOOL = "clang-tidy-14"
INCLUDE = re.compile(r'^#include "([^"]+)"', re.MULTILINE)


def text_with_headers(source, seen):
    """The text of a file and of all our files that it includes, each once."""
    if source in seen or not source.is_file():
        return ""
    seen.add(source)
    text = source.read_text()
    return text + "".join(text_with_headers(SERVER / own, seen) for own in INCLUDE.findall(text))


def fingerprint(source, command, fixed):
    text = text_with_headers(source, set())
    return hashlib.sha256("\0".join((fixed, command, text)).encode()).hexdigest()


def examine(job):
    source, build, stamp = job
    start = time.monotonic()
    run = subprocess.run(
        [TOOL, "-p", build, "--quiet", str(source)], capture_output=True, text=True, check=False
    )
    if run.returncode == 0:
        stamp.touch()
    return source, run, time.monotonic() - start


def main():
    if not shutil.which(TOOL):
        print(f"{TOOL} is not installed")
        return 77
    build = pathlib.Path(sys.argv[1])
    kept = build / "clang_tidy"
    kept.mkdir(exist_ok=True)
    fixed = "".join(p.read_text() for p in [ROOT / ".clang-tidy", *sorted(ROOT.glob("proto/**/*.proto"))])
    jobs = []
    for entry in json.loads((build / "compile_commands.json").read_text()):
        source = pathlib.Path(entry["file"])
        if source.is_relative_to(SERVER) and source.name != "boost_split.cpp":
            stamp = kept / fingerprint(source, entry["command"], fixed)
            if not stamp.exists():
                jobs.append((source, str(build), stamp))
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for source, run, seconds in pool.map(examine, jobs):
            print(f"{seconds:6.1f} s  {source.relative_to(ROOT)}")
            if run.returncode != 0:
                failed += 1
                print(run.stdout + run.stderr)
    print(f"{len(jobs)} files looked at, {failed} with findings")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
