"""Datumaro's JSON, against Datumaro itself. The dialect of CVAT's fork has no client on PyPI."""

from importlib.metadata import version

import numpy
from datumaro.components.annotation import (
    AnnotationType, Bbox, Caption, Cuboid2D, Ellipse, Label, LabelCategories, Mask, Points, PointsCategories, Polygon, PolyLine)
from datumaro.components.dataset import Dataset
from datumaro.components.dataset_base import DatasetItem
from datumaro.components.media import Image

from common import Unavailable, convert, near, read, write_lines

CLIENT = f"datumaro {version('datumaro')}"
CUBOID = [[0, 0], [4, 0], [4, 4], [0, 4], [2, -2], [6, -2], [6, 2], [2, 2]]
# Datumaro's corners go round the top from the front left, then round the bottom from the back left.
THEIRS = [(0, 0), (2, -2), (6, -2), (4, 0), (2, 2), (6, 2), (4, 4), (0, 4)]


def pixels():
    mask = numpy.zeros((48, 64), dtype=numpy.uint8)
    mask[0, 1:4] = mask[2, 4] = 1
    return mask


def check_what_we_write_is_read_by_datumaro(scratch):
    shapes = {"1": {"box": [1.25, 2, 3.5, 4]}, "2": {"rotated_box": [15, 16, 8, 6, numpy.pi / 4]},
              "3": {"polygon": [[[[0, 0], [9, 0], [9, 9.5]]]]}, "4": {"polyline": [[0, 0], [1, 1]]}, "5": {"points": [[3, 4], [5, 6]]},
              "6": {"ellipse": [15, 16, 7, 8, 0]}, "7": {"cuboid": CUBOID},
              "8": {"skeleton": [["nose", 1, 2, 2, None], ["tail", 3, 4, 1, None]]},
              "9": {"mask": {"left": 1, "top": 0, "width": 4, "height": 3, "runs": [0, 3, 8, 1]}}}
    rows = [{"type": "video", "video": 0, "name": "clip.mp4", "width": 64, "height": 48, "frame_count": 4},
            {"type": "category", "video": 0, "name": "car"},
            {"type": "category", "video": 0, "name": "fly", "joints": ["nose", "tail"], "edges": [[0, 1]]},
            {"type": "range", "video": 0, "start": 2, "end": 3, "name": "night", "attributes": {"lamp": "on"}}]
    for id, shape in shapes.items():
        rows.append({"type": "track", "video": 0, "id": id, "class": "fly" if id == "8" else "car", "attributes": {"group_id": "4"}})
        rows += [{"type": "instance", "video": 0, "track": id, "frame": frame, "shape": shape, "key_frame": frame == 0, "confidence": 0.5,
                  "visibility": "occluded", "attributes": {"pose": "up", "z_order": "2"}} for frame in (0, 2)]
    source, target = scratch / "in.jsonl", scratch / "out"
    write_lines(source, rows)
    convert(f"{source}:jsonl", f"{target}:datumaro")
    data = Dataset.import_from(str(target), "datumaro")
    labels = data.categories()[AnnotationType.label]
    assert [label.name for label in labels.items] == ["car", "fly", "night"]
    points = data.categories()[AnnotationType.points].items[1]
    assert points.labels == ["nose", "tail"] and [tuple(j) for j in points.joints] == [(0, 1)]
    items = {item.attributes["frame"]: item for item in data}
    assert sorted(items) == [0, 1, 2, 3]
    assert items[0].media.size == (48, 64)
    for frame in (0, 2):
        found = {str(a.attributes["track_id"]): a for a in items[frame].annotations if a.type != AnnotationType.label}
        assert found.keys() == shapes.keys()
        for a in found.values():
            assert a.attributes["occluded"] is True and a.attributes["keyframe"] is (frame == 0) and a.attributes["score"] == 0.5
            assert a.attributes["pose"] == "up" and a.z_order == 2 and a.group == 4
        assert near(found["1"].get_bbox(), [1.25, 2, 3.5, 4]) and near(found["2"].get_bbox(), [11, 13, 8, 6], 0.01)
        assert near(found["2"].attributes["rotation"], 45)
        assert near(found["3"].points, [0, 0, 9, 0, 9, 9.5]) and found["3"].type == AnnotationType.polygon
        assert near(found["4"].points, [0, 0, 1, 1]) and near(found["5"].points, [3, 4, 5, 6])
        assert near(found["6"].points, [8, 8, 22, 24]) and near(found["7"].points, [list(p) for p in THEIRS])
        assert near(found["8"].points, [1, 2, 3, 4]) and [v.value for v in found["8"].visibility] == [2, 1]
        assert (found["9"].image == pixels()).all()
    assert [(f, a.attributes) for f, i in items.items() for a in i.annotations if a.type == AnnotationType.label] == [(2, {"lamp": "on"})]


def check_what_datumaro_writes_is_read(scratch):
    categories = {AnnotationType.label: LabelCategories.from_iterable(["car", "fly"]), AnnotationType.points: PointsCategories()}
    categories[AnnotationType.points].add(1, ["nose", "tail"], joints=[[0, 1]])

    def annotations(frame):
        common = {"z_order": 1, "group": 3, "attributes": {"track_id": 7 + frame, "occluded": frame == 1}}
        return [Bbox(1.25, 2, 3.5, 4, label=0, z_order=1, group=3, attributes={"track_id": 1, "keyframe": frame != 1, "score": 0.25, "rotation": 90.0}),
                Polygon([0, 0, 9, 0, 9, 9], label=0, **common), PolyLine([0, 0, 1, 1], label=0), Points([3, 4, 5, 6], [2, 1], label=1),
                Points([3, 4, 5, 6], label=0), Ellipse(8, 8, 22, 24, label=0), Cuboid2D(THEIRS, label=0), Mask(pixels(), label=0),
                Label(0, attributes={"lamp": "on"}), Caption("hello")]

    items = [DatasetItem(id=f"frame_{frame:06}", subset="default", media=Image.from_file(path=f"frame_{frame:06}.png", size=(48, 64)),
                         attributes={"frame": frame}, annotations=annotations(frame)) for frame in (0, 1)]
    Dataset.from_iterable(items, categories=categories).export(str(scratch / "out"), "datumaro")
    for source in (scratch / "out", scratch / "out" / "annotations" / "default.json"):
        labels = read(source, scratch)
        video = labels.videos[0]
        assert (video["width"], video["height"], video["annotated"]) == (64, 48, {"frames": [0, 1]}), video
        boxes = labels.of("1")
        assert [i["key_frame"] for i in boxes] == [True, False] and [i["confidence"] for i in boxes] == [0.25, 0.25]
        assert near(boxes[0]["shape"]["rotated_box"], [3, 4, 3.5, 4, numpy.pi / 2])
        assert labels.track("1")["attributes"] == {"group_id": "3"} and boxes[0]["attributes"] == {"z_order": "1"}
        for frame in (0, 1):
            shapes = [i["shape"] for i in labels.at(frame)]
            kinds = sorted(next(iter(shape)) for shape in shapes)
            assert kinds == sorted(["rotated_box", "polygon", "polyline", "skeleton", "points", "ellipse", "cuboid", "mask"]), kinds
            shape = {kind: value for s in shapes for kind, value in s.items()}
            assert shape["polygon"] == [[[[0, 0], [9, 0], [9, 9]]]] and near(shape["ellipse"], [15, 16, 7, 8, 0])
            assert shape["skeleton"] == [["nose", 3, 4, 2, None], ["tail", 5, 6, 1, None]]
            assert shape["cuboid"] == CUBOID
            mask = shape["mask"]
            assert sum(mask["runs"][1::2]) == 4 and (mask["left"], mask["top"], mask["width"], mask["height"]) == (1, 0, 4, 3)
            assert labels.of(str(7 + frame))[0]["visibility"] == ("occluded" if frame == 1 else "visible")
        assert sorted((r["start"], r["name"], r.get("value")) for r in labels.ranges) == \
            [(0, "caption", "hello"), (0, "car", None), (1, "caption", "hello"), (1, "car", None)]


def check_the_dialect_of_cvats_fork(scratch):
    raise Unavailable("CVAT's fork of Datumaro (0.3, with skeletons) is not on PyPI; its test file is in the unit tests")
