"""The CSV of VIA tracks against movement."""

import importlib.metadata

import numpy
from movement.io import load_bboxes, save_bboxes

from common import convert, near, read, write_lines

CLIENT = "movement " + importlib.metadata.version("movement")

ROWS = [
    {"type": "video", "video": 0},
    {"type": "track", "video": 0, "id": "3", "class": "crab", "tracked": True},
    {"type": "instance", "video": 0, "track": "3", "frame": 4, "shape": {"box": [10.5, 20, 30, 40]}, "confidence": 0.5},
    {"type": "instance", "video": 0, "track": "3", "frame": 5, "shape": {"box": [12.25, 20, 30, 40]}, "confidence": 0.25},
    {"type": "track", "video": 0, "id": "11", "class": "crab", "tracked": True},
    {"type": "instance", "video": 0, "track": "11", "frame": 5, "shape": {"box": [100, 120, 60, 50]}, "confidence": 1},
]


def check_it_reads_what_is_written(scratch):
    source = write_lines(scratch / "in.jsonl", ROWS)
    convert(f"{source}:jsonl", f"{scratch / 'out.csv'}:via-tracks")
    found = load_bboxes.from_via_tracks_file(scratch / "out.csv", use_frame_numbers_from_file=True)
    assert list(found.individuals.values) == ["id_3", "id_11"] and list(found.time.values) == [4, 5]
    centre = found.position.sel(time=5, individuals="id_3").values
    size = found.shape.sel(time=5, individuals="id_3").values
    assert near(list(centre), [27.25, 40]) and near(list(size), [30, 40])
    assert near(float(found.confidence.sel(time=5, individuals="id_3")), 0.25)
    assert numpy.isnan(found.position.sel(time=4, individuals="id_11").values).all()


def check_what_it_writes_is_read(scratch):
    data = load_bboxes.from_numpy(
        position_array=numpy.array([[[20.0, 30.0], [5.5, 6.5]], [[21.0, 31.0], [numpy.nan, numpy.nan]]]).transpose(0, 2, 1),
        shape_array=numpy.array([[[10.0, 8.0], [3.0, 4.0]], [[10.0, 8.0], [3.0, 4.0]]]).transpose(0, 2, 1),
        individual_names=["id_1", "id_2"], frame_array=numpy.array([[7], [8]]))
    path = scratch / "theirs.csv"
    save_bboxes.to_via_tracks_file(data, path)
    labels = read(path, scratch)
    assert len(labels.instances) == 3
    assert near(labels.instances[0]["shape"]["box"], [15, 26, 10, 8])
    frames = sorted(i["frame"] for i in labels.instances)
    assert frames == [7, 7, 8], frames
