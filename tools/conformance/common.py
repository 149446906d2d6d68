"""What every conformance check shares: running the tool, and labels as the tool's own JSON Lines.

A check is a file `checks/FORMAT.py` with functions named `check_...`; each raises AssertionError where the
client and the tool disagree, and `Unavailable` where a client cannot be had. The file's `CLIENT` names the
client and its version as it was imported.
"""

import json
import os
import pathlib
import subprocess

TOOL = os.environ.get("CONTINUITY_TOOL", "continuity")
DATA = pathlib.Path(os.environ.get("CONTINUITY_DATA", pathlib.Path(__file__).parents[2] / ".." / "shared" / "data"))


class Unavailable(Exception):
    """A client, a sample file or a network address that could not be had."""


def convert(source, target, *, size=None, fps=None, kind=None):
    """Runs `continuity convert SOURCE TARGET`; both may carry `:FORMAT`. Returns what it said."""
    arguments = [TOOL, "convert", str(source), str(target)]
    if size:
        arguments += ["--size", f"{size[0]}x{size[1]}"]
    if fps:
        arguments += ["--fps", str(fps)]
    if kind:
        arguments += ["--kind", kind]
    done = subprocess.run(arguments, capture_output=True, text=True)
    assert done.returncode == 0, f"{' '.join(arguments)}: {done.stderr.strip()}"
    return done.stderr


def read(source, scratch, **options):
    """Reads labels with the tool; returns them as `Labels`."""
    path = pathlib.Path(scratch) / "read.jsonl"
    convert(source, f"{path}:jsonl", **options)
    return Labels(path)


class Labels:
    """Labels as the tool's own JSON Lines tell them."""

    def __init__(self, path):
        self.videos, self.categories, self.images, self.ranges, self.tracks, self.instances = [], [], [], [], [], []
        kinds = {"video": self.videos, "category": self.categories, "image": self.images,
                 "range": self.ranges, "track": self.tracks, "instance": self.instances}
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                if row["type"] in kinds:
                    kinds[row["type"]].append(row)

    def track(self, id, video=0):
        """The track of an id."""
        return next(t for t in self.tracks if t["id"] == id and t["video"] == video)

    def of(self, id, video=0):
        """The instances of a track, by frame."""
        found = [i for i in self.instances if i["track"] == id and i["video"] == video]
        return sorted(found, key=lambda i: i["frame"])

    def at(self, frame, video=0):
        """The instances of a frame."""
        return [i for i in self.instances if i["frame"] == frame and i["video"] == video]


def write_lines(path, rows):
    """Writes labels as the tool's own JSON Lines; `rows` are the lines after the header."""
    with open(path, "w", encoding="utf-8") as lines:
        for row in [{"type": "header", "format": "continuity", "version": 1}, *rows]:
            lines.write(json.dumps(row) + "\n")
    return path


def near(a, b, step=1e-6):
    """Whether two numbers, or two lists of numbers, differ by no more than `step`."""
    if isinstance(a, (int, float)):
        return abs(a - b) <= step
    return len(a) == len(b) and all(near(x, y, step) for x, y in zip(a, b))
