#!/usr/bin/env python3
"""Fails when the document of the HTTP interface is no good OpenAPI. Run by CTest as `lint.openapi`."""
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
CONTRACT = ROOT / "tests/contract"
REDOCLY = CONTRACT / "node_modules/.bin/redocly"

if not REDOCLY.exists():
    print("redocly is not installed: npm ci --prefix tests/contract")
    sys.exit(77)
quiet = {**os.environ, "REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
sys.exit(subprocess.run([REDOCLY, "lint", "--config", CONTRACT / "redocly.yaml",
                         ROOT / "server/admin/rest/openapi.json"], env=quiet, check=False).returncode)
