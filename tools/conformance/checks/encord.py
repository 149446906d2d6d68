"""Encord label rows against Encord's own client, without its server."""

import json
from types import SimpleNamespace

import encord
import numpy
from encord.objects import LabelRowV2, OntologyStructure, Shape
from encord.objects.attributes import ChecklistAttribute, RadioAttribute, TextAttribute
from encord.objects.bitmask import BitmaskCoordinates
from encord.objects.coordinates import (
    BoundingBoxCoordinates, CircleCoordinates, Cuboid2DIsometricCoordinates, Cuboid2DPerspectiveCoordinates,
    EllipseCoordinates, PointCoordinate, PolygonCoordinates, PolylineCoordinates, RotatableBoundingBoxCoordinates,
    SkeletonCoordinate, SkeletonCoordinates, Visibility)
from encord.objects.frames import Range
from encord.orm.storage import CustomerProvidedImageMetadata, CustomerProvidedVideoMetadata

from common import convert, near, read, write_lines

CLIENT = f"encord {encord.__version__}"
WIDTH, HEIGHT = 200, 100


def video(structure):
    """An empty row of the client on a video of 10 frames."""
    metadata = CustomerProvidedVideoMetadata(
        fps=25, duration=0.4, width=WIDTH, height=HEIGHT, file_size=1, mime_type="video/mp4")
    return LabelRowV2.from_media_metadata(SimpleNamespace(structure=structure), metadata)


def saved(row, scratch):
    """The row as the client would save it."""
    path = scratch / "row.json"
    path.write_text(json.dumps(row.to_encord_dict(), default=str))
    return path


def points(*places):
    return [PointCoordinate(x=x, y=y) for x, y in places]


def pixels(values):
    """Fractions as the tool's pixels."""
    return [[x * WIDTH, y * HEIGHT] for x, y in values]


MASK = numpy.zeros((HEIGHT, WIDTH), dtype=bool)
MASK[0, 1:4] = MASK[2, 4] = MASK[40:50, 100:199] = True

SQUARE, HOLE = [(.1, .1), (.5, .1), (.5, .6), (.1, .6)], [(.2, .2), (.3, .2), (.3, .4)]
FRONT = [(.1, .1), (.3, .1), (.3, .4), (.1, .4)]
SHAPES = {
    Shape.BOUNDING_BOX: (
        BoundingBoxCoordinates(height=.2, width=.1, top_left_x=.3, top_left_y=.4), {"box": [60, 40, 20, 20]}),
    Shape.ROTATABLE_BOUNDING_BOX: (
        RotatableBoundingBoxCoordinates(height=.2, width=.1, top_left_x=.3, top_left_y=.4, theta=90),
        {"rotated_box": [70, 50, 20, 20, numpy.pi / 2]}),
    Shape.POLYGON: (
        PolygonCoordinates(polygons=[[points(*SQUARE), points(*HOLE)], [points((.7, .7), (.8, .7), (.8, .9))]]),
        {"polygon": [[pixels(SQUARE), pixels(HOLE)], [pixels([(.7, .7), (.8, .7), (.8, .9)])]]}),
    Shape.POLYLINE: (PolylineCoordinates(points((.1, .2), (.3, .4))), {"polyline": [[20, 20], [60, 40]]}),
    Shape.POINT: (PointCoordinate(x=.5, y=.25), {"points": [[100, 25]]}),
    Shape.ELLIPSE: (
        EllipseCoordinates(center_x=.5, center_y=.5, rx=.1, ry=.2, theta=180), {"ellipse": [100, 50, 20, 20, numpy.pi]}),
    Shape.CIRCLE: (CircleCoordinates(center_x=.5, center_y=.5, radius=.1), {"ellipse": [100, 50, 20, 20, 0]}),
    Shape.CUBOID_2D: (
        Cuboid2DIsometricCoordinates(front=points(*FRONT), offset=PointCoordinate(x=.05, y=-.05)),
        {"cuboid": pixels(FRONT + [(x + .05, y - .05) for x, y in FRONT])}),
    Shape.SKELETON: (
        SkeletonCoordinates(name="SKELETON", values=[
            SkeletonCoordinate(x=.1, y=.2, name="a", visibility=Visibility.VISIBLE),
            SkeletonCoordinate(x=.3, y=.4, name="b", visibility=Visibility.OCCLUDED),
            SkeletonCoordinate(x=.5, y=.6, name="c", visibility=Visibility.INVISIBLE)]),
        {"skeleton": [["a", 20, 20, 2, None], ["b", 60, 40, 1, None], ["c", None, None, 0, None]]}),
    Shape.BITMASK: (BitmaskCoordinates(MASK), None),
}


def filled(mask):
    """The tool's mask as an array."""
    picture = numpy.zeros((HEIGHT, WIDTH), dtype=bool)
    values = numpy.repeat(numpy.arange(len(mask["runs"])) % 2 == 1, mask["runs"])
    top, left = mask["top"], mask["left"]
    picture[top:top + mask["height"], left:left + mask["width"]] = values.reshape(mask["height"], mask["width"])
    return picture


def same(shape, expected):
    """Whether two shapes of the tool are one."""
    assert shape.keys() == expected.keys(), f"{shape} instead of {expected}"
    (kind, numbers), = expected.items()
    if kind == "skeleton":
        for joint, wanted in zip(shape[kind], numbers, strict=True):
            assert joint[0] == wanted[0] and joint[3] == wanted[3], joint
            assert wanted[3] == 0 or near(joint[1:3], wanted[1:3]), joint
    else:
        assert numpy.allclose(numpy.hstack([numpy.ravel(p) for p in flat(shape[kind])]),
                              numpy.hstack([numpy.ravel(p) for p in flat(numbers)]), atol=1e-6), (shape, expected)


def flat(value):
    """The rings of a polygon, or the numbers as they are."""
    return [ring for part in value for ring in part] if isinstance(value[0], list) and isinstance(value[0][0], list) \
        and isinstance(value[0][0][0], list) else [value]


def check_every_shape_of_the_client_is_read(scratch):
    structure = OntologyStructure()
    row = video(structure)
    for shape, (coordinates, _) in SHAPES.items():
        instance = structure.add_object(shape.name, shape).create_instance()
        instance.set_for_frames(coordinates, Range(2, 3), manual_annotation=shape != Shape.POINT, confidence=.75)
        row.add_object_instance(instance)
    labels = read(saved(row, scratch), scratch)
    assert labels.videos[0]["width"] == WIDTH and labels.videos[0]["frame_count"] == 10
    assert len(labels.tracks) == len(SHAPES) and len(labels.instances) == 2 * len(SHAPES)
    for track in labels.tracks:
        _, expected = SHAPES[Shape[track["class"]]]
        for instance in labels.of(track["id"]):
            assert instance["frame"] in (2, 3) and instance["confidence"] == .75
            assert instance["origin"] == ("interpolated" if track["class"] == "POINT" else "human"), instance
            if expected:
                same(instance["shape"], expected)
            else:
                assert (filled(instance["shape"]["mask"]) == MASK).all(), "the mask is another one"


def check_a_block_with_a_vanishing_point_is_read(scratch):
    structure = OntologyStructure()
    row = video(structure)
    instance = structure.add_object("block", Shape.CUBOID_2D).create_instance()
    instance.set_for_frames(Cuboid2DPerspectiveCoordinates(
        front=points(*FRONT), vanishing_point=PointCoordinate(x=.4, y=.3), scale_ratio=.75), 0)
    row.add_object_instance(instance)
    labels = read(saved(row, scratch), scratch)
    back = [(.4 + (x - .4) * .75, .3 + (y - .3) * .75) for x, y in FRONT]
    same(labels.instances[0]["shape"], {"cuboid": pixels(FRONT + back)})


def check_answers_and_classifications_of_the_client_are_read(scratch):
    structure = OntologyStructure()
    row = video(structure)
    box = structure.add_object("box", Shape.BOUNDING_BOX)
    name = box.add_attribute(TextAttribute, "name")
    pose = box.add_attribute(RadioAttribute, "pose", dynamic=True)
    up, down = pose.add_option("up"), pose.add_option("down")
    kinds = box.add_attribute(ChecklistAttribute, "kinds", dynamic=True)
    red, big = kinds.add_option("red"), kinds.add_option("big")
    instance = box.create_instance()
    instance.set_for_frames(SHAPES[Shape.BOUNDING_BOX][0], Range(0, 5))
    instance.set_answer("Rex", name)
    instance.set_answer(up, pose, frames=Range(0, 2))
    instance.set_answer(down, pose, frames=Range(4, 5))
    instance.set_answer([red, big], kinds, frames=1)
    row.add_object_instance(instance)
    weather = structure.add_classification()
    rain = weather.add_attribute(RadioAttribute, "weather").add_option("rain")
    answer = weather.create_instance()
    answer.set_answer(rain)
    answer.set_for_frames([Range(1, 3), Range(6, 6)], confidence=.5)
    row.add_classification_instance(answer)
    labels = read(saved(row, scratch), scratch)
    assert labels.tracks[0]["attributes"] == {"name": "Rex"}, labels.tracks
    poses = [i.get("attributes", {}).get("pose") for i in labels.of(instance.object_hash)]
    assert poses == ["up", "up", "up", None, "down", "down"], poses
    assert sorted(labels.at(1)[0]["attributes"]["kinds"].split(", ")) == ["big", "red"]
    ranges = [(r["start"], r["end"], r["name"], r["value"], r["confidence"], r["origin"]) for r in labels.ranges]
    assert ranges == [(1, 4, "weather", "rain", .5, "human"), (6, 7, "weather", "rain", .5, "human")], ranges


def check_an_image_group_of_the_client_is_read(scratch):
    structure = OntologyStructure()
    metadata = [CustomerProvidedImageMetadata(mime_type="image/png", file_size=1, width=WIDTH, height=HEIGHT)] * 3
    row = LabelRowV2.from_media_metadata(SimpleNamespace(structure=structure), metadata)
    instance = structure.add_object("box", Shape.BOUNDING_BOX).create_instance()
    instance.set_for_frames(SHAPES[Shape.BOUNDING_BOX][0], [0, 2])
    row.add_object_instance(instance)
    labels = read(saved(row, scratch), scratch)
    assert [i["frame"] for i in labels.instances] == [0, 2]
    assert [(i["frame"], i["name"]) for i in labels.images] == [(n, f"frame_{n}") for n in range(3)]
    assert labels.videos[0]["frame_count"] == 3


def ontology(rows):
    """An ontology with everything that rows name, as a project would have to hold it."""
    structure = OntologyStructure()
    objects, owners, questions = {}, {}, set()
    for row in rows:
        for unit in row["data_units"].values():
            for frame in [unit["labels"]] if "objects" in unit["labels"] else unit["labels"].values():
                for item in frame["objects"]:
                    feature = item["featureHash"]
                    if feature not in objects:
                        objects[feature] = structure.add_object(
                            item["name"], Shape(item["shape"]), feature_node_hash=feature)
                    owners[item["objectHash"]] = objects[feature]
        for entries, key, dynamic in [("object_answers", "classifications", False), ("object_actions", "actions", True)]:
            for object_hash, entry in row[entries].items():
                for answer in entry[key]:
                    owner = owners[object_hash]
                    if answer["featureHash"] not in {a.feature_node_hash for a in owner.attributes}:
                        owner.add_attribute(TextAttribute, answer["name"], dynamic=dynamic,
                                            feature_node_hash=answer["featureHash"])
        for entry in row["classification_answers"].values():
            if entry["featureHash"] not in questions:
                questions.add(entry["featureHash"])
                answer = entry["classifications"][0]
                structure.add_classification(feature_node_hash=entry["featureHash"]).add_attribute(
                    TextAttribute, answer["name"], feature_node_hash=answer["featureHash"])
    return structure


def check_the_client_reads_what_is_written(scratch):
    shapes = [expected for _, expected in SHAPES.values() if expected and "points" not in expected]
    shapes.append({"mask": {"left": 3, "top": 2, "width": 3, "height": 2, "runs": [0, 1, 2, 2, 1]}})
    rows = [{"type": "video", "video": 0, "name": "clip.mp4", "width": WIDTH, "height": HEIGHT, "frame_count": 10,
             "frame_rate": 25}]
    for number, shape in enumerate(shapes):
        rows.append({"type": "track", "video": 0, "id": f"t{number}", "class": f"class {number}",
                     "attributes": {"colour": "red"}})
        rows += [{"type": "instance", "video": 0, "track": f"t{number}", "frame": frame, "shape": shape,
                  "origin": "interpolated" if frame == 2 else "human", "confidence": .5,
                  "attributes": {"pose": "up" if frame < 3 else "down"}} for frame in (1, 2, 4)]
    rows += [{"type": "range", "video": 0, "start": 2, "end": 5, "name": "weather", "value": "rain", "origin": "human",
              "confidence": .5},
             {"type": "range", "video": 0, "start": 4, "end": 6, "name": "weather", "value": "sun", "origin": "human"}]
    target = scratch / "out.json"
    convert(f"{write_lines(scratch / 'in.jsonl', rows)}:jsonl", f"{target}:encord")
    written = json.loads(target.read_text())
    structure = ontology(written)
    row = video(structure)
    row.from_labels_dict(written[0])
    assert len(row.get_object_instances()) == len(shapes)
    for instance in row.get_object_instances():
        annotations = instance.get_annotations()
        assert [a.frame for a in annotations] == [1, 2, 4]
        assert [a.manual_annotation for a in annotations] == [True, False, True]
        assert all(a.confidence == .5 for a in annotations)
        static, dynamic = [next(a for a in instance.ontology_item.attributes if a.dynamic == wanted)
                           for wanted in (False, True)]
        assert instance.get_answer(static) == "red"
        answers = {a.answer: [(r.start, r.end) for r in a.ranges] for a in instance.get_answer(dynamic)}
        assert answers == {"up": [(1, 2)], "down": [(4, 4)]}, answers
        coordinates = annotations[0].coordinates
        if isinstance(coordinates, BitmaskCoordinates):
            mask = numpy.array(coordinates)
            assert mask.shape == (HEIGHT, WIDTH)
            assert [tuple(p) for p in numpy.argwhere(mask)] == [(2, 3), (3, 3), (3, 4)], numpy.argwhere(mask)
    classes = sorted((c.get_answer(), c.range_list[0].start, c.range_list[0].end)
                     for c in row.get_classification_instances())
    assert classes == [("rain", 2, 4), ("sun", 4, 5)], classes
    # What the client saves again is read again as the same labels.
    again = read(saved(row, scratch), scratch)
    shown = {i["track"]: i["shape"] for i in again.at(1)}
    for number, shape in enumerate(shapes):
        if "mask" in shape:
            assert (filled(shown[f"t{number}"]["mask"]) == filled(shape["mask"])).all()
        else:
            same(shown[f"t{number}"], shape)
