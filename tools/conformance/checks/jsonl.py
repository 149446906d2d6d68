"""Our own JSON Lines against their JSON Schema."""

import json
import subprocess

import jsonschema

from common import TOOL, convert, write_lines

CLIENT = f"jsonschema {jsonschema.__version__ if hasattr(jsonschema, '__version__') else ''}"


def check_every_line_follows_the_schema(scratch):
    schema = json.loads(subprocess.run([TOOL, "formats", "jsonl", "--schema"], capture_output=True, text=True, check=True).stdout)
    validator = jsonschema.Draft202012Validator(schema)
    shapes = [
        {"box": [1, 2, 3.5, 4]}, {"rotated_box": [5, 6, 7, 8, 0.5]}, {"ellipse": [5, 6, 7, 8, 0.5]},
        {"polygon": [[[[0, 0], [9, 0], [9, 9]], [[1, 1], [2, 1], [2, 2]]]]}, {"polyline": [[0, 0], [1, 1]]},
        {"points": [[0, 0]]}, {"cuboid": [[n, n] for n in range(8)]},
        {"skeleton": [["nose", 1, 2, 2, 0.5], ["tail", None, None, 0, None]]},
        {"mask": {"left": 1, "top": 2, "width": 2, "height": 2, "runs": [0, 1, 2, 1]}},
    ]
    rows = [
        {"type": "video", "video": 0, "name": "clip.mp4", "width": 64, "height": 48, "frame_count": 9,
         "frame_rate": 25, "annotated": {"step": 2, "start": 0, "end": 9}},
        {"type": "category", "video": 0, "name": "fly", "source_id": "1", "joints": ["nose", "tail"], "edges": [[0, 1]]},
        {"type": "image", "video": 0, "frame": 0, "name": "a.png"},
        {"type": "range", "video": 0, "start": 1, "end": 4, "name": "run", "value": "yes", "track": "7", "confidence": 0.5},
        {"type": "track", "video": 0, "id": "7", "class": "fly", "tracked": True, "absences": [[3, 5], [7, None]],
         "attributes": {"colour": "red"}},
        *({"type": "instance", "video": 0, "track": "7", "frame": frame, "shape": shape, "origin": "human",
           "key_frame": True, "confidence": 0.25, "visibility": 0.5, "attributes": {"pose": "up"}}
          for frame, shape in enumerate(shapes)),
    ]
    source, target = scratch / "in.jsonl", scratch / "out.jsonl"
    write_lines(source, rows)
    for line in open(source):
        validator.validate(json.loads(line))
    convert(f"{source}:jsonl", f"{target}:jsonl")
    written = [json.loads(line) for line in open(target)]
    for line in written:
        validator.validate(line)
    assert written[1:] == rows, "the lines came back changed"


def check_the_schema_refuses_what_is_wrong(scratch):
    schema = json.loads(subprocess.run([TOOL, "formats", "jsonl", "--schema"], capture_output=True, text=True, check=True).stdout)
    validator = jsonschema.Draft202012Validator(schema)
    for wrong in [{"type": "instance", "video": 0, "track": "7", "frame": 1.5, "shape": {"box": [1, 2, 3, 4]}},
                  {"type": "instance", "video": 0, "track": "7", "frame": 1, "shape": {"box": [1, 2, 3]}},
                  {"type": "video"}, {"type": "header", "format": "other", "version": 1}]:
        assert not validator.is_valid(wrong), wrong
