"""Scalabel JSON against the owner's client: files it saves we read, files we write it loads."""

import importlib.metadata
import sys

import numpy
import pydantic
import pydantic.v1
from matplotlib.path import Path

# scalabel is written for pydantic 1, which pydantic 2 brings along.
sys.modules["pydantic"] = pydantic.v1
from scalabel.label.io import load, save
from scalabel.label.transforms import box2d_to_bbox, mask_to_rle, rle_to_mask
from scalabel.label.typing import (Box2D, Category, Config, Dataset, Edge, Frame, Graph, ImageSize, Label, Node,
                                   Poly2D)
sys.modules["pydantic"] = pydantic

from common import DATA, Unavailable, convert, near, read, write_lines

CLIENT = f"scalabel {importlib.metadata.version('scalabel')}"
POLY = Poly2D(vertices=[(10, 10), (50, 10), (70, 20), (70, 40), (50, 50), (10, 50)], types="LLCCLL", closed=True)


def area(points):
    x, y = numpy.array(points).T
    return abs(numpy.dot(x, numpy.roll(y, 1)) - numpy.dot(y, numpy.roll(x, 1))) / 2


def check_a_file_the_client_saves_is_read_with_equal_content(scratch):
    mask = numpy.zeros((48, 64), dtype=numpy.uint8)
    mask[5:9, 20:31] = 1
    mask[7, 40] = 1
    labels = [
        Label(id="a", category="car", box2d=Box2D(x1=1.5, y1=2, x2=11, y2=12), score=0.5, manualShape=True,
              attributes={"occluded": True, "truncated": False, "crowd": False, "colour": "red"}),
        Label(id="b", category="lane", poly2d=[Poly2D(vertices=[(0, 1), (2, 3), (9, 3)], types="LLL", closed=False)]),
        Label(id="c", category="area", poly2d=[POLY]),
        Label(id="d", category="car", rle=mask_to_rle(mask)),
        Label(id="e", category="person", manualShape=False, graph=Graph(
            nodes=[Node(location=(1, 2), category="head", visibility="V", id="x"),
                   Node(location=(3, 4), category="neck", visibility="N", id="y", score=0.25)],
            edges=[Edge(source="x", target="y")], type="Pose2D")),
    ]
    frames = [Frame(name="v-0000001.jpg", videoName="v", frameIndex=0, labels=labels, size=ImageSize(width=64, height=48)),
              Frame(name="v-0000002.jpg", videoName="v", frameIndex=3, labels=[])]
    path = scratch / "in.json"
    save(str(path), Dataset(frames=frames, config=Config(categories=[Category(name=n) for n in ("car", "lane", "area", "person")])))
    found = read(path, scratch)
    assert found.videos[0]["width"] == 64 and found.videos[0]["height"] == 48
    assert found.videos[0]["annotated"] == {"step": 3, "start": 0, "end": 4}
    assert [c["name"] for c in found.categories] == ["car", "lane", "area", "person"]
    box = found.of("a")[0]
    assert box["shape"] == {"box": box2d_to_bbox(labels[0].box2d)}, box
    assert (box["visibility"], box["confidence"], box["origin"], box["key_frame"]) == ("occluded", 0.5, "human", True)
    assert box["attributes"] == {"colour": "red"}
    assert found.of("b")[0]["shape"] == {"polyline": [[0, 1], [2, 3], [9, 3]]}
    # matplotlib draws what the client turns into masks; its own flattening is coarser than ours.
    codes = [Path.MOVETO, Path.LINETO, Path.CURVE4, Path.CURVE4, Path.LINETO, Path.LINETO, Path.LINETO]
    drawn = Path(POLY.vertices + [POLY.vertices[0]], codes).to_polygons()[0]
    ring = found.of("c")[0]["shape"]["polygon"][0][0]
    assert near(area(ring), area(drawn), 2), (area(ring), area(drawn))
    shape = found.of("d")[0]["shape"]["mask"]
    again = numpy.zeros((48, 64), dtype=numpy.uint8)
    runs, row = shape["runs"], []
    for place, run in enumerate(runs):
        row += [place % 2] * run
    again[shape["top"]:shape["top"] + shape["height"], shape["left"]:shape["left"] + shape["width"]] = \
        numpy.array(row).reshape(shape["height"], shape["width"])
    assert (again == rle_to_mask(labels[3].rle)).all()
    assert found.of("e")[0]["shape"] == {"skeleton": [["head", 1, 2, 2, None], ["neck", 3, 4, 1, 0.25]]}
    assert next(c for c in found.categories if c["name"] == "person")["edges"] == [[0, 1]]


def check_a_file_we_write_is_loaded_with_equal_content(scratch):
    lines = write_lines(scratch / "in.jsonl", [
        {"type": "video", "video": 0, "name": "clip.mp4", "width": 64, "height": 48, "frame_count": 3},
        {"type": "category", "video": 0, "name": "fly", "joints": ["nose", "tail"], "edges": [[0, 1]]},
        {"type": "track", "video": 0, "id": "7", "class": "fly", "tracked": True},
        {"type": "instance", "video": 0, "track": "7", "frame": 0, "shape": {"box": [1, 2, 3.5, 4]}, "confidence": 0.25,
         "visibility": "occluded", "key_frame": True, "attributes": {"truncated": "true", "pose": "up"}},
        {"type": "instance", "video": 0, "track": "7", "frame": 1, "shape": {"polygon": [[[[0, 0], [9, 0], [9, 9]]]]}},
        {"type": "instance", "video": 0, "track": "7", "frame": 2,
         "shape": {"mask": {"left": 1, "top": 2, "width": 2, "height": 2, "runs": [0, 1, 2, 1]}}},
        {"type": "track", "video": 0, "id": "8", "class": "fly", "tracked": True},
        {"type": "instance", "video": 0, "track": "8", "frame": 1,
         "shape": {"skeleton": [["nose", 1, 2, 2, 0.5], ["tail", 3, 4, 1, None]]}},
    ])
    target = scratch / "out.json"
    convert(f"{lines}:jsonl", f"{target}:scalabel")
    loaded = load(str(target))
    assert [(f.videoName, f.frameIndex, f.name) for f in loaded.frames] == [
        ("clip.mp4", n, f"clip-{n + 1:07}.jpg") for n in range(3)]
    first = loaded.frames[0].labels[0]
    assert box2d_to_bbox(first.box2d) == [1, 2, 3.5, 4]
    assert (first.id, first.category, first.score, first.manualShape) == ("7", "fly", 0.25, True)
    assert first.attributes == {"occluded": True, "truncated": True, "pose": "up"}
    second = {label.id: label for label in loaded.frames[1].labels}
    assert second["7"].poly2d[0].vertices == [(0, 0), (9, 0), (9, 9)] and second["7"].poly2d[0].closed
    assert [(n.category, n.location, n.visibility, n.score) for n in second["8"].graph.nodes] == [
        ("nose", (1, 2), "V", 0.5), ("tail", (3, 4), "N", None)]
    mask = rle_to_mask(loaded.frames[2].labels[0].rle)
    assert numpy.argwhere(mask).tolist() == [[2, 1], [3, 2]], numpy.argwhere(mask)
    assert [c.name for c in loaded.config.categories] == ["fly"]


def check_every_box_of_the_real_file_is_the_clients(scratch):
    path = DATA / "bdd100k-b1c66a42" / "track_sample_anns.json"
    if not path.exists():
        raise Unavailable(f"{path.name} is not there")
    loaded = load(str(path), validate_frames=True)
    expected = sorted((f.frameIndex, label.id, label.category, *box2d_to_bbox(label.box2d)) for f in loaded.frames
                      for label in f.labels)
    found = read(path, scratch)
    names = {t["id"]: t["class"] for t in found.tracks}
    actual = sorted((i["frame"], i["track"], i.get("class", names[i["track"]]), *i["shape"]["box"]) for i in found.instances)
    assert len(actual) == len(expected) == 3241
    for a, b in zip(actual, expected):
        assert a[:3] == b[:3] and near(a[3:], b[3:], 1e-9), (a, b)
