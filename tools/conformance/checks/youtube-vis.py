"""YouTube-VIS labels and lists of results against TrackEval's reader of them."""

import contextlib
import importlib.metadata
import io
import json
import shutil

import numpy
import trackeval
from pycocotools import mask as runs

from common import convert, read, write_lines

if not hasattr(numpy, "float"):
    numpy.float, numpy.int, numpy.bool = float, int, bool  # TrackEval was written for numpy 1.

CLIENT = f"trackeval {importlib.metadata.version('trackeval')}"
WIDTH, HEIGHT, FRAMES = 64, 48, [0, 5, 10, 15]


def block(left, top):
    pixels = numpy.zeros((HEIGHT, WIDTH), numpy.uint8)
    pixels[top:top + 6, left:left + 9] = 1
    pixels[top + 2, left + 3] = 0
    return pixels


def lines():
    """Two objects on every fifth frame; the second one is not there at first."""
    result = [{"type": "video", "video": 0, "name": "clip", "width": WIDTH, "height": HEIGHT,
               "annotated": {"step": 5, "start": 0, "end": 16}},
              {"type": "category", "video": 0, "name": "fly", "source_id": "4"}]
    for track, frames in [("1", FRAMES), ("2", FRAMES[2:])]:
        result.append({"type": "track", "video": 0, "id": track, "class": "fly", "attributes": {"track_score": "0.75"}})
        for frame in frames:
            # 6 rows of 9 with one pixel out.
            mask = {"left": frame + 20 * int(track), "top": 8, "width": 9, "height": 6, "runs": [0, 21, 1, 32]}
            result.append({"type": "instance", "video": 0, "track": track, "frame": frame, "shape": {"mask": mask}})
    return result


def dataset(scratch, labels, results):
    """TrackEval's data set of one file of labels and one of results."""
    for folder, file in [("gt/youtube_vis_val", labels), ("trackers/youtube_vis_val/us/data", results)]:
        (scratch / folder).mkdir(parents=True)
        shutil.copy(file, scratch / folder / "file.json")
    with contextlib.redirect_stdout(io.StringIO()):
        return trackeval.datasets.YouTubeVIS({
            "GT_FOLDER": f"{scratch}/gt/", "TRACKERS_FOLDER": f"{scratch}/trackers/", "SPLIT_TO_EVAL": "val",
            "PRINT_CONFIG": False})


def check_trackeval_reads_what_is_written(scratch):
    source = write_lines(scratch / "in.jsonl", lines())
    convert(f"{source}:jsonl", f"{scratch / 'labels.json'}:youtube-vis")
    # A list of results counts listed frames, as the places of the labels.
    places = [dict(row, frame=row["frame"] // 5) if row["type"] == "instance" else row for row in lines()]
    places[0].pop("annotated")
    results = write_lines(scratch / "results.jsonl", places)
    convert(f"{results}:jsonl", f"{scratch / 'results.json'}:youtube-vis-results")
    data = dataset(scratch, scratch / "labels.json", scratch / "results.json")
    raw = data.get_raw_seq_data("us", data.seq_list[0])
    assert raw["num_timesteps"] == 4
    assert [ids.tolist() for ids in raw["gt_ids"]] == [[1], [1], [1, 2], [1, 2]]
    for place, frame in enumerate(FRAMES):
        for found in (raw["gt_dets"][place], raw["tracker_dets"][place]):
            assert (runs.decode(found[0]) == block(frame + 20, 8)).all()
        assert numpy.allclose(raw["similarity_scores"][place].diagonal(), 1)
        assert (raw["tracker_confidences"][place] == 0.75).all()
    data = data.get_preprocessed_seq_data(raw, "fly")
    assert trackeval.metrics.HOTA({"PRINT_CONFIG": False}).eval_sequence(data)["HOTA"].min() == 1


def check_labels_as_youtube_vis_has_them_are_read(scratch):
    def uncompressed(pixels):
        flat = pixels.flatten(order="F")
        changes = numpy.flatnonzero(numpy.diff(flat)) + 1
        return {"size": [HEIGHT, WIDTH], "counts": numpy.diff(numpy.concatenate([[0], changes, [flat.size]])).tolist()}

    path = scratch / "client.json"
    path.write_text(json.dumps({
        "videos": [{"id": 3, "width": WIDTH, "height": HEIGHT, "length": 4,
                    "file_names": [f"0043f083b5/{frame:05}.jpg" for frame in FRAMES]}],
        "categories": [{"id": 4, "name": "fly"}],
        "annotations": [{"id": 8, "video_id": 3, "category_id": 4, "iscrowd": 0, "height": HEIGHT, "width": WIDTH, "length": 4,
                         "segmentations": [None, uncompressed(block(1, 2)), None, uncompressed(block(30, 40))],
                         "bboxes": [None, [1, 2, 9, 6], None, [30, 40, 9, 6]], "areas": [None, 53, None, 53]}]}))
    labels = read(path, scratch)
    assert labels.videos[0]["name"] == "0043f083b5" and labels.videos[0]["annotated"] == {"step": 5, "start": 0, "end": 16}
    found = {i["frame"]: i["shape"]["mask"] for i in labels.of("8")}
    assert {frame: (m["left"], m["top"], m["width"], m["height"]) for frame, m in found.items()} == {5: (1, 2, 9, 6), 15: (30, 40, 9, 6)}
    assert found[5]["runs"] == [0, 21, 1, 32]
