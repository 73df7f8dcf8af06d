#!/usr/bin/env python3
"""Runs clang-tidy-14 over server/; CTest calls it `lint.clang_tidy` with the build folder.

A file is looked at again only when it, one of our headers below it, its compiler flags or
.clang-tidy changed since it was last found clean. Many files are looked at together, as one that
includes them: what they include of others takes much longer than they do, and is then read once.
Where private names collide, they are looked at again in halves.
"""
import collections
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SERVER = ROOT / "server"
TOOL = "clang-tidy-14"
TOGETHER_MAX = 16
PROGRAM = re.compile(r"CMakeFiles/switchboard\w*\.dir/")
INCLUDE = re.compile(r'^#include "([^"]+)"', re.MULTILINE)
LIBRARY = re.compile(r"CMakeFiles/\w+\.dir/")


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


def put_together(files):
    """Those of one library, in groups of about the same size."""
    libraries = collections.defaultdict(list)
    for file in files:
        libraries[LIBRARY.search(file.command)[0]].append(file)
    groups = []
    for files_of_one in libraries.values():
        count = -(-len(files_of_one) // TOGETHER_MAX)
        groups += [files_of_one[each::count] for each in range(count)]
    return groups


def command_of(files):
    """The words that compile the first, with what the others include and define as well; what one
    shadows of another is no finding: the build looks at each alone."""
    words = [*shlex.split(files[0].command), "-Wno-shadow"]
    for file in files[1:]:
        others = shlex.split(file.command)
        for at, word in enumerate(others):
            if word.startswith(("-I", "-D")) and word not in words:
                words.insert(1, word)
            if word == "-isystem" and others[at + 1] not in words:
                words[1:1] = others[at:at + 2]
    return words


def examine(files, kept):
    """Lines to print, and whether all was clean."""
    start = time.monotonic()
    names = " ".join(str(file.path.relative_to(SERVER)) for file in files)
    folder = kept / hashlib.sha256(names.encode()).hexdigest()[:16]
    folder.mkdir(exist_ok=True)
    together = folder / "together.cpp"
    together.write_text("".join(f'#include "{file.path}"\n' for file in files))
    command = shlex.join(command_of(files)).replace(str(files[0].path), str(together))
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
    libraries, programs = [], []  # one of these defines what others must not have
    seen = set()
    for entry in json.loads((build / "compile_commands.json").read_text()):
        path = pathlib.Path(entry["file"])
        if not path.is_relative_to(SERVER) or path.name == "boost_split.cpp" or path in seen:
            continue
        seen.add(path)
        file = File(entry, kept, fixed)
        if not file.stamp.exists():
            is_program = PROGRAM.search(file.command)
            (programs if is_program else libraries).append(file)
    groups = [*put_together(libraries), *([file] for file in programs)]
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
