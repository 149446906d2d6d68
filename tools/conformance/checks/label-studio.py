"""Label Studio's JSON against its SDK: the expansion of key frames, the validation of tasks, and JSON-MIN."""

import copy
import importlib.metadata
import json

from label_studio_sdk._extensions.label_studio_tools.postprocessing.video import extract_key_frames
from label_studio_sdk.converter import Converter
from label_studio_sdk.label_interface import LabelInterface

from common import convert, near, read, write_lines

CLIENT = f"label-studio-sdk {importlib.metadata.version('label-studio-sdk')}"
WIDTH, HEIGHT = 200, 100
CONFIG = """<View>
  <Labels name="labels" toName="video"><Label value="cat"/><Label value="dog"/></Labels>
  <VideoRectangle name="box" toName="video"/>
  <VideoVectorLabels name="vector" toName="video"><Label value="cat"/><Label value="dog"/></VideoVectorLabels>
  <TimelineLabels name="timeline" toName="video"><Label value="Run"/></TimelineLabels>
  <TextArea name="value" toName="video"/>
  <TextArea name="colour" toName="video" perRegion="true"/>
  <Choices name="weather" toName="video"><Choice value="rain"/><Choice value="sun"/></Choices>
  <Video name="video" value="$video" framerate="25"/>
</View>"""


def key(frame, enabled, x, y=20, rotation=0):
    return {"frame": frame, "enabled": enabled, "x": x, "y": y, "width": 5 + frame / 10, "height": 10,
            "rotation": rotation, "time": frame / 25}


SEQUENCES = {
    "stays": [key(1, True, 10), key(5, True, 30)],
    "leaves": [key(2, True, 10, rotation=10), key(7, False, 20, rotation=350)],
    "returns": [key(1, True, 10), key(3, False, 20), key(8, True, 60), key(10, False, 5, 40)],
    "blinks": [key(4, False, 1), key(6, False, 2), key(9, True, 3)],
}


def task(sequences, frames=12):
    """A task as Label Studio exports it."""
    return {"id": 1, "data": {"video": "/data/upload/1/0a1b2c3d-clip.mp4"}, "annotations": [{
        "id": 2, "was_cancelled": False, "completed_by": 1, "created_at": "2026-01-01T00:00:00Z", "result": [
            {"id": name, "from_name": "box", "to_name": "video", "type": "videorectangle", "origin": "manual",
             "original_width": WIDTH, "original_height": HEIGHT,
             "value": {"framesCount": frames, "duration": frames / 25, "labels": ["cat"], "sequence": sequence}}
            for name, sequence in sequences.items()]}]}


def corner(shape):
    """Left and top corner, width, height and turn in degrees, of a box of the tool."""
    import math
    if "box" in shape:
        return [*shape["box"], 0]
    x, y, w, h, angle = shape["rotated_box"]
    c, s = math.cos(angle), math.sin(angle)
    return [x - w / 2 * c + h / 2 * s, y - w / 2 * s - h / 2 * c, w, h, math.degrees(angle)]


def expanded(sequence):
    """What the SDK shows, in pixels by frame from 0."""
    shown = {}
    for item in sequence:
        shown[item["frame"] - 1] = [item["x"] * WIDTH / 100, item["y"] * HEIGHT / 100, item["width"] * WIDTH / 100,
                                    item["height"] * HEIGHT / 100, item["rotation"]]
    return shown


def check_key_frames_are_filled_in_as_the_sdk_does(scratch):
    source = scratch / "task.json"
    source.write_text(json.dumps([task(SEQUENCES)]))
    labels = read(source, scratch)
    results = extract_key_frames(copy.deepcopy(task(SEQUENCES)["annotations"][0]["result"]))
    assert len(results) == len(labels.tracks) == len(SEQUENCES)
    for result in results:
        wanted = expanded(result["value"]["sequence"])
        found = {i["frame"]: i for i in labels.of(result["id"])}
        assert sorted(found) == sorted(wanted), f"{result['id']}: {sorted(found)} instead of {sorted(wanted)}"
        keys = {k["frame"] - 1 for k in SEQUENCES[result["id"]]}
        for frame, numbers in wanted.items():
            assert near(corner(found[frame]["shape"]), numbers, 1e-6), (result["id"], frame)
            assert found[frame]["key_frame"] == (frame in keys)
            assert found[frame]["origin"] == ("human" if frame in keys else "interpolated")


def check_an_export_with_frames_filled_in_says_the_same(scratch):
    plain, filled = task(SEQUENCES), task(SEQUENCES)
    filled["annotations"][0]["result"] = extract_key_frames(filled["annotations"][0]["result"])
    shown = []
    for number, one in enumerate([plain, filled]):
        source = scratch / f"{number}.json"
        source.write_text(json.dumps([one]))
        labels = read(source, scratch)
        shown.append({(i["track"], i["frame"], i["key_frame"], i["origin"]): corner(i["shape"])
                      for i in labels.instances})
    assert shown[0].keys() == shown[1].keys()
    assert all(near(shown[0][k], shown[1][k], 1e-6) for k in shown[0])


def check_json_min_of_the_converter_is_read(scratch):
    source = scratch / "tasks"
    source.mkdir()
    (source / "1.json").write_text(json.dumps(task(SEQUENCES)))
    Converter(CONFIG, project_dir=str(scratch), download_resources=False).convert_to_json_min(
        str(source), str(scratch / "out"), is_dir=True)
    labels = read(scratch / "out" / "result.json", scratch)
    assert labels.videos[0]["name"] == "clip.mp4" and labels.videos[0]["frame_count"] == 12
    assert len(labels.tracks) == len(SEQUENCES)
    wanted = {t: len(expanded(extract_key_frames(copy.deepcopy(
        task({t: s})["annotations"][0]["result"]))[0]["value"]["sequence"])) for t, s in SEQUENCES.items()}
    counts = [sum(i["track"] == t["id"] for i in labels.instances) for t in labels.tracks]
    assert counts == list(wanted.values()), counts


ROWS = [
    {"type": "video", "video": 0, "name": "clip.mp4", "width": WIDTH, "height": HEIGHT, "frame_count": 12,
     "frame_rate": 25},
    {"type": "track", "video": 0, "id": "a", "class": "cat", "attributes": {"colour": "red"}},
    *({"type": "instance", "video": 0, "track": "a", "frame": f, "shape": {"box": [10 + 3 * f, 20, 30, 40]},
       "origin": "human"} for f in [0, 1, 2, 3, 6, 7, 9]),
    {"type": "track", "video": 0, "id": "b", "class": "dog"},
    *({"type": "instance", "video": 0, "track": "b", "frame": f, "shape": {"rotated_box": [50 + f * f, 50, 20, 10, .5]},
       "origin": "human", "key_frame": f % 4 == 0, "confidence": .5} for f in range(12)),
    {"type": "track", "video": 0, "id": "c", "class": "dog"},
    *({"type": "instance", "video": 0, "track": "c", "frame": f,
       "shape": {"polygon": [[[[10 + f, 10], [30, 10 + f], [20, 30]]]]}, "origin": "human"} for f in range(4, 8)),
    {"type": "range", "video": 0, "start": 2, "end": 5, "name": "Run", "value": "fast", "origin": "human"},
    {"type": "range", "video": 0, "start": 0, "end": 12, "name": "weather", "value": "rain", "origin": "human"},
]


def written(scratch, rows=ROWS):
    target = scratch / "out.json"
    convert(f"{write_lines(scratch / 'in.jsonl', rows)}:jsonl", f"{target}:label-studio")
    return target, json.loads(target.read_text())


def check_the_sdk_accepts_what_is_written(scratch):
    _, tasks = written(scratch)
    interface = LabelInterface(CONFIG)
    # validate_task of 2.1.2 calls validate_annotation without the annotation.
    assert interface.validate_annotation(tasks[0]["annotations"][0]), "the annotation is refused"
    errors = interface.validate_prediction(tasks[0]["annotations"][0], return_errors=True)
    assert not errors, errors
    predictions = [{**row, "origin": "model"} if row["type"] in ("instance", "range") else row for row in ROWS]
    _, tasks = written(scratch, predictions)
    errors = interface.validate_prediction(tasks[0]["predictions"][0], return_errors=True)
    assert not errors, errors


def check_the_sdk_shows_what_was_written(scratch):
    _, tasks = written(scratch)
    boxes = [r for r in tasks[0]["annotations"][0]["result"] if r["type"] == "videorectangle"]
    for result in extract_key_frames(boxes):
        shown = expanded(result["value"]["sequence"])
        wanted = {r["frame"]: corner(r["shape"]) for r in ROWS if r["type"] == "instance" and r["track"] == result["id"]}
        assert sorted(shown) == sorted(wanted), f"{sorted(shown)} instead of {sorted(wanted)}"
        assert all(near(shown[f], wanted[f], 1e-6) for f in wanted), result["id"]
    straight = next(r for r in tasks[0]["annotations"][0]["result"] if r["id"] == "a")
    assert [(k["frame"], k["enabled"]) for k in straight["value"]["sequence"] if "auto" not in k] == [
        (1, True), (4, False), (7, True), (8, False), (10, False)], "more key frames than needed"


def check_what_is_written_is_read_again(scratch):
    target, _ = written(scratch)
    labels = read(target, scratch)
    for row in ROWS:
        if row["type"] == "instance":
            again = next(i for i in labels.of(row["track"]) if i["frame"] == row["frame"])
            (kind, numbers), = row["shape"].items()
            flat = (lambda v: [x for y in v for x in flat(y)] if isinstance(v, list) else [v])
            assert near(flat(again["shape"][kind]), flat(numbers), 1e-6), again
    assert [(r["start"], r["end"], r["name"], r["value"]) for r in labels.ranges] == [
        (2, 5, "Run", "fast"), (0, 12, "weather", "rain")]
    assert labels.track("a")["attributes"] == {"colour": "red"}
