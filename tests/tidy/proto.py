#!/usr/bin/env python3
"""Fails when proto/ breaks buf's STANDARD style. Run by CTest as `lint.proto`."""
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUF = ROOT / "tests/contract/node_modules/.bin/buf"

if not BUF.exists():
    print("buf is not installed: npm ci --prefix tests/contract")
    sys.exit(77)
sys.exit(subprocess.run([BUF, "lint", ROOT / "proto"], check=False).returncode)
