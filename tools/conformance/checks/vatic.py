"""VATIC text against the reader of py-motmetrics."""

import importlib.metadata
import pathlib
import shutil

import motmetrics

from common import convert, near, read, write_lines

CLIENT = "motmetrics " + importlib.metadata.version("motmetrics")
SAMPLE = pathlib.Path(motmetrics.__file__).parent / "data" / "iotest" / "vatic.txt"


def load(path):
    frame = motmetrics.io.loadtxt(path, fmt="vatic-txt").reset_index()
    return {(int(row.FrameId), str(row.Id)): row for row in frame.itertuples()}


def check_its_sample_is_read(scratch):
    labels = read(f"{SAMPLE}:vatic", scratch)
    rows = load(SAMPLE)
    assert len(labels.instances) == len(rows) == 4
    for instance in labels.instances:
        row = rows[instance["frame"], instance["track"]]
        assert instance["shape"]["box"] == [row.X, row.Y, row.Width, row.Height]
        assert instance["key_frame"] == (not row.Generated)
        name = instance.get("class") or labels.track(instance["track"])["class"]
        assert name == row.ClassId
        said = {key for key, value in instance.get("attributes", {}).items() if value == "true"}
        assert said == {key for key in ["attr1", "attr2", "attr3", "attr4"] if getattr(row, key.capitalize())}


def check_it_reads_what_is_written(scratch):
    rows = [
        {"type": "video", "video": 0, "frame_count": 6},
        {"type": "track", "video": 0, "id": "3", "class": "big dog", "tracked": True, "absences": [[2, 4]]},
        {"type": "instance", "video": 0, "track": "3", "frame": 0, "shape": {"box": [10, 20, 30, 40]},
         "key_frame": True, "origin": "human", "attributes": {"barking": "true"}},
        {"type": "instance", "video": 0, "track": "3", "frame": 1, "shape": {"box": [11, 20, 30, 40]},
         "key_frame": False, "origin": "interpolated", "visibility": "occluded"},
    ]
    source = write_lines(scratch / "in.jsonl", rows)
    convert(f"{source}:jsonl", f"{scratch / 'out.txt'}:vatic")
    found = load(scratch / "out.txt")
    assert sorted(found) == [(0, "3"), (1, "3"), (2, "3"), (3, "3")]
    first, second = found[0, "3"], found[1, "3"]
    assert near([first.X, first.Y, first.Width, first.Height], [10, 20, 30, 40])
    assert (first.Lost, first.Occluded, first.Generated, first.Barking) == (False, False, False, True)
    assert (second.Lost, second.Occluded, second.Generated) == (False, True, True)
    assert found[2, "3"].Lost and found[3, "3"].Lost
    # The client parts rows at blanks, also inside of quotes.
    assert first.ClassId == "big%20dog"
