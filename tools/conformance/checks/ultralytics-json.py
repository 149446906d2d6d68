"""Lists of Ultralytics' summary() against its own Results."""

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
                   **{name: torch.tensor(numpy.asarray(part, numpy.float32)) for name, part in parts.items()})


def saved(scratch, frames, **options):
    path = scratch / "results.json"
    path.write_text(json.dumps([frame.summary(**options) for frame in frames]))
    return path


def check_boxes_with_track_ids(scratch):
    # left, top, right, bottom, track, confidence, class
    frames = [results(boxes=[[1.5, 2, 11.5, 22, 4, 0.5, 1]]), results(boxes=numpy.zeros((0, 7))),
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
    assert near(instance["shape"]["rotated_box"], [20, 20, 12, 6, 0.5], 1e-3)
