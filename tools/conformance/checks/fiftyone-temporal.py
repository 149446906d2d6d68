"""FiftyOne's temporal detections against FiftyOne's own parser, which needs no database (FiftyOne without fiftyone-db)."""

import importlib.metadata
import json

from common import Unavailable, convert, read, write_lines

try:
    import fiftyone.core.labels as fol
    from fiftyone.utils.data.parsers import FiftyOneTemporalDetectionSampleParser
except Exception as error:
    raise Unavailable(f"FiftyOne's parsers ({error})")

CLIENT = f"fiftyone {importlib.metadata.version('fiftyone')}"


def parse(document, name):
    parser = FiftyOneTemporalDetectionSampleParser(classes=document["classes"])
    parser.with_sample((f"{name}.mp4", document["labels"][name]))
    return parser.get_label().detections


def check_a_file_we_write_is_parsed_with_equal_content(scratch):
    lines = write_lines(scratch / "in.jsonl", [
        {"type": "video", "video": 0, "name": "clip.mp4"},
        {"type": "range", "video": 0, "start": 1, "end": 4, "name": "run", "value": "yes", "confidence": 0.5},
        {"type": "range", "video": 0, "start": 6, "end": 7, "name": "jump"}])
    target = scratch / "out.json"
    convert(f"{lines}:jsonl", f"{target}:fiftyone-temporal")
    found = parse(json.loads(target.read_text()), "clip")
    assert [(d.label, d.support, d.confidence) for d in found] == [("run", [2, 4], 0.5), ("jump", [7, 7], None)]
    assert found[0]["value"] == "yes"


def check_labels_of_the_client_are_read_with_equal_content(scratch):
    made = [fol.TemporalDetection(label="run", support=[2, 4], confidence=0.5), fol.TemporalDetection(label="jump", support=[7, 7])]
    classes = ["jump", "run"]
    # The exporter writes these members; it wants a database, so the document is put together here.
    document = {"classes": classes, "labels": {"clip": [
        {"label": classes.index(d.label), "support": d.support, **({"confidence": d.confidence} if d.confidence else {})}
        for d in made], "other": None}}
    path = scratch / "labels.json"
    path.write_text(json.dumps(document))
    assert [(d.label, d.support, d.confidence) for d in parse(document, "clip")] == [(d.label, d.support, d.confidence) for d in made]
    found = read(path, scratch)
    assert [(r["name"], r["start"] + 1, r["end"], r.get("confidence")) for r in found.ranges] == [
        (d.label, *d.support, d.confidence) for d in made]
    assert [v["name"] for v in found.videos] == ["clip", "other"] and found.videos[1]["annotated"] == {"frames": []}
