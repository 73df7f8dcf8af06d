"""What was measured against what was promised."""
import dataclasses
import math
import statistics


@dataclasses.dataclass
class Line:
    least: float | None
    most: float | None
    values: list = dataclasses.field(default_factory=list)

    def holds(self, value):
        return not math.isnan(value) and (self.least is None or value >= self.least) and (
            self.most is None or value <= self.most)

    def bound(self):
        limits = {">=": self.least, "<=": self.most}
        return " ".join(f"{sign} {limit:g}" for sign, limit in limits.items() if limit is not None)


class Bounds:
    def __init__(self):
        self.lines = {}

    def add(self, what, value, least=None, most=None):
        """One sample; None: what should come never came."""
        line = self.lines.setdefault(what, Line(least, most))
        line.values.append(math.nan if value is None else value)

    def print(self):
        width = max(map(len, self.lines), default=0)
        print(f"{'':{width}}    n      min   median      max")
        for what, line in self.lines.items():
            came = [value for value in line.values if not math.isnan(value)]
            numbers = [min(came), statistics.median(came), max(came)] if came else [math.nan] * 3
            print(f"{what:{width}}  {len(line.values):3} " +
                  " ".join(f"{number:8.2f}" for number in numbers) + f"  {line.bound()}" +
                  ("" if not self.broken(what) else "  BROKEN"))

    def broken(self, what):
        line = self.lines[what]
        return [f"{what}: {'never' if math.isnan(value) else f'{value:.3f}'}, not {line.bound()}"
                for value in line.values if not line.holds(value)]

    def all_broken(self):
        return [each for what in self.lines for each in self.broken(what)]
