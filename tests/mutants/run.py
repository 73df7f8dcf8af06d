#!/usr/bin/env python3
"""Breaks the program on purpose, one line at a time, and shows that a test notices.

  run.py BUILD_DIR [--quick] [--only WHAT] [--jobs N]
  run.py --table

Each entry of mutants.toml names a line, what to put in its place, and a test that must fail then.
The checkout is never touched: the broken file is compiled beside it, with the command that the
build in BUILD_DIR used, and linked before the library that has the sound one. Every test is first
shown to pass without a break. Exits 1 when a break goes unnoticed, 2 when there is nothing to judge.
--table only looks whether each line that is named is there, once.
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import time
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[2]
TIME_MAX = 600  # seconds; a test that hangs has noticed


class Unjudged(Exception):
    """The break could not be tried, which is a fault of the table or of the build."""


def run(command, **options):
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True} | options
    return subprocess.run(command, **options)


class Build:
    """A build folder of ours, made with Ninja: how each file was compiled and linked."""

    def __init__(self, folder):
        self.folder = folder
        commands = folder / "compile_commands.json"
        if not commands.exists() or not (folder / "build.ninja").exists():
            raise Unjudged(f"{folder} is not a build folder of a preset")
        self.compiled = json.loads(commands.read_text())

    def program(self, target):
        return self.folder / "tests" / target

    def compile_command(self, file, target):
        """Words, and the object they make: that of the target itself, if it has one of its own."""
        found = []
        for entry in self.compiled:
            if pathlib.Path(entry["file"]) == file:
                words = shlex.split(entry["command"])
                found.append((words, words[words.index("-o") + 1]))
        if not found:
            raise Unjudged(f"{file} is not compiled in {self.folder}")
        return next((one for one in found if f"/{target}.dir/" in one[1]), found[0])

    def link_command(self, target):
        program = self.program(target).relative_to(self.folder)
        made = run(["ninja", "-C", self.folder, "-t", "commands", "-s", program])
        for part in made.stdout.split(" && "):
            words = shlex.split(part)
            if "-o" in words and words[words.index("-o") + 1] == str(program):
                return words
        raise Unjudged(f"{program} is not linked in {self.folder}")

    def break_in(self, mutant, work):
        """Builds the mutant's test with the break inside; its path."""
        source = ROOT / mutant["file"]
        text = source.read_text()
        if text.count(mutant["old"]) != 1:
            raise Unjudged(f"{mutant['file']} has the line {text.count(mutant['old'])} times")
        broken = work / source.name
        broken.write_text(text.replace(mutant["old"], mutant["new"]))
        if source.suffix == ".sql":
            source, broken = self.folder / "server" / "migrations.cpp", self.embed(broken, work)

        target = program_of(mutant)
        compile_words, sound = self.compile_command(source, target)
        mutated = work / "broken.o"
        words = [str(broken) if word == str(source) else word for word in compile_words]
        words[words.index("-o") + 1] = str(mutated)
        words.append("-Wno-error")
        compiled = run(words, cwd=self.folder)
        if compiled.returncode != 0:
            raise Unjudged(f"does not compile:\n{compiled.stdout}")

        link_words = self.link_command(target)
        program = work / target
        link_words[link_words.index("-o") + 1] = str(program)
        if sound in link_words:
            link_words[link_words.index(sound)] = str(mutated)
        else:  # what a library has is then not looked for in it
            first = next(i for i, word in enumerate(link_words) if word.endswith(".o"))
            link_words.insert(first, str(mutated))
        linked = run(link_words, cwd=self.folder)
        if linked.returncode != 0:
            raise Unjudged(f"does not link:\n{linked.stdout}")
        return program

    def embed(self, broken, work):
        files = [
            str(broken if path.name == broken.name else path)
            for path in sorted((ROOT / "migrations").glob("*.sql"))
        ]
        output = work / "migrations.cpp"
        script = ROOT / "migrations" / "embed.cmake"
        made = run(["cmake", f"-DFILES={'|'.join(files)}", f"-DOUTPUT={output}", "-P", script])
        if made.returncode != 0:
            raise Unjudged(made.stdout)
        return output


def program_of(mutant):
    return "switchboard_stoppable" if mutant["test"].endswith(".py") else mutant["test"]


def test_command(mutant, program):
    if not mutant["test"].endswith(".py"):
        return [program, "--gtest_brief=1", *mutant.get("with", [])]
    script = ROOT / "tests" / "chaos" / mutant["test"]
    return [script, "--server", program, *mutant.get("with", [])]


def try_out(mutant, program):
    """(noticed, what was said)"""
    command = test_command(mutant, program)
    try:
        done = run(command, cwd="/", timeout=TIME_MAX)
    except subprocess.TimeoutExpired:
        return True, "did not end"
    if mutant["test"].endswith(".py") and done.returncode not in (0, 1):
        raise Unjudged(f"{mutant['test']} could not judge:\n{done.stdout[-3000:]}")
    return done.returncode != 0, done.stdout


def shown_clean(build, mutants):
    """Every test once without a break; the texts of those that fail."""
    said = []
    for command in {tuple(map(str, test_command(m, build.program(program_of(m))))): m
                    for m in mutants}.values():
        program = build.program(program_of(command))
        if not program.exists():
            raise Unjudged(f"{program} is not built")
        noticed, output = try_out(command, program)
        if noticed:
            said.append(f"{command['test']} fails without a break:\n{output[-3000:]}")
    return said


def first_complaint(output):
    """In the test's own words, if it says which promise."""
    for line in output.splitlines():
        if found := re.search(r"(\bP\d+: .*|\[  FAILED  \] \S+)", line):
            return found[1].strip()[:70]
    return ""


def judge(build, mutant):
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="switchboard-mutant-") as work:
        os.chmod(work, 0o755)  # a server in it runs as another user
        try:
            noticed, output = try_out(mutant, build.break_in(mutant, pathlib.Path(work)))
        except Unjudged as why:
            return mutant, "unjudged", str(why), time.monotonic() - start
    verdict = "noticed" if noticed else "SURVIVED"
    return mutant, verdict, first_complaint(output), time.monotonic() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=pathlib.Path, nargs="?")
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--quick", action="store_true", help="also when ./test chaos asks")
    parser.add_argument("--only", default="", help="a name, a promise or a test")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    arguments = parser.parse_args()

    table = tomllib.loads((pathlib.Path(__file__).parent / "mutants.toml").read_text())["mutant"]
    if arguments.table or not arguments.build:
        lost = [m["name"] for m in table if (ROOT / m["file"]).read_text().count(m["old"]) != 1]
        for name in lost:
            print(f"the line to break is not there, or not once: {name}")
        return 1 if lost else 0
    is_long = int(os.environ.get("SWITCHBOARD_CHAOS_SECONDS", "20")) > 60
    mutants = [m for m in table if m.get("quick") or (is_long and not arguments.quick)
               or arguments.only]
    mutants = [m for m in mutants if arguments.only in (m["name"], m["promise"], m["test"], "")]
    os.environ["SWITCHBOARD_SIMULATION_DAYS"] = "100"
    os.environ["SWITCHBOARD_SIMULATION_STEPS"] = "500"
    try:
        build = Build(arguments.build.resolve())
        failing = shown_clean(build, mutants)
    except Unjudged as why:
        print(why)
        return 2
    if failing or not mutants:
        print("\n".join(failing) or "there is no such mutant")
        return 2

    counts = dict.fromkeys(("noticed", "SURVIVED", "unjudged"), 0)

    def say(result):
        mutant, verdict, said, seconds = result
        counts[verdict] += 1
        print(f"{verdict:9} {mutant['promise']:4} {mutant['test']:17} {seconds:5.1f} s  "
              f"{mutant['name']}{': ' + said if said else ''}", flush=True)

    chaos = [m for m in mutants if m["test"].endswith(".py")]  # alone: they take time
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        judged = [pool.submit(judge, build, m) for m in mutants if m not in chaos]
        for one in concurrent.futures.as_completed(judged):
            say(one.result())
    for mutant in chaos:
        say(judge(build, mutant))
    print(", ".join(f"{count} {verdict.lower()}" for verdict, count in counts.items()))
    return 2 if counts["unjudged"] else 1 if counts["SURVIVED"] else 0


if __name__ == "__main__":
    sys.exit(main())
