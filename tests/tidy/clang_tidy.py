#!/usr/bin/env python3
"""Runs clang-tidy-14 over server/; CTest calls it `lint.clang_tidy` with the build folder.

A file is looked at again only when it, one of our headers below it, its compiler flags or
.clang-tidy changed since it was last found clean. Files of one folder are looked at together, as
one that includes them: what they include of others takes longer than they do, and is then read
once. Those whose private names collide are looked at in halves.
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
TOGETHER_MAX = 8
TARGET = re.compile(r"CMakeFiles/(\w+)\.dir/")
INCLUDE = re.compile(r'^#include "([^"]+)"', re.MULTILINE)


class File:
    def __init__(self, entry, kept, fixed):
        self.path = pathlib.Path(entry["file"])
        self.directory = entry["directory"]
        self.command = entry["command"]
        text = text_with_headers(self.path, set())
        print_of_it = "\0".join((fixed, self.command, text)).encode()
        self.stamp = kept / hashlib.sha256(print_of_it).hexdigest()


def text_with_headers(source, seen):
    """The text of a file and of all our files that it includes, each once."""
    if source in seen or not source.is_file():
        return ""
    seen.add(source)
    text = source.read_text()
    return text + "".join(text_with_headers(SERVER / own, seen) for own in INCLUDE.findall(text))


def examine(files, kept):
    """Lines to print, and whether all was clean."""
    start = time.monotonic()
    names = " ".join(str(file.path.relative_to(SERVER)) for file in files)
    folder = kept / hashlib.sha256(names.encode()).hexdigest()[:16]
    folder.mkdir(exist_ok=True)
    together = folder / "together.cpp"
    together.write_text("".join(f'#include "{file.path}"\n' for file in files))
    command = files[0].command.replace(str(files[0].path), str(together))
    entry = {"directory": files[0].directory, "file": str(together), "command": command}
    (folder / "compile_commands.json").write_text(json.dumps([entry]))
    run = subprocess.run(
        [TOOL, "-p", folder, "--quiet", f"--config-file={ROOT / '.clang-tidy'}",
         r"--header-filter=/(server|tests)/.*\.[hc]pp$", "--checks=-bugprone-suspicious-include",
         together],
        capture_output=True, text=True, check=False)
    if run.returncode != 0 and len(files) > 1 and "[clang-diagnostic-error]" in run.stdout:
        half = len(files) // 2
        (first, well), (second, too) = examine(files[:half], kept), examine(files[half:], kept)
        return first + second, well and too
    lines = [f"{time.monotonic() - start:6.1f} s  {names}"]
    if run.returncode == 0:
        for file in files:
            file.stamp.touch()
    else:
        lines.append(run.stdout + run.stderr)
    return lines, run.returncode == 0


def main():
    if not shutil.which(TOOL):
        print(f"{TOOL} is not installed")
        return 77
    build = pathlib.Path(sys.argv[1])
    kept = build / "clang_tidy"
    kept.mkdir(exist_ok=True)
    fixed = "".join(p.read_text() for p in [ROOT / ".clang-tidy", *sorted(ROOT.glob("proto/**/*.proto"))])
    folders = {}
    seen = set()
    for entry in json.loads((build / "compile_commands.json").read_text()):
        path = pathlib.Path(entry["file"])
        if not path.is_relative_to(SERVER) or path.name == "boost_split.cpp" or path in seen:
            continue
        seen.add(path)
        file = File(entry, kept, fixed)
        if not file.stamp.exists():
            target = TARGET.search(file.command).group(1)  # all of it has the same flags
            folders.setdefault((path.parent, target), []).append(file)
    groups = [files[at:at + TOGETHER_MAX]
              for files in folders.values() for at in range(0, len(files), TOGETHER_MAX)]
    groups.sort(key=len, reverse=True)  # the longest first, so that all cores end together
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for lines, clean in pool.map(lambda files: examine(files, kept), groups):
            print("\n".join(lines))
            failed += 0 if clean else 1
    print(f"{sum(map(len, groups))} files looked at, {failed} groups with findings")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
