"""Darwin JSON against V7's client, which parses videos; it writes none, so its own sample stands for that way."""

import importlib.metadata
import json
import pathlib

from darwin.utils import parse_darwin_json

from common import DATA, Unavailable, convert, near, read, write_lines

CLIENT = f"darwin-py {importlib.metadata.version('darwin-py')}"


def places(points):
    return [[p["x"], p["y"]] for p in points]


def shape_of(annotation):
    """A shape of the client in the words of our JSON Lines; None for what is none."""
    kind, data = annotation.annotation_class.annotation_type, annotation.data
    if kind == "bounding_box":
        return {"box": [data["x"], data["y"], data["w"], data["h"]]}
    if kind == "polygon":
        return {"polygon": [[places(path)] for path in data["paths"]]}
    if kind == "line":
        return {"polyline": places(data["path"])}
    if kind == "keypoint":
        return {"points": [[data["x"], data["y"]]]}
    if kind == "ellipse":
        return {"ellipse": [data["center"]["x"], data["center"]["y"], data["radius"]["x"], data["radius"]["y"], data["angle"]]}
    if kind == "skeleton":
        return {"skeleton": [[n["name"], n["x"], n["y"], 1 if n["occluded"] else 2, None] for n in data["nodes"]]}
    return None


def compare(parsed, found):
    """Compares every annotation of the client with the track of its id; returns how many frames were equal."""
    count = 0
    for annotation in parsed.annotations:
        if annotation.annotation_class.annotation_type in ("tag", "mask", "raster_layer"):
            continue
        instances = {i["frame"]: i for i in found.of(annotation.id)}
        assert found.track(annotation.id)["class"] == annotation.annotation_class.name
        shown = {f for start, end in annotation.segments for f in range(start, end)}
        assert set(instances) == shown, f"{annotation.id}: {sorted(instances)}, not {sorted(shown)}"
        for frame, drawn in annotation.frames.items():
            ours, theirs = instances[frame]["shape"], shape_of(drawn)
            # The client rounds boxes to three decimals.
            assert ours == theirs or near(ours["box"], theirs["box"], 0.0005001), (ours, theirs)
            assert instances[frame].get("key_frame") == annotation.keyframes[frame]
            count += 1
    return count


def layer_masks(parsed):
    """The set pixels of every mask, by annotation and frame, out of the client's raster layers."""
    masks = {}
    for annotation in parsed.annotations:
        if annotation.annotation_class.annotation_type != "raster_layer":
            continue
        for frame, layer in annotation.frames.items():
            runs, position, pixels = layer.data["dense_rle"], 0, {}
            for value, length in zip(runs[::2], runs[1::2]):
                if value:
                    pixels.setdefault(value, set()).update(range(position, position + length))
                position += length
            assert position == layer.data["total_pixels"]
            for id, value in layer.data["mask_annotation_ids_mapping"].items():
                masks[id, frame] = pixels.get(value, set())
    return masks


def pixels(mask, width):
    """The set pixels of a mask of our JSON Lines, as places in the picture."""
    found, position = set(), 0
    for place, run in enumerate(mask["runs"]):
        for at in range(position, position + run) if place % 2 else ():
            found.add((mask["top"] + at // mask["width"]) * width + mask["left"] + at % mask["width"])
        position += run
    return found


def check_the_real_file_is_read_as_the_client_reads_it(scratch):
    path = DATA / "darwin-video-sample" / "mini_uct.json"
    if not path.exists():
        raise Unavailable(f"{path.name} is not there")
    parsed = parse_darwin_json(path, 0)
    found = read(path, scratch)
    assert compare(parsed, found) == 16
    assert [(r["name"], r["start"], r["end"]) for r in found.ranges] == [("test_tag_with_subtypes_and_properties", 0, 3)]
    masks = layer_masks(parsed)
    assert len(masks) == 3
    for (id, frame), expected in masks.items():
        mask = next(i for i in found.of(id) if i["frame"] == frame)["shape"]["mask"]
        assert pixels(mask, 1920) == expected


def check_a_file_we_write_is_parsed_with_equal_content(scratch):
    shapes = [{"box": [1, 2, 3.5, 4]}, {"polygon": [[[[0, 0], [9, 0], [9, 9]]], [[[20, 0], [29, 0], [29, 9]]]]},
              {"polyline": [[0, 0], [1, 1]]}, {"points": [[3, 4]]}, {"ellipse": [5, 6, 7, 8, 0.5]},
              {"skeleton": [["nose", 1, 2, 2, None], ["tail", 3, 4, 1, None]]}]
    rows = [{"type": "video", "video": 0, "name": "clip.mp4", "width": 8, "height": 4, "frame_count": 9, "frame_rate": 25},
            {"type": "range", "video": 0, "start": 1, "end": 4, "name": "night"}]
    for number, shape in enumerate(shapes):
        rows.append({"type": "track", "video": 0, "id": f"id-{number}", "class": f"class {number}", "tracked": True,
                     "attributes": {"colour": "red"}})
        for frame in (0, 1, 5):
            rows.append({"type": "instance", "video": 0, "track": f"id-{number}", "frame": frame, "shape": shape,
                         "key_frame": frame != 1, "confidence": 0.25, "attributes": {"pose": "up"}})
    rows += [{"type": "track", "video": 0, "id": "m", "class": "mask", "tracked": True},
             {"type": "instance", "video": 0, "track": "m", "frame": 2, "key_frame": True,
              "shape": {"mask": {"left": 1, "top": 0, "width": 4, "height": 3, "runs": [0, 3, 8, 1]}}}]
    target = scratch / "out.json"
    convert(f"{write_lines(scratch / 'in.jsonl', rows)}:jsonl", f"{target}:darwin")
    parsed = parse_darwin_json(pathlib.Path(target), 0)
    assert (parsed.filename, parsed.is_video, parsed.image_width, parsed.image_height) == ("clip.mp4", True, 8, 4)
    assert (parsed.slots[0].fps, parsed.slots[0].frame_count) == (25, 9)
    assert compare(parsed, read(target, scratch)) == 18
    assert compare(parsed, read(scratch / "in.jsonl", scratch)) == 18
    assert layer_masks(parsed) == {("m", 2): {1, 2, 3, 20}}
    boxed = next(a for a in parsed.annotations if a.id == "id-0")
    assert boxed.segments == [[0, 2], [5, 6]]
    assert [(p.frame_index, p.name, p.value) for p in boxed.properties] == [("global", "colour", "red"), (0, "pose", "up")]
    assert next(s for s in boxed.frames[0].subs if s.annotation_type == "inference").data["confidence"] == 0.25
    tag = next(a for a in parsed.annotations if a.annotation_class.annotation_type == "tag")
    assert (tag.annotation_class.name, tag.segments) == ("night", [[1, 4]])


def check_a_file_we_write_follows_the_published_schema(scratch):
    """The schema lies at the address in schema_ref; it is fetched, never kept."""
    import urllib.request

    import jsonschema
    lines = write_lines(scratch / "in.jsonl", [
        {"type": "video", "video": 0, "name": "clip.mp4", "width": 8, "height": 4, "frame_count": 9, "frame_rate": 25},
        {"type": "track", "video": 0, "id": "5a00aa6d-64ee-47ba-a030-9b8bb6129fa9", "class": "a", "tracked": True},
        {"type": "instance", "video": 0, "track": "5a00aa6d-64ee-47ba-a030-9b8bb6129fa9", "frame": 0,
         "shape": {"box": [1, 2, 3.5, 4]}}])
    target = scratch / "out.json"
    convert(f"{lines}:jsonl", f"{target}:darwin")
    written = json.loads(target.read_text())
    try:
        with urllib.request.urlopen(written["schema_ref"], timeout=5) as answer:
            schema = json.load(answer)
    except Exception as error:
        raise Unavailable(f"Darwin's JSON Schema ({error})")
    jsonschema.validate(written, schema)
