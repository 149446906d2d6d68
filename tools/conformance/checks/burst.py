"""BURST, and COCO as TAO, against TrackEval's readers of them."""

import contextlib
import importlib.metadata
import io
import json

import numpy
import trackeval
from pycocotools import mask as runs

from common import convert, read, write_lines

if not hasattr(numpy, "float"):
    numpy.float, numpy.int, numpy.bool = float, int, bool  # TrackEval was written for numpy 1.

CLIENT = f"trackeval {importlib.metadata.version('trackeval')}"
WIDTH, HEIGHT = 64, 48


def block(left):
    pixels = numpy.zeros((HEIGHT, WIDTH), numpy.uint8)
    pixels[8:14, left:left + 9] = 1
    return pixels


def lines(shape):
    """One object on every third of nine frames, of TAO's class 805."""
    result = [{"type": "video", "video": 0, "name": "YFCC100M/clip", "width": WIDTH, "height": HEIGHT, "frame_count": 9,
               "frame_rate": 30, "annotated": {"step": 3, "start": 0, "end": 9}},
              {"type": "category", "video": 0, "name": "baby", "source_id": "805"},
              {"type": "category", "video": 0, "name": "car", "source_id": "207"},
              {"type": "range", "video": 0, "start": 0, "end": 9, "name": "neg_category", "value": "car", "origin": "human"},
              {"type": "track", "video": 0, "id": "6", "class": "baby"}]
    return result + [{"type": "instance", "video": 0, "track": "6", "frame": frame, "confidence": 0.5, "origin": "model",
                      "shape": shape(frame)} for frame in (0, 3, 6)]


def load(kind, scratch, labels, results, **config):
    for folder in ("gt", "trackers/us/data"):
        (scratch / folder).mkdir(parents=True)
    (scratch / "gt/file.json").write_text(labels.read_text())
    (scratch / "trackers/us/data/file.json").write_text(results.read_text())
    with contextlib.redirect_stdout(io.StringIO()):
        return kind({"GT_FOLDER": f"{scratch}/gt", "TRACKERS_FOLDER": f"{scratch}/trackers", "PRINT_CONFIG": False, **config})


def check_trackeval_reads_burst_as_written(scratch):
    source = write_lines(scratch / "in.jsonl", lines(
        lambda frame: {"mask": {"left": frame, "top": 8, "width": 9, "height": 6, "runs": [0, 54]}}))
    path = scratch / "out.json"
    convert(f"{source}:jsonl", f"{path}:burst")
    data = load(trackeval.datasets.BURST, scratch, path, path)
    [name] = data.seq_list
    assert name == "val-YFCC100M-clip"
    raw = data.get_raw_seq_data("us", name)
    assert raw["num_timesteps"] == 3 and raw["neg_cat_ids"] == [207]
    for place, frame in enumerate((0, 3, 6)):
        for found in (raw["gt_dets"][place], raw["tracker_dets"][place]):
            assert found.tolist() == [[frame, 8, 9, 6]]
        assert raw["similarity_scores"][place].tolist() == [[1]] and raw["tracker_confidences"][place].tolist() == [0.5]
    for tracks in (raw["classes_to_gt_tracks"][805], raw["classes_to_dt_tracks"][805]):
        assert all((runs.decode(mask) == block(3 * place)).all() for place, mask in enumerate(tracks[0].values()))
    again = read(path, scratch)
    assert again.videos[0]["annotated"] == {"step": 3, "start": 0, "end": 7} and again.videos[0]["frame_count"] == 9
    assert [i["frame"] for i in again.of("6")] == [0, 3, 6]


def check_trackeval_reads_tao_as_written(scratch):
    source = write_lines(scratch / "in.jsonl", lines(lambda frame: {"box": [frame, 8, 9.5, 6]}))
    convert(f"{source}:jsonl", f"{scratch / 'labels.json'}:coco")
    convert(f"{source}:jsonl", f"{scratch / 'results.json'}:coco-results")
    data = load(trackeval.datasets.TAO, scratch, scratch / "labels.json", scratch / "results.json")
    [name] = data.seq_list
    raw = data.get_raw_seq_data("us", name)
    assert raw["num_timesteps"] == 3 and raw["neg_cat_ids"] == [207]
    for place, frame in enumerate((0, 3, 6)):
        for found in (raw["gt_dets"][place], raw["tracker_dets"][place]):
            assert found.tolist() == [[frame, 8, 9.5, 6]]
        assert raw["similarity_scores"][place].tolist() == [[1]]


def check_burst_as_documented_is_read(scratch):
    def rle(left):
        return runs.encode(numpy.asfortranarray(block(left)))["counts"].decode()

    path = scratch / "client.json"
    path.write_text(json.dumps({"split": "train", "categories": [{"id": 805, "name": "baby"}], "sequences": [
        {"width": WIDTH, "height": HEIGHT, "id": 2, "seq_name": "clip", "dataset": "YFCC100M", "fps": 30,
         "all_image_paths": [f"frame{n:04}.jpg" for n in range(391, 400)],
         "annotated_image_paths": ["frame0391.jpg", "frame0394.jpg"], "neg_category_ids": [], "not_exhaustive_category_ids": [805],
         "track_category_ids": {"6": 805},
         "segmentations": [{"6": {"rle": rle(1), "is_gt": True, "score": 1.0}}, {"6": {"rle": rle(4), "is_gt": False, "score": 0.25}}]}]}))
    labels = read(path, scratch)
    first, second = labels.of("6")
    assert (first["frame"], first["origin"], first.get("confidence")) == (0, "human", None)
    assert (second["frame"], second["origin"], second["confidence"]) == (3, "model", 0.25)
    assert second["shape"]["mask"] == {"left": 4, "top": 8, "width": 9, "height": 6, "runs": [0, 54]}
    [stated] = labels.ranges
    assert (stated["name"], stated["value"], stated["start"], stated["end"]) == ("not_exhaustive_category", "baby", 0, 9)
