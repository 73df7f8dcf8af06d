#!/usr/bin/env python3
"""Fails when a C++ file is not as clang-format-14 would write it. Run by CTest as `lint.format`."""
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOL = "clang-format-14"

if not shutil.which(TOOL):
    print(f"{TOOL} is not installed")
    sys.exit(77)
sources = sorted(
    str(path)
    for folder in ("server", "tests")
    for path in (ROOT / folder).rglob("*.[ch]pp")
    if "node_modules" not in path.parts
)
sys.exit(subprocess.run([TOOL, "--dry-run", "--Werror", *sources]).returncode)
