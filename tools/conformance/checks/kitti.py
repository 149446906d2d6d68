"""KITTI tracking text against TrackEval's loader."""

import importlib.metadata

import trackeval

from common import convert, near, read, write_lines

CLIENT = "trackeval " + importlib.metadata.version("trackeval")

ROWS = [
    {"type": "video", "video": 0},
    {"type": "track", "video": 0, "id": "3", "class": "Car", "tracked": True},
    {"type": "instance", "video": 0, "track": "3", "frame": 0, "shape": {"box": [10.5, 20, 30, 40]},
     "visibility": "occluded", "attributes": {"truncated": "1"}},
    {"type": "instance", "video": 0, "track": "3", "frame": 2, "shape": {"box": [12.25, 20, 30, 40]}, "visibility": "visible"},
    {"type": "track", "video": 0, "id": "#1", "class": "DontCare", "tracked": False},
    {"type": "instance", "video": 0, "track": "#1", "frame": 0, "shape": {"box": [100, 120, 60, 50]}},
]


def check_it_reads_what_is_written(scratch):
    (scratch / "gt" / "label_02").mkdir(parents=True)
    (scratch / "trackers" / "mine" / "data").mkdir(parents=True)
    (scratch / "gt" / "evaluate_tracking.seqmap.training").write_text("0000 empty 000000 000003\n")
    source = write_lines(scratch / "in.jsonl", ROWS)
    # The reduction renumbers ids where one is no number.
    convert(f"{source}:jsonl", f"{scratch / 'gt' / 'label_02' / '0000.txt'}:kitti")
    results = [dict(row) for row in ROWS if row.get("id") != "#1" and row.get("track") != "#1"]
    for row in results:
        if row["type"] == "instance":
            row["confidence"] = 0.75
    source = write_lines(scratch / "res.jsonl", results)
    convert(f"{source}:jsonl", f"{scratch / 'trackers' / 'mine' / 'data' / '0000.txt'}:kitti")
    config = trackeval.datasets.Kitti2DBox.get_default_dataset_config()
    config.update(GT_FOLDER=str(scratch / "gt"), TRACKERS_FOLDER=str(scratch / "trackers"), TRACKERS_TO_EVAL=["mine"],
                  CLASSES_TO_EVAL=["car"], PRINT_CONFIG=False)
    raw = trackeval.datasets.Kitti2DBox(config).get_raw_seq_data("mine", "0000")
    assert [len(ids) for ids in raw["gt_ids"]] == [1, 0, 1]
    assert near(list(raw["gt_dets"][2][0]), [12.25, 20, 42.25, 60])
    assert (raw["gt_extras"][0]["truncation"][0], raw["gt_extras"][0]["occlusion"][0]) == (1, 1)
    assert near(list(raw["gt_crowd_ignore_regions"][0][0]), [100, 120, 160, 170])
    assert list(raw["tracker_ids"][0]) == [3] and near(list(raw["tracker_confidences"][2]), [0.75])


def check_rows_of_the_devkit_are_read(scratch):
    path = scratch / "0000.txt"
    path.write_text(
        "0 -1 DontCare -1 -1 -10.000000 219.310000 188.490000 245.500000 218.560000 -1000.000000 -1000.000000 "
        "-1000.000000 -10.000000 -1.000000 -1.000000 -1.000000\n"
        "0 0 Van 0 0 -1.793451 296.744956 161.752147 455.226042 292.372804 2.000000 1.823255 4.433886 -4.552284 "
        "1.858523 13.410495 -2.115488\n")
    labels = read(f"{path}:kitti", scratch)
    assert near(labels.of("0")[0]["shape"]["box"], [296.744956, 161.752147, 158.481086, 130.620657])
    assert labels.tracks[0]["attributes"] == {"ignore": "true"}
