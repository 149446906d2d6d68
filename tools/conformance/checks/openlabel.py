"""OpenLABEL against the VCD client and the schema it carries: both ways."""

import json

import jsonschema
from vcd import core, types
from vcd import __version__ as version
from vcd.schema import openlabel_schema

from common import convert, near, read, write_lines

CLIENT = f"vcd {version}"


def check_a_file_the_client_writes_is_read_with_equal_content(scratch):
    made = core.OpenLABEL()
    uid = made.add_object("car1", "car")
    box = types.bbox("shape", (10, 20, 4, 6))
    box.add_attribute(types.num("score", 0.5))
    box.add_attribute(types.boolean("occluded", True))
    box.add_attribute(types.text("pose", "up"))
    made.add_object_data(uid, box, (0, 2))
    made.add_object_data(uid, types.rbbox("turned", (10, 20, 4, 6, 0.5)), 1)
    made.add_object_data(uid, types.text("color", "red"))
    person = made.add_object("p", "person")
    absolute, coded, fixed = (types.Poly2DType.MODE_POLY2D_ABSOLUTE, types.Poly2DType.MODE_POLY2D_RS6FCC,
                              types.Poly2DType.MODE_POLY2D_SRF6DCC)
    made.add_object_data(person, types.poly2d("ring", (0, 0, 9, 0, 9, 9), absolute, True, [-1, -1, 1, -1]), 3)
    made.add_object_data(person, types.poly2d("hole", (5, 1, 8, 1, 8, 4), absolute, True, [-1, -1, -1, 0]), 3)
    square = (10, 10, 10, 60, 73, 60, 73, 10)
    made.add_object_data(person, types.poly2d("coded", square, coded, False), 4)
    made.add_object_data(person, types.poly2d("coded", square, fixed, False), 5)
    point = made.add_object("q", "point")
    made.add_object_data(point, types.point2d("place", (1, 2)), 3)
    made.add_action("run", "running", [(0, 1), (3, 3)])
    path = scratch / "in.json"
    path.write_text(made.stringify(False))
    found = read(path, scratch)
    boxes = found.of(uid)
    assert [i["frame"] for i in boxes] == [0, 1, 2]
    assert all(i["shape"] == {"box": [8, 17, 4, 6]} for i in boxes)
    assert all((i["confidence"], i["visibility"], i["attributes"]) == (0.5, "occluded", {"pose": "up"}) for i in boxes)
    assert found.track(uid)["class"] == "car" and found.track(uid)["attributes"] == {"color": "red", "name": "car1"}
    assert found.of(uid + "/turned")[0]["shape"] == {"rotated_box": [10, 20, 4, 6, 0.5]}
    assert found.of(person)[0]["shape"] == {"polygon": [[[[0, 0], [9, 0], [9, 9]], [[5, 1], [8, 1], [8, 4]]]]}
    for instance in found.of(person + "/coded"):
        assert instance["shape"] == {"polyline": [[10, 10], [10, 60], [73, 60], [73, 10]]}, instance
    assert len(found.of(person + "/coded")) == 2
    assert found.of(point)[0]["shape"] == {"points": [[1, 2]]}
    assert [(r["name"], r["start"], r["end"]) for r in found.ranges] == [("running", 0, 2), ("running", 3, 4)]


def check_a_file_we_write_follows_the_schema_and_is_loaded_with_equal_content(scratch):
    shapes = [{"box": [1, 2, 4, 6]}, {"rotated_box": [5, 6, 7, 8, 0.5]},
              {"polygon": [[[[0, 0], [9, 0], [9, 9]], [[5, 1], [8, 1], [8, 4]]], [[[20, 0], [29, 0], [29, 9]]]]},
              {"polyline": [[0, 0], [1, 1]]}, {"points": [[3, 4]]}, {"skeleton": [["nose", 1, 2, 2, 0.5], ["tail", 3, 4, 1, None]]}]
    rows = [{"type": "video", "video": 0, "name": "clip.mp4", "width": 64, "height": 48, "frame_count": 9, "frame_rate": 25},
            {"type": "range", "video": 0, "start": 1, "end": 4, "name": "run", "value": "yes", "confidence": 0.5}]
    for number, shape in enumerate(shapes):
        rows.append({"type": "track", "video": 0, "id": str(number), "class": "fly", "tracked": True,
                     "attributes": {"colour": "red"}})
        rows.append({"type": "instance", "video": 0, "track": str(number), "frame": number, "shape": shape, "origin": "human",
                     "key_frame": True, "confidence": 0.25, "visibility": 0.5, "attributes": {"pose": "up"}})
    target = scratch / "out.json"
    convert(f"{write_lines(scratch / 'in.jsonl', rows)}:jsonl", f"{target}:openlabel")
    jsonschema.validate(json.loads(target.read_text()), openlabel_schema)
    loaded = core.OpenLABEL()
    loaded.load_from_file(str(target))
    for number in range(len(shapes)):
        assert loaded.get_object(str(number))["type"] == "fly"
        assert loaded.get_object(str(number))["object_data"]["text"] == [{"name": "colour", "val": "red"}]
    box = loaded.get_object_data("0", "shape", 0)
    assert near(box["val"], [3, 5, 4, 6])
    assert box["attributes"] == {
        "boolean": [{"name": "keyframe", "val": True}],
        "num": [{"name": "confidence", "val": 0.25}, {"name": "visibility", "val": 0.5}],
        "text": [{"name": "origin", "val": "human"}, {"name": "pose", "val": "up"}]}, box
    assert loaded.get_object_data("1", "shape", 1)["val"] == [5, 6, 7, 8, 0.5]
    assert [loaded.get_object_data("2", f"outline {n}", 2)["hierarchy"] for n in (1, 2, 3)] == [
        [2, -1, 1, -1], [-1, -1, -1, 0], [-1, 0, -1, -1]]
    assert loaded.get_object_data("2", "outline 2", 2)["val"] == [5, 1, 8, 1, 8, 4]
    assert loaded.get_object_data("3", "shape", 3)["val"] == [0, 0, 1, 1]
    assert loaded.get_object_data("4", "shape", 4)["val"] == [3, 4]
    assert loaded.get_object_data("5", "tail", 5)["val"] == [3, 4]
    action = loaded.get_action("0")
    assert action["type"] == "run" and action["frame_intervals"] == [{"frame_start": 1, "frame_end": 3}]
