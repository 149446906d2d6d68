"""Labelbox NDJSON for video against the owner's client, both ways, without the server."""

import importlib.metadata
import json

from labelbox.data.annotation_types import (ClassificationAnswer, Label, Line, Point, Radio, Rectangle, VideoClassificationAnnotation,
                                            VideoObjectAnnotation)
from labelbox.data.annotation_types.data import GenericDataRowData
from labelbox.data.serialization import NDJsonConverter
from labelbox.data.serialization.ndjson.classification import NDRadio
from labelbox.data.serialization.ndjson.label import NDLabel
from labelbox.data.serialization.ndjson.objects import NDSegments

from common import convert, read, write_lines

CLIENT = f"labelbox {importlib.metadata.version('labelbox')}"


def box(left, top, width, height):
    return Rectangle(start=Point(x=left, y=top), end=Point(x=left + width, y=top + height))


def drawn(name, uuid, value, frame, segment):
    return VideoObjectAnnotation(name=name, value=value, frame=frame, keyframe=True, segment_index=segment, extra={"uuid": uuid})


def check_a_file_the_client_writes_is_read_with_equal_content(scratch):
    radio = [VideoClassificationAnnotation(name="weather", value=Radio(answer=ClassificationAnswer(name="rain")), frame=frame)
             for frame in (2, 3, 4)]
    label = Label(data=GenericDataRowData(global_key="clip"), annotations=[
        drawn("car", "a", box(1, 2, 10, 20), 1, 0), drawn("car", "a", box(5, 2, 10, 20), 5, 0),
        drawn("car", "a", box(9, 9, 5, 5), 8, 1),
        drawn("lane", "b", Line(points=[Point(x=0, y=1), Point(x=2, y=3)]), 2, 0),
        drawn("spot", "c", Point(x=4, y=5), 3, 0), *radio])
    path = scratch / "in.ndjson"
    path.write_text("\n".join(json.dumps(row) for row in NDJsonConverter.serialize([label])))
    found = read(path, scratch)
    assert found.videos[0]["name"] == "clip"
    cars = found.of("a")
    assert [i["frame"] for i in cars] == [0, 1, 2, 3, 4, 7]
    assert [i["shape"]["box"] for i in cars] == [[n, 2, 10, 20] for n in (1, 2, 3, 4, 5)] + [[9, 9, 5, 5]]
    assert [i["key_frame"] for i in cars] == [True, False, False, False, True, True]
    assert found.track("a")["absences"] == [[5, 7]] and found.track("a")["class"] == "car"
    assert found.of("b")[0]["shape"] == {"polyline": [[0, 1], [2, 3]]}
    assert found.of("c")[0]["shape"] == {"points": [[4, 5]]}
    assert [(r["name"], r["value"], r["start"], r["end"]) for r in found.ranges] == [("weather", "rain", 1, 4)]


def check_a_file_we_write_is_read_with_equal_content(scratch):
    rows = [{"type": "video", "video": 0, "name": "clip"},
            {"type": "range", "video": 0, "start": 1, "end": 4, "name": "weather", "value": "rain"},
            {"type": "track", "video": 0, "id": "a", "class": "car", "tracked": True}]
    for frame, left in ((0, 1), (1, 2), (2, 3), (5, 9)):
        rows.append({"type": "instance", "video": 0, "track": "a", "frame": frame, "shape": {"box": [left, 2, 10, 20]},
                     "attributes": {"pose": "up"}})
    rows += [{"type": "track", "video": 0, "id": "b", "class": "lane", "tracked": True},
             {"type": "instance", "video": 0, "track": "b", "frame": 3, "shape": {"polyline": [[0, 1], [2, 3]]}},
             {"type": "track", "video": 0, "id": "c", "class": "spot", "tracked": True},
             {"type": "instance", "video": 0, "track": "c", "frame": 4, "shape": {"points": [[4, 5]]}}]
    target = scratch / "out.ndjson"
    convert(f"{write_lines(scratch / 'in.jsonl', rows)}:jsonl", f"{target}:labelbox")
    rows = [NDLabel(annotations=json.loads(line)).annotations for line in open(target)]
    assert all(row.data_row.global_key == "clip" for row in rows)
    objects = [a for row in rows if isinstance(row, NDSegments) for a in row.to_common(row.name, row.schema_id)]
    found = [(a.name, a.extra["uuid"], a.frame, a.segment_index, a.value) for a in objects]
    assert found == [("car", "a", 1, 0, box(1, 2, 10, 20)), ("car", "a", 3, 0, box(3, 2, 10, 20)), ("car", "a", 6, 1, box(9, 2, 10, 20)),
                     ("lane", "b", 4, 0, Line(points=[Point(x=0, y=1), Point(x=2, y=3)])), ("spot", "c", 5, 0, Point(x=4, y=5))], found
    assert [(c.name, c.value.answer) for c in objects[0].classifications] == [("pose", "up")]
    answers = [row for row in rows if isinstance(row, NDRadio)]
    assert [(a.name, a.answer.name, a.frames[0].start, a.frames[0].end) for a in answers] == [("weather", "rain", 2, 4)]
