"""Values over positions of the log, and which positions a moment may have had."""
import bisect
import time

END = 1 << 62  # beyond every position


class Steps:
    """A value that changes at positions; each holds from its position on."""

    def __init__(self, first=None):
        self.positions = [-1]
        self.values = [first]

    def put(self, pos, value):
        """In the order of positions; the last one counts."""
        if pos == self.positions[-1]:
            self.values[-1] = value
        else:
            self.positions.append(pos)
            self.values.append(value)

    def at(self, pos):
        return self.values[bisect.bisect_right(self.positions, pos) - 1]

    def before(self, pos):
        return self.at(pos - 1)

    def changes(self):
        return zip(self.positions[1:], self.values[1:])

    def points(self, low, high):
        """Where it changes within: after `low`, up to `high`."""
        first = bisect.bisect_right(self.positions, low)
        return self.positions[first:bisect.bisect_right(self.positions, high)]


def was(fits, low, high, *steps):
    """Whether values that change by these steps ever fitted between two positions."""
    points = {low}
    for each in steps:
        points.update(each.points(low, high))
    return any(fits(point) for point in points)


class Clock:
    """What the clients know of the log's head. What somebody has seen was decided before anything
    that was asked after he saw it, and what was answered was decided before what was asked after
    the answer."""

    def __init__(self):
        self.seen = [(0, 0)]  # (time, position), both rising
        self.decided = []  # (time it was asked, position)
        self.asked = None  # of `decided`, in order: the times, and the lowest position from there

    def saw(self, pos):
        if pos > self.seen[-1][1]:
            self.seen.append((time.monotonic_ns(), pos))

    def was_decided(self, asked, pos):
        self.decided.append((asked, pos))
        self.asked = None

    def not_before(self, asked):
        """A position that the log had when this was asked."""
        return self.seen[bisect.bisect_left(self.seen, (asked, 0)) - 1][1]

    def before(self, answered):
        """A position that the log had not when this was answered."""
        if self.asked is None:
            self.decided.sort()
            lowest, self.lowest = END, []
            for _, pos in reversed(self.decided):
                lowest = min(lowest, pos)
                self.lowest.append(lowest)
            self.lowest.reverse()
            self.asked = [asked for asked, _ in self.decided]
        place = bisect.bisect_right(self.asked, answered)
        return self.lowest[place] if place < len(self.lowest) else END

    def within(self, deed):
        """The first and the last position the log may have had when the deed was decided."""
        return self.not_before(deed.asked), self.before(deed.answered) - 1
