"""Ultralytics' summary() and to_json() against its own Results."""

import json

import numpy

try:
    import torch
    import ultralytics
    from ultralytics.engine.results import Results
except ImportError as error:
    from common import Unavailable
    raise Unavailable(f"ultralytics with torch ({error}); tools/conformance/run heavy installs it")

from common import near, read

CLIENT = f"ultralytics {ultralytics.__version__}"
NAMES = {0: "person", 1: "car"}


def results(**parts):
    return Results(numpy.zeros((48, 64, 3), numpy.uint8), path="frame.jpg", names=NAMES,
                   **{name: torch.tensor(part) for name, part in parts.items()})


def saved(scratch, frames, **options):
    path = scratch / "results.json"
    path.write_text(json.dumps([json.loads(frame.to_json(**options)) for frame in frames]))
    return path


def check_boxes_with_track_ids(scratch):
    # left, top, right, bottom, track, confidence, class
    frames = [results(boxes=[[1.5, 2, 11.5, 22, 4, 0.5, 1]]), results(boxes=numpy.zeros((0, 7)).tolist() or [[0] * 7][:0]),
              results(boxes=[[2.5, 2, 12.5, 22, 4, 0.25, 1]])]
    for options, size in [({}, None), ({"normalize": True}, (64, 48))]:
        labels = read(saved(scratch, frames, **options), scratch, **({"size": size} if size else {}))
        first, second = labels.of("4")
        assert (first["frame"], second["frame"]) == (0, 2) and labels.track("4")["class"] == "car"
        assert near(first["shape"]["box"], [1.5, 2, 10, 20], 1e-3) and near(first["confidence"], 0.5)


def check_keypoints_and_turned_boxes(scratch):
    poses = results(boxes=[[1, 2, 11, 22, 0.5, 0]], keypoints=[[[5, 6, 0.9], [7, 8, 0.25]]])
    [instance] = read(saved(scratch, [poses]), scratch).instances
    assert near([joint[1:3] for joint in instance["shape"]["skeleton"]], [[5, 6], [7, 8]], 1e-3)
    turned = results(obb=[[20, 20, 12, 6, 0.5, 0.75, 0]])
    [instance] = read(saved(scratch, [turned]), scratch).instances
    box = instance["shape"]["rotated_box"]
    assert near(box[:2], [20, 20], 1e-3) and near(sorted(box[2:4]), [6, 12], 1e-3)
    # The corners of Ultralytics may begin at another one: a quarter turn with the sides exchanged.
    angle = box[4] if box[2] > box[3] else box[4] - numpy.pi / 2
    assert min(abs((angle - 0.5) % numpy.pi), numpy.pi - abs((angle - 0.5) % numpy.pi)) < 1e-3
