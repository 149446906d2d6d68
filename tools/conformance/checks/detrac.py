"""UA-DETRAC XML against the reader of py-motmetrics."""

import importlib.metadata
import pathlib

import motmetrics

from common import near, read

CLIENT = "motmetrics " + importlib.metadata.version("motmetrics")
SAMPLE = pathlib.Path(motmetrics.__file__).parent / "data" / "iotest" / "detrac.xml"


def check_its_sample_is_read(scratch):
    labels = read(f"{SAMPLE}:detrac", scratch)
    frame = motmetrics.io.loadtxt(SAMPLE, fmt="detrac-xml").reset_index()
    rows = {(int(row.FrameId) - 1, str(row.Id)): row for row in frame.itertuples()}
    found = [i for i in labels.instances if not i["track"].startswith("ignored-")]
    assert len(found) == len(rows) > 0
    for instance in found:
        row = rows[instance["frame"], instance["track"]]
        # The client takes pixels to count from 1.
        assert near(instance["shape"]["box"], [row.X + 1, row.Y + 1, row.Width, row.Height], 1e-4)
