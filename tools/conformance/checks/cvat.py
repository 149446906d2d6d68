"""CVAT's XML for video and for images, against Datumaro, and its backups against CVAT's own models.

Datumaro reads no skeletons, ellipses and cuboids of CVAT, and no masks in tracks; CVAT's own importer comes
with its server only.
"""

import json

import datumaro
import numpy
from cvat_sdk import models
from cvat_sdk.version import VERSION
from datumaro.components.annotation import AnnotationType, Bbox, Label, Mask, Points, Polygon, PolyLine, RotatedBbox
from datumaro.components.dataset import Dataset
from datumaro.components.dataset_base import DatasetItem
from datumaro.components.media import Image

from common import Unavailable, convert, near, read, write_lines

try:
    from importlib.metadata import version

    CLIENT = f"datumaro {version('datumaro')}, cvat-sdk {VERSION}"
except ImportError:
    CLIENT = f"datumaro, cvat-sdk {VERSION}"

SHAPES = {
    "0": {"box": [1.25, 2, 30.5, 40]},
    "1": {"rotated_box": [30, 25, 20, 10, 0.7853981633974483]},
    "2": {"polygon": [[[[0, 0], [9.5, 0], [9, 9]]]]},
    "3": {"polyline": [[0, 0], [1, 1], [5, 2]]},
    "4": {"points": [[3, 4], [5, 6]]},
}


def rows(shapes, frames=(0, 1, 3)):
    yield {"type": "video", "video": 0, "name": "clip.mp4", "width": 64, "height": 48, "frame_count": 6}
    yield {"type": "category", "video": 0, "name": "car"}
    for id, shape in shapes.items():
        yield {"type": "track", "video": 0, "id": id, "class": "car", "attributes": {"group_id": "4"} if id == "0" else {}}
        for frame in frames:
            yield {"type": "instance", "video": 0, "track": id, "frame": frame, "shape": shape, "key_frame": True,
                   "origin": "human", "visibility": "occluded" if frame == 1 else "visible",
                   "attributes": {"pose": "up", "z_order": "2"}}


def numbers(annotation):
    """The geometry of one of Datumaro's annotations as the tool's own JSON Lines tell it."""
    if annotation.type == AnnotationType.bbox:
        return {"box": annotation.get_bbox()}
    points = [list(point) for point in zip(annotation.points[::2], annotation.points[1::2])]
    if annotation.type == AnnotationType.rotated_bbox:
        *place, degrees = annotation.points
        return {"rotated_box": [*place, numpy.deg2rad(degrees)]}
    if annotation.type == AnnotationType.polygon:
        return {"polygon": [[points]]}
    return {"polyline" if annotation.type == AnnotationType.polyline else "points": points}


def same(a, b, step=0.01):
    return a.keys() == b.keys() and all(near(a[kind], b[kind], step) for kind in a)


def check_a_video_we_write_is_read_by_datumaro(scratch):
    source, target = scratch / "in.jsonl", scratch / "annotations.xml"
    write_lines(source, rows(SHAPES))
    convert(f"{source}:jsonl", f"{target}:cvat")
    found = {}
    for item in Dataset.import_from(str(target), "cvat"):
        for annotation in item.annotations:
            if not annotation.attributes["outside"]:
                found.setdefault(str(annotation.attributes["track_id"]), {})[int(item.id[-6:])] = annotation
    assert found.keys() == SHAPES.keys(), found.keys()
    for id, by_frame in found.items():
        assert sorted(by_frame) == [0, 1, 3], (id, sorted(by_frame))
        for frame, annotation in by_frame.items():
            assert same(numbers(annotation), SHAPES[id]), (id, frame, annotation)
            assert annotation.attributes["keyframe"] is True
            assert annotation.attributes["occluded"] is (frame == 1)
            assert annotation.attributes["pose"] == "up" and annotation.z_order == 2
            assert annotation.group == (4 if id == "0" else 0)


def check_what_is_gone_is_outside_for_datumaro(scratch):
    source, target = scratch / "in.jsonl", scratch / "annotations.xml"
    write_lines(source, rows({"0": SHAPES["0"]}))
    convert(f"{source}:jsonl", f"{target}:cvat")
    outside = [int(item.id[-6:]) for item in Dataset.import_from(str(target), "cvat")
               for annotation in item.annotations if annotation.attributes["outside"]]
    assert sorted(outside) == [2, 4], outside


def check_images_we_write_are_read_by_datumaro(scratch):
    source, target = scratch / "in.jsonl", scratch / "default.xml"
    mask = {"mask": {"left": 1, "top": 0, "width": 4, "height": 3, "runs": [0, 3, 8, 1]}}
    tag = {"type": "range", "video": 0, "start": 3, "end": 4, "name": "night", "attributes": {"lamp": "on"}, "origin": "human"}
    names = [{"type": "image", "video": 0, "frame": frame, "name": f"{frame}.png"} for frame in range(6)]
    write_lines(source, [*rows({**SHAPES, "5": mask}), tag, *names])
    convert(f"{source}:jsonl", f"{target}:cvat-images")
    (scratch / "images").mkdir()
    for frame in range(6):
        (scratch / "images" / f"{frame}.png").write_bytes(b"")
    items = {int(item.id): item for item in Dataset.import_from(str(scratch), "cvat")}
    assert sorted(items) == list(range(6))
    for frame in (0, 1, 3):
        shapes = [a for a in items[frame].annotations if a.type != AnnotationType.label]
        assert [str(int(a.attributes["track_id"])) if a.attributes["track_id"] != "" else "" for a in shapes] == [*SHAPES, "5"]
        for annotation in shapes[:-1]:
            assert same(numbers(annotation), SHAPES[str(int(annotation.attributes["track_id"]))])
            assert annotation.attributes["occluded"] is (frame == 1) and annotation.attributes["pose"] == "up"
        expected = numpy.zeros((48, 64), dtype=bool)
        expected[0, 1:4] = expected[2, 4] = True
        assert (numpy.asarray(shapes[-1].image, dtype=bool) == expected).all()
    tags = [(frame, a.attributes) for frame, item in items.items() for a in item.annotations if a.type == AnnotationType.label]
    assert tags == [(3, {"lamp": "on"})], tags


def dataset(shapes):
    image = Image.from_numpy(data=numpy.zeros((48, 64, 3), dtype=numpy.uint8))
    items = [DatasetItem(id=f"frame_{frame:06}", subset="default", media=image, attributes={"frame": frame}, annotations=shapes(frame))
             for frame in range(3)]
    return Dataset.from_iterable(items, categories=["car", "night"])


def check_images_of_datumaro_are_read(scratch):
    mask = numpy.zeros((48, 64), dtype=numpy.uint8)
    mask[0, 1:4] = mask[2, 4] = 1

    def shapes(frame):
        common = {"label": 0, "z_order": 1, "attributes": {"occluded": frame == 1}, "group": 3}
        return [Bbox(1, 2, 3.5, 4, **common), RotatedBbox(30, 25, 20, 10, 45, **common), Polygon([0, 0, 9, 0, 9, 9], **common),
                PolyLine([0, 0, 1, 1], **common), Points([3, 4, 5, 6], **common), Mask(mask, **common), Label(1)]

    dataset(shapes).export(str(scratch / "out"), "cvat", save_media=True)
    labels = read(scratch / "out" / "default.xml", scratch)
    assert len(labels.instances) == 18 and [r["start"] for r in labels.ranges] == [0, 1, 2]
    assert {r["name"] for r in labels.ranges} == {"night"}
    assert labels.videos[0]["width"] == 64 and labels.videos[0]["height"] == 48
    expected = [{"box": [1, 2, 3.5, 4]}, {"rotated_box": [30, 25, 20, 10, numpy.pi / 4]}, {"polygon": [[[[0, 0], [9, 0], [9, 9]]]]},
                {"polyline": [[0, 0], [1, 1]]}, {"points": [[3, 4], [5, 6]]}]
    tracks = {track["id"]: track for track in labels.tracks}
    for frame in range(3):
        found = labels.at(frame)
        assert all(same(one["shape"], other) for one, other in zip(found, expected)), found
        runs = found[5]["shape"]["mask"]
        pixels = numpy.zeros((48, 64), dtype=numpy.uint8)
        flat = numpy.repeat(numpy.arange(len(runs["runs"])) % 2, runs["runs"])
        pixels[runs["top"]:runs["top"] + runs["height"], runs["left"]:runs["left"] + runs["width"]] = flat.reshape(runs["height"], runs["width"])
        assert (pixels == mask).all()
        assert {i["visibility"] for i in found} == {"occluded" if frame == 1 else "visible"}
        for instance in found:
            assert instance["attributes"]["z_order"] == "1"
            assert tracks[instance["track"]]["attributes"]["group_id"] == "3"


def check_tracks_of_datumaro_are_read(scratch):
    def shapes(frame):
        return [Bbox(1 + frame, 2, 3.5, 4, label=0, attributes={"track_id": 7, "keyframe": frame != 1, "outside": frame == 2, "occluded": False})]

    dataset(shapes).export(str(scratch / "out"), "cvat", use_track=True)
    labels = read(scratch / "out" / "default.xml", scratch)
    assert len(labels.tracks) == 1 and labels.tracks[0]["class"] == "car"
    assert [(i["frame"], i["key_frame"], i["shape"]["box"][0]) for i in labels.instances] == [(0, True, 1), (1, False, 2)], labels.instances
    assert labels.tracks[0]["absences"] == [[2, None]]


def check_a_backup_made_of_cvats_models_is_read(scratch):
    def tracked(frame, points, kind="rectangle", **more):
        return models.TrackedShapeRequest(type=models.ShapeType(kind), frame=frame, points=points, occluded=False, z_order=0, rotation=0.0,
                                          **{"outside": False, **more})

    data = models.LabeledDataRequest(
        version=0,
        tags=[models.LabeledImageRequest(frame=3, label_id=2, group=0, source="manual")],
        shapes=[models.LabeledShapeRequest(type=models.ShapeType("mask"), frame=1, label_id=1, group=0, source="manual",
                                           points=[0.0, 3.0, 8.0, 1.0, 1.0, 0.0, 4.0, 2.0])],
        tracks=[models.LabeledTrackRequest(frame=0, label_id=1, group=5, source="auto",
                                           shapes=[tracked(0, [0.0, 0.0, 10.0, 10.0]), tracked(4, [8.0, 4.0, 18.0, 14.0]),
                                                   tracked(5, [8.0, 4.0, 18.0, 14.0], outside=True)])])
    source = scratch / "annotations.json"
    source.write_text(json.dumps(data.to_dict(), default=str))
    labels = read(source, scratch)
    assert [r["start"] for r in labels.ranges] == [3]
    mask = next(i for i in labels.instances if "mask" in i["shape"])
    assert mask["frame"] == 1 and mask["shape"]["mask"] == {"left": 1, "top": 0, "width": 4, "height": 3, "runs": [0, 3, 8, 1]}
    track = next(t for t in labels.tracks if t.get("attributes", {}).get("group_id") == "5")
    assert track["absences"] == [[5, None]]
    assert [(i["frame"], i["key_frame"], i["shape"]["box"][:2]) for i in labels.of(track["id"])] == \
        [(0, True, [0, 0]), (1, False, [2, 1]), (2, False, [4, 2]), (3, False, [6, 3]), (4, True, [8, 4])]


def check_cvats_own_importer(scratch):
    raise Unavailable("the importer of CVAT needs its server; its rules were read in cvat/apps/dataset_manager/formats/cvat.py")
