"""MOT files against py-motmetrics, TrackEval's loader and datumaro."""

import configparser
import importlib.metadata
import pathlib

import motmetrics
import trackeval

from common import DATA, Unavailable, convert, near, read, write_lines

CLIENT = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ["motmetrics", "trackeval", "datumaro"])

ROWS = [
    {"type": "video", "video": 0, "name": "seq", "width": 640, "height": 480, "frame_count": 5, "frame_rate": 25},
    {"type": "track", "video": 0, "id": "3", "class": "pedestrian", "tracked": True},
    {"type": "instance", "video": 0, "track": "3", "frame": 0, "shape": {"box": [10.5, 20, 30, 40]}, "visibility": 0.5},
    {"type": "instance", "video": 0, "track": "3", "frame": 4, "shape": {"box": [12.25, 20, 30, 40]}, "visibility": 1},
    {"type": "track", "video": 0, "id": "8", "class": "car", "tracked": True, "attributes": {"ignore": "true"}},
    {"type": "instance", "video": 0, "track": "8", "frame": 1, "shape": {"box": [100, 120, 60, 50]}, "visibility": 0.25},
]


def written(scratch, rows=ROWS):
    source = write_lines(scratch / "in.jsonl", rows)
    convert(f"{source}:jsonl", f"{scratch / 'seq'}:mot")
    return scratch / "seq"


def check_motmetrics_reads_ground_truth(scratch):
    frame = motmetrics.io.loadtxt(written(scratch) / "gt" / "gt.txt", fmt="mot16", min_confidence=-1).reset_index()
    found = [(r.FrameId, r.Id, r.X + 1, r.Y + 1, r.Width, r.Height, r.Confidence, r.ClassId, r.Visibility)
             for r in frame.itertuples()]
    assert found == [(1, 3, 10.5, 20, 30, 40, 1, 1, 0.5), (2, 8, 100, 120, 60, 50, 0, 3, 0.25),
                     (5, 3, 12.25, 20, 30, 40, 1, 1, 1)], found


def check_motmetrics_and_the_tool_read_its_samples(scratch):
    for sequence in ["TUD-Campus", "TUD-Stadtmitte"]:
        for name in ["gt.txt", "test.txt"]:
            path = pathlib.Path(motmetrics.__file__).parent / "data" / sequence / name
            frame = motmetrics.io.loadtxt(path, fmt="mot15-2D").reset_index()
            rows = {(int(r.FrameId) - 1, str(int(r.Id))): r for r in frame.itertuples()}
            labels = read(f"{path}:mot", scratch)
            assert len(labels.instances) == len(rows) == len(frame) > 0
            for instance in labels.instances:
                row = rows[instance["frame"], instance["track"]]
                assert near(instance["shape"]["box"], [row.X + 1, row.Y + 1, row.Width, row.Height])


def check_TrackEval_reads_ground_truth_and_results(scratch):
    folder = written(scratch)
    results = [dict(row) for row in ROWS]
    for row in results:
        if row["type"] == "instance":
            row["confidence"] = 0.75
            del row["visibility"]
    (scratch / "res").mkdir()
    source = write_lines(scratch / "res.jsonl", results)
    (scratch / "trackers" / "mine" / "data").mkdir(parents=True)
    convert(f"{source}:jsonl", f"{scratch / 'trackers' / 'mine' / 'data' / 'seq.txt'}:mot")
    config = trackeval.datasets.MotChallenge2DBox.get_default_dataset_config()
    config.update(GT_FOLDER=str(scratch), TRACKERS_FOLDER=str(scratch / "trackers"), SEQ_INFO={"seq": None},
                  TRACKERS_TO_EVAL=["mine"], SKIP_SPLIT_FOL=True, DO_PREPROC=True, PRINT_CONFIG=False,
                  GT_LOC_FORMAT="{gt_folder}/{seq}/gt/gt.txt")
    assert configparser.ConfigParser().read(folder / "seqinfo.ini")
    data = trackeval.datasets.MotChallenge2DBox(config)
    raw = data.get_raw_seq_data("mine", "seq")
    assert raw["num_timesteps"] == 5
    assert [list(ids) for ids in raw["gt_ids"]] == [[3], [8], [], [], [3]]
    assert [list(marks["zero_marked"]) for marks in raw["gt_extras"]] == [[1], [0], [], [], [1]]
    assert near(list(raw["tracker_dets"][4][0]), [12.25, 20, 30, 40])
    assert near(list(raw["tracker_confidences"][1]), [0.75])


def check_datumaro_reads_and_writes(scratch):
    try:
        import datumaro
        from datumaro.components.annotation import Bbox
    except ImportError as error:
        raise Unavailable(error) from error
    dataset = datumaro.Dataset.import_from(str(written(scratch)), "mot_seq")
    names = [label.name for label in dataset.categories()[datumaro.AnnotationType.label].items]
    found = {(int(item.id), a.attributes["track_id"]): a for item in dataset for a in item.annotations}
    assert sorted(found) == [(1, 3), (2, 8), (5, 3)]
    assert near(found[5, 3].get_bbox(), [12.25, 20, 30, 40]) and names[found[5, 3].label] == "pedestrian"
    assert found[2, 8].attributes["ignored"] and found[2, 8].attributes["visibility"] == 0.25
    items = [datumaro.DatasetItem(id=frame, annotations=[
        Bbox(frame, 2, 3.5, 4, label=1, attributes={"track_id": 5, "visibility": 0.5})]) for frame in [1, 2]]
    theirs = datumaro.Dataset.from_iterable(items, categories=["ant", "bee"])
    theirs.export(str(scratch / "theirs"), "mot_seq_gt", save_media=False)
    labels = read(f"{scratch / 'theirs'}:mot", scratch)
    assert [t["class"] for t in labels.tracks] == ["bee"]
    assert [(i["frame"], i["shape"]["box"], i["visibility"]) for i in labels.instances] == [
        (0, [1, 2, 3.5, 4], 0.5), (1, [2, 2, 3.5, 4], 0.5)]


def check_real_sequences_come_back(scratch):
    path = DATA / "tud-labels-only" / "TUD-Campus" / "gt.txt"
    if not path.exists():
        raise Unavailable("the folder of real data is missing")
    convert(f"{path}:mot", f"{scratch / 'out.txt'}:mot")
    one, two = (motmetrics.io.loadtxt(p, fmt="mot15-2D") for p in [path, scratch / "out.txt"])
    columns = ["X", "Y", "Width", "Height", "Confidence"]
    assert one[columns].sort_index().equals(two[columns].sort_index().astype(one[columns].dtypes))
