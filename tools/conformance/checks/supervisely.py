"""Supervisely video projects against Supervisely's own SDK, without its server."""

import json
import sys
import types

import numpy

# The SDK imports the module that imports it, by its name.
sys.modules.setdefault(__name__, types.ModuleType(__name__))
import supervisely as sly
from supervisely.annotation.label import LabelingStatus
from supervisely.geometry.cuboid import CuboidFace
from supervisely.geometry.cuboid_2d import CUBOID2D_VERTICES_NAMES, Cuboid2d
from supervisely.geometry.graph import GraphNodes, KeypointsTemplate, Node
from supervisely.geometry.multipolygon import Multipolygon
from supervisely.geometry.oriented_bbox import OrientedBBox
from supervisely.video_annotation.video_tag import VideoTag
from supervisely.video_annotation.video_tag_collection import VideoTagCollection

from common import convert, near, read, write_lines

CLIENT = f"supervisely {sly.__version__}"
WIDTH, HEIGHT = 200, 100


def places(*pairs):
    return [sly.PointLocation(row=y, col=x) for x, y in pairs]


MASK = numpy.array([[1, 0, 1, 1], [0, 0, 0, 1], [1, 1, 0, 0]], dtype=bool)
SQUARE, HOLE, ROOF = [(10, 10), (50, 10), (50, 60), (10, 60)], [(20, 20), (30, 20), (30, 40)], [(70, 70), (80, 70), (80, 90)]
BLOCK = [(10, 30), (40, 30), (40, 60), (10, 60), (20, 20), (50, 20), (50, 50), (20, 50)]
TEMPLATE = KeypointsTemplate()
for number, label in enumerate(["nose", "tail", "paw"]):
    TEMPLATE.add_point(label=label, row=number, col=number)
TEMPLATE.add_edge("nose", "tail")
SHAPES = {
    # The client holds the pixels of both corners: its own width is 31 and its height 21.
    "box": (sly.Rectangle(top=20, left=10, bottom=40, right=40), {"box": [10, 20, 31, 21]}),
    "turned": (OrientedBBox(top=20, left=10, bottom=39, right=39, angle=.5), {"rotated_box": [25, 30, 30, 20, .5]}),
    "area": (sly.Polygon(places(*SQUARE), [places(*HOLE)]), {"polygon": [[SQUARE, HOLE]]}),
    "areas": (Multipolygon([sly.Polygon(places(*SQUARE), [places(*HOLE)]), sly.Polygon(places(*ROOF))]),
              {"polygon": [[SQUARE, HOLE], [ROOF]]}),
    "line": (sly.Polyline(places(*ROOF)), {"polyline": ROOF}),
    "spot": (sly.Point(row=7, col=5), {"points": [(5, 7)]}),
    "mask": (sly.Bitmap(MASK, origin=sly.PointLocation(row=4, col=3)), None),
    "fly": (GraphNodes([Node(label="nose", row=5, col=6), Node(label="tail", row=7, col=8, disabled=True)]),
            {"skeleton": [["nose", 6, 5, 2, None], ["tail", 8, 7, 0, None], ["paw", 0, 0, 0, None]]}),
    "block": (Cuboid2d(dict(zip(CUBOID2D_VERTICES_NAMES, [Node(p) for p in places(*BLOCK)]))), {"cuboid": BLOCK}),
    # Seven corners: the one that is hidden completes its face.
    "old block": (sly.Cuboid(places(*BLOCK[:7]), [CuboidFace(0, 1, 2, 3), CuboidFace(0, 4, 5, 1), CuboidFace(1, 5, 6, 2)]),
                  {"cuboid": BLOCK}),
}


def filled(mask):
    picture = numpy.zeros((HEIGHT, WIDTH), dtype=bool)
    values = numpy.repeat(numpy.arange(len(mask["runs"])) % 2 == 1, mask["runs"])
    top, left = mask["top"], mask["left"]
    picture[top:top + mask["height"], left:left + mask["width"]] = values.reshape(mask["height"], mask["width"])
    return picture


def flat(value):
    return [x for y in value for x in flat(y)] if isinstance(value, (list, tuple)) else [value]


def same(shape, expected, step=1e-6):
    (kind, numbers), = expected.items()
    assert shape.keys() == expected.keys(), f"{shape} instead of {expected}"
    if kind == "skeleton":
        assert [[j[0], j[3]] for j in shape[kind]] == [[j[0], j[3]] for j in numbers], shape
        assert all(near(a[1:3], b[1:3]) for a, b in zip(shape[kind], numbers) if b[3]), shape
    else:
        assert near(flat(shape[kind]), flat(numbers), step), f"{shape} instead of {expected}"


def project(scratch, annotation, meta):
    """A project folder as the SDK downloads it."""
    folder = scratch / "project"
    (folder / "ds0" / "ann").mkdir(parents=True)
    (folder / "meta.json").write_text(json.dumps(meta.to_json()))
    (folder / "key_id_map.json").write_text(json.dumps(sly.KeyIdMap().to_dict()))
    (folder / "ds0" / "ann" / "clip.mp4.json").write_text(json.dumps(annotation.to_json()))
    return folder


def check_every_geometry_of_the_sdk_is_read(scratch):
    classes = [sly.ObjClass(name, type(geometry), geometry_config=TEMPLATE if name == "fly" else None)
               for name, (geometry, _) in SHAPES.items()]
    objects = {c.name: sly.VideoObject(c) for c in classes}
    states = [LabelingStatus.MANUAL, LabelingStatus.AUTO, LabelingStatus.CORRECTED]
    frames = [sly.Frame(2 + n, [sly.VideoFigure(objects[name], geometry, 2 + n, status=state)
                                for name, (geometry, _) in SHAPES.items()]) for n, state in enumerate(states)]
    annotation = sly.VideoAnnotation((HEIGHT, WIDTH), 9, sly.VideoObjectCollection(list(objects.values())),
                                     sly.FrameCollection(frames))
    folder = project(scratch, annotation, sly.ProjectMeta(obj_classes=sly.ObjClassCollection(classes)))
    for source in [folder, folder / "ds0", folder / "ds0" / "ann" / "clip.mp4.json"]:
        labels = read(source, scratch)
        video = labels.videos[0]
        assert (video["name"], video["width"], video["height"], video["frame_count"]) == ("clip.mp4", WIDTH, HEIGHT, 9)
        assert len(labels.tracks) == len(SHAPES)
        for track in labels.tracks:
            found = labels.of(track["id"])
            assert [i["frame"] for i in found] == [2, 3, 4]
            assert [i["origin"] for i in found] == ["human", "model", "human"], found
            _, expected = SHAPES[track["class"]]
            if expected:
                same(found[0]["shape"], expected)
            else:
                picture = numpy.zeros((HEIGHT, WIDTH), dtype=bool)
                picture[4:7, 3:7] = MASK
                assert (filled(found[0]["shape"]["mask"]) == picture).all(), "the mask is another one"
        fly = next(c for c in labels.categories if c["name"] == "fly")
        assert fly["joints"] == ["nose", "tail", "paw"] and fly["edges"] == [[0, 1]], fly


def check_tags_of_the_sdk_are_read(scratch):
    text, bare = sly.TagMeta("pose", sly.TagValueType.ANY_STRING), sly.TagMeta("indoor", sly.TagValueType.NONE)
    cat = sly.ObjClass("cat", sly.Rectangle)
    item = sly.VideoObject(cat, VideoTagCollection([
        VideoTag(text, "up", frame_range=[1, 2]), VideoTag(bare), VideoTag(text, "down", frame_range=[4, 4])]))
    frames = [sly.Frame(n, [sly.VideoFigure(item, sly.Rectangle(1, 2, 3, 4), n)]) for n in range(5)]
    annotation = sly.VideoAnnotation(
        (HEIGHT, WIDTH), 6, sly.VideoObjectCollection([item]), sly.FrameCollection(frames),
        VideoTagCollection([VideoTag(text, "all"), VideoTag(bare, frame_range=[2, 3])]))
    meta = sly.ProjectMeta(sly.ObjClassCollection([cat]), sly.TagMetaCollection([text, bare]))
    labels = read(project(scratch, annotation, meta), scratch)
    assert labels.tracks[0]["id"] == item.key().hex and labels.tracks[0]["attributes"] == {"indoor": "true"}
    poses = [i.get("attributes", {}).get("pose") for i in labels.of(item.key().hex)]
    assert poses == [None, "up", "up", None, "down"], poses
    assert [(r["start"], r["end"], r["name"], r.get("value")) for r in labels.ranges] == [
        (0, 6, "pose", "all"), (2, 4, "indoor", None)], labels.ranges


def check_the_sdk_reads_what_is_written(scratch):
    shapes = {name: expected for name, (_, expected) in SHAPES.items() if expected and name != "old block"}
    shapes["mask"] = {"mask": {"left": 3, "top": 2, "width": 2, "height": 2, "runs": [0, 1, 1, 2]}}
    rows = [{"type": "video", "video": 0, "name": "clip.mp4", "width": WIDTH, "height": HEIGHT, "frame_count": 9},
            {"type": "category", "video": 0, "name": "fly", "joints": ["nose", "tail", "paw"], "edges": [[0, 1]]}]
    for name, shape in shapes.items():
        rows.append({"type": "track", "video": 0, "id": f"id of {name}", "class": name, "attributes": {"colour": "red"}})
        rows += [{"type": "instance", "video": 0, "track": f"id of {name}", "frame": frame, "shape": shape,
                  "origin": "model" if frame == 2 else "human", "attributes": {"pose": "up"}} for frame in (1, 2, 4)]
    rows += [{"type": "range", "video": 0, "start": 2, "end": 5, "name": "weather", "value": "rain"},
             {"type": "range", "video": 0, "start": 0, "end": 9, "name": "indoor"}]
    target = scratch / "out"
    convert(f"{write_lines(scratch / 'in.jsonl', rows)}:jsonl", f"{target}:supervisely")
    meta = sly.ProjectMeta.from_json(json.loads((target / "meta.json").read_text()))
    assert sly.KeyIdMap.load_json(str(target / "key_id_map.json")).to_dict() == sly.KeyIdMap().to_dict()
    # Without a map of keys to ids, as the SDK uploads a project: there are no ids of a server yet.
    annotation = sly.VideoAnnotation.load_json_file(str(target / "dataset" / "ann" / "clip.mp4.json"), meta)
    assert annotation.img_size == (HEIGHT, WIDTH) and annotation.frames_count == 9
    assert len(annotation.objects) == len(shapes) and [f.index for f in annotation.frames] == [1, 2, 4]
    for figure in annotation.frames.get(1).figures:
        name, geometry = figure.video_object.obj_class.name, figure.geometry
        wanted, _ = SHAPES[name]
        if name == "mask":
            assert (geometry.origin.col, geometry.origin.row) == (3, 2)
            assert geometry.data.tolist() == [[True, False], [True, True]], geometry.data
        elif name == "fly":
            nodes = geometry.to_json()["nodes"]
            assert nodes["nose"] == {"loc": [6, 5]} and nodes["tail"]["disabled"] is True, nodes
        else:
            assert geometry.to_json() == wanted.to_json(), (name, geometry.to_json(), wanted.to_json())
    assert {f.status for f in annotation.frames.get(2).figures} == {LabelingStatus.AUTO}
    assert {f.status for f in annotation.frames.get(1).figures} == {LabelingStatus.MANUAL}
    tags = sorted((t.name, t.value, t.frame_range) for t in annotation.tags)
    assert tags == [("indoor", None, None), ("weather", "rain", [2, 4])], tags
    for item in annotation.objects:
        tags = sorted((t.name, t.value, t.frame_range or []) for t in item.tags)
        assert tags == [("colour", "red", []), ("pose", "up", [1, 2]), ("pose", "up", [4, 4]),
                        ("track_id", f"id of {item.obj_class.name}", [])], tags
    # The SDK opens the whole once the video is there, and what it saves again is read as the same labels.
    (target / "dataset" / "video" / "clip.mp4").write_bytes(b"")
    opened = sly.VideoProject(str(target), sly.OpenMode.READ)
    assert [(d.name, d.get_items_names()) for d in opened.datasets] == [("dataset", ["clip.mp4"])]
    again = scratch / "again"
    again.mkdir()
    labels = read(project(again, annotation, meta), again)
    assert sorted(t["id"] for t in labels.tracks) == sorted(f"id of {name}" for name in shapes)
    for name, shape in shapes.items():
        found = labels.of(f"id of {name}")
        assert [i["frame"] for i in found] == [1, 2, 4]
        if name == "mask":
            assert (filled(found[0]["shape"]["mask"]) == filled(shape["mask"])).all()
        else:
            same(found[0]["shape"], shape)
