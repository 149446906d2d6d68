"""COCO against supervision's reader and writer of data sets."""

import importlib.metadata
import json

import numpy
import supervision

from common import convert, near, read, write_lines

CLIENT = f"supervision {importlib.metadata.version('supervision')}"


def check_what_supervision_writes_is_read(scratch):
    boxes = numpy.array([[1.5, 2, 11.5, 22], [30, 5, 40, 15.25]])
    names = [str(scratch / f"clip_{n:04}.jpg") for n in range(3)]
    import cv2
    for name in names:
        cv2.imwrite(name, numpy.zeros((48, 64, 3), numpy.uint8))
    supervision.DetectionDataset(
        classes=["car", "fly"], images=names,
        annotations={name: supervision.Detections(xyxy=boxes, class_id=numpy.array([0, 1])) for name in names},
    ).as_coco(annotations_path=str(scratch / "client.json"))
    labels = read(scratch / "client.json", scratch)
    assert len(labels.instances) == 6
    for instance in labels.instances:
        track = labels.track(instance["track"])
        left, top, right, bottom = boxes[["car", "fly"].index(track["class"])]
        assert near(instance["shape"]["box"], [left, top, right - left, bottom - top], 1e-3), instance


def check_supervision_reads_what_is_written(scratch):
    lines = [{"type": "video", "video": 0, "name": "clip.mp4", "width": 64, "height": 48, "frame_count": 3},
             {"type": "category", "video": 0, "name": "fly", "source_id": "1"}]
    for frame in range(3):
        lines += [{"type": "track", "video": 0, "id": "7", "class": "fly"}] if frame == 0 else []
        lines.append({"type": "instance", "video": 0, "track": "7", "frame": frame, "shape": {"box": [frame, 2, 10, 20]}})
    convert(f"{write_lines(scratch / 'in.jsonl', lines)}:jsonl", f"{scratch / 'out.json'}:coco")
    names = [image["file_name"] for image in json.load(open(scratch / "out.json"))["images"]]
    data = supervision.DetectionDataset.from_coco(str(scratch), str(scratch / "out.json"))
    assert data.classes == ["fly"]
    for frame, name in enumerate(names):
        found = data.annotations[str(scratch / name)]
        assert found.xyxy.tolist() == [[frame, 2, frame + 10, 22]] and found.class_id.tolist() == [0]
