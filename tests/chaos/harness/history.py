"""What the clients did and saw: JSON lines {t, proc, f, phase, value}, t of CLOCK_MONOTONIC in ns.

phase: invoke, then ok (answered), fail (refused: not done); neither: unknown. f: send, shown, page;
of races also what race/racers.py does.
"""
import json
import time


class History:
    def __init__(self, path):
        self.lines = []
        self.file = open(path, "w", encoding="utf-8")

    def note(self, proc, f, phase, **value):
        line = {"t": time.monotonic_ns(), "proc": proc, "f": f, "phase": phase, "value": value}
        self.lines.append(line)
        self.file.write(json.dumps(line) + "\n")

    def of(self, f, phase):
        return [line for line in self.lines if line["f"] == f and line["phase"] == phase]

    def close(self):
        self.file.close()
