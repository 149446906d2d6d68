"""ETA's video labels against ETA itself, both ways."""

import importlib.metadata

import eta.core.data as etad
import eta.core.events as etae
import eta.core.frameutils as etaf
import eta.core.geometry as etag
import eta.core.keypoints as etak
import eta.core.objects as etao
import eta.core.polylines as etap
import eta.core.serial as etas
import eta.core.video as etav
import numpy

from common import convert, near, read, write_lines

CLIENT = f"voxel51-eta {importlib.metadata.version('voxel51-eta')}"


def corners(box):
    return [box.top_left.x, box.top_left.y, box.bottom_right.x, box.bottom_right.y]


def check_a_file_the_client_writes_is_read_with_equal_content(scratch):
    labels = etav.VideoLabels(filename="clip.mp4")
    labels.metadata = etav.VideoMetadata(frame_size=(640, 480), frame_rate=30, total_frame_count=10)
    mask = numpy.array([[1, 0, 1], [0, 1, 1]], dtype=bool)
    box = etag.BoundingBox.from_coords(0.25, 0.5, 0.75, 1)
    car = etao.DetectedObject("car", box, confidence=0.5, index=1)
    car.add_attribute(etad.BooleanAttribute("occluded", True))
    car.add_attribute(etad.CategoricalAttribute("make", "Honda"))
    labels.add_object(car, 1)
    small = etag.BoundingBox.from_coords(64 / 640, 48 / 480, 67 / 640, 50 / 480)
    labels.add_object(etao.DetectedObject("bit", small, mask=mask, index=2), 3)
    labels.add_object(etao.DetectedObject("lone", box), 4)
    frame = labels[1]
    frame.add_attribute(etad.CategoricalAttribute("scene", "city", confidence=0.75))
    frame.polylines.add(etap.Polyline(label="lane", index=3, points=[[(0, 0), (0.5, 1)]], closed=False))
    frame.polylines.add(etap.Polyline(label="area", index=4, points=[[(0, 0), (0.5, 0), (0.5, 1)]], closed=True, filled=True))
    frame.keypoints.add(etak.Keypoints(label="place", index=5, points=[(0.25, 0.5), (0.5, 0.25)]))
    labels.add_event(etae.VideoEvent(support=etaf.FrameRanges.build_simple(2, 4), label="jump", confidence=0.9))
    # Objects of a file are written with their masks packed; a plain dictionary would keep lists.
    path = scratch / "in.json"
    document = labels.serialize()
    document["frames"]["3"]["objects"]["objects"][0]["mask"] = etas.serialize_numpy_array(mask)
    etas.write_json(document, str(path))
    assert (etav.VideoLabels.from_json(str(path))[3].objects[0].mask == mask).all()
    found = read(path, scratch)
    assert (found.videos[0]["width"], found.videos[0]["height"], found.videos[0]["frame_count"]) == (640, 480, 10)
    instance = found.of("1")[0]
    assert (instance["frame"], instance["shape"]) == (0, {"box": [160, 240, 320, 240]})
    assert (instance["confidence"], instance["visibility"], instance["attributes"]) == (0.5, "occluded", {"make": "Honda"})
    instance = found.of("2")[0]
    assert instance["frame"] == 2
    assert instance["shape"]["mask"] == {"left": 64, "top": 48, "width": 3, "height": 2, "runs": [0, 1, 1, 1, 1, 2]}
    assert [t["class"] for t in found.tracks if not t["tracked"]] == ["lone"]
    assert found.of("3")[0]["shape"] == {"polyline": [[0, 0], [320, 480]]}
    assert found.of("4")[0]["shape"] == {"polygon": [[[[0, 0], [320, 0], [320, 480]]]]}
    assert found.of("5")[0]["shape"] == {"points": [[160, 240], [320, 120]]}
    ranges = [(r["name"], r.get("value"), r["start"], r["end"], r["confidence"]) for r in found.ranges]
    assert ranges == [("scene", "city", 0, 1, 0.75), ("jump", None, 1, 4, 0.9)], ranges


def check_a_file_we_write_is_read_with_equal_content(scratch):
    mask = {"left": 64, "top": 48, "width": 3, "height": 2, "runs": [0, 1, 1, 1, 1, 2]}
    shapes = [{"box": [160, 240, 320, 120]}, {"mask": mask}, {"polyline": [[0, 0], [320, 480]]},
              {"polygon": [[[[0, 0], [320, 0], [320, 480]]], [[[0, 0], [32, 0], [32, 48]]]]}, {"points": [[160, 240], [320, 120]]}]
    rows = [{"type": "video", "video": 0, "name": "clip.mp4", "width": 640, "height": 480, "frame_count": 10, "frame_rate": 30,
             "annotated": {"frames": [0, 1, 2, 3, 4, 7]}},
            {"type": "range", "video": 0, "start": 1, "end": 4, "name": "run", "value": "yes", "confidence": 0.5}]
    for number, shape in enumerate(shapes):
        rows.append({"type": "track", "video": 0, "id": str(number), "class": f"class {number}", "tracked": True,
                     "attributes": {"colour": "red"}})
        rows.append({"type": "instance", "video": 0, "track": str(number), "frame": number, "shape": shape, "origin": "human",
                     "key_frame": True, "confidence": 0.25, "visibility": "occluded", "attributes": {"age": "42"}})
    target = scratch / "out.json"
    convert(f"{write_lines(scratch / 'in.jsonl', rows)}:jsonl", f"{target}:eta")
    labels = etav.VideoLabels.from_json(str(target))
    assert (labels.filename, list(labels.metadata.frame_size), labels.metadata.total_frame_count) == ("clip.mp4", [640, 480], 10)
    assert list(labels.support) == [1, 2, 3, 4, 5, 8]
    car = labels[1].objects[0]
    assert (car.label, car.index, car.confidence, corners(car.bounding_box)) == ("class 0", 0, 0.25, [0.25, 0.5, 0.75, 0.75])
    values = {a.name: (type(a).__name__, a.value) for a in car.attrs}
    assert values == {"occluded": ("BooleanAttribute", True), "keyframe": ("BooleanAttribute", True),
                      "origin": ("CategoricalAttribute", "human"), "age": ("NumericAttribute", 42)}, values
    bit = labels[2].objects[0]
    assert (bit.mask == numpy.array([[1, 0, 1], [0, 1, 1]], dtype=bool)).all() and bit.mask.dtype == bool
    assert near(corners(bit.bounding_box), [64 / 640, 48 / 480, 67 / 640, 50 / 480], 1e-12)
    lane, area = labels[3].polylines[0], labels[4].polylines[0]
    assert (lane.label, lane.closed, lane.points) == ("class 2", False, [[[0, 0], [0.5, 1]]])
    assert (area.closed, area.filled, len(area.points), area.points[0]) == (True, True, 2, [[0, 0], [0.5, 0], [0.5, 1]])
    assert labels[5].keypoints[0].points == [[0.25, 0.5], [0.5, 0.25]]
    event = labels.events[0]
    assert (event.label, event.confidence, list(event.support)) == ("run", 0.5, [2, 3, 4])
    assert [(o.label, o.index, o.attrs[0].value) for o in labels.objects] == [(f"class {n}", n, "red") for n in range(5)]
