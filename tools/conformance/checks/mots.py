"""MOTS text: rows by pycocotools, read by TrackEval's readers of MOTSChallenge and KITTI-MOTS."""

import contextlib
import io

import numpy
import pycocotools.mask
import trackeval

from common import convert, read, write_lines
from importlib.metadata import version
import masks

CLIENT = f"TrackEval {version('trackeval')}, pycocotools {version('pycocotools')}"


def rows(pictures, base):
    """Rows as a user of pycocotools writes them."""
    for frame, picture in enumerate(pictures):
        for value in numpy.unique(picture[picture > 0]):
            code = pycocotools.mask.encode(numpy.asfortranarray((picture == value).astype(numpy.uint8)))
            height, width = code["size"]
            yield f"{frame + base} {value} {value // 1000} {height} {width} {code['counts'].decode()}\n"


def compare(raw, pictures):
    """Asserts that TrackEval found the pixels of `pictures`."""
    for frame, picture in enumerate(pictures):
        found = numpy.zeros(picture.shape, int)
        for number, code in zip(raw["gt_ids"][frame], raw["gt_dets"][frame]):
            found[pycocotools.mask.decode(code) > 0] = number
        region = raw["gt_ignore_region"][frame]
        if region["size"][0] > 0:
            found[pycocotools.mask.decode(region) > 0] = 10000
        assert (found == picture).all(), f"frame {frame} differs in {(found != picture).sum()} pixels"


def evaluator(kind, **configuration):
    with contextlib.redirect_stdout(io.StringIO()):
        return kind({"PRINT_CONFIG": False, "TRACKERS_TO_EVAL": [], **configuration})


def check_reads_rows_of_pycocotools(scratch):
    pictures = masks.draw([1001, 1002, 2001, 2999], 6, 60, 80)
    (scratch / "clip.txt").write_text("".join(rows(pictures, 0)))
    labels = read(scratch / "clip.txt", scratch)
    masks.compare(labels, pictures)
    assert {t["id"]: t["class"] for t in labels.tracks} == {
        "1001": "car", "1002": "car", "2001": "pedestrian", "2999": "pedestrian"}


def check_trackeval_reads_a_sequence_of_motschallenge(scratch):
    pictures = masks.draw([2001, 2002, 2003], 7, 90, 120)
    write_lines(scratch / "in.jsonl", masks.lines(pictures, {n: "pedestrian" for n in (2001, 2002, 2003)}))
    convert(f"{scratch / 'in.jsonl'}:jsonl", f"{scratch / 'clip'}:mots")
    data = evaluator(trackeval.datasets.MOTSChallenge, GT_FOLDER=str(scratch), TRACKERS_FOLDER=str(scratch),
                     SKIP_SPLIT_FOL=True, SEQ_INFO={"clip": 7})
    compare(data._load_raw_file("", "clip", True), pictures)
    masks.compare(read(scratch / "clip", scratch), pictures)


def check_trackeval_finds_the_length_in_seqinfo(scratch):
    pictures = masks.draw([2001], 5, 30, 40)
    write_lines(scratch / "in.jsonl", masks.lines(pictures, {2001: "pedestrian"}))
    (scratch / "gt").mkdir()
    (scratch / "map.txt").write_text("name\nclip\n")
    convert(f"{scratch / 'in.jsonl'}:jsonl", f"{scratch / 'gt' / 'clip'}:mots")
    data = evaluator(trackeval.datasets.MOTSChallenge, GT_FOLDER=str(scratch / "gt"), SKIP_SPLIT_FOL=True,
                     TRACKERS_FOLDER=str(scratch), SEQMAP_FILE=str(scratch / "map.txt"))
    assert data.seq_lengths == {"clip": 5}


def check_trackeval_reads_rows_of_kitti_with_an_ignored_region(scratch):
    pictures = masks.draw([1001, 2001, 10000], 4, 375, 1242)
    lines = masks.lines(pictures, {1001: "car", 2001: "pedestrian"})
    for line in lines:
        if line["type"] == "track" and line["id"] == "10000":
            line["attributes"] = {"ignore": "true"}
    write_lines(scratch / "in.jsonl", lines)
    (scratch / "label_02").mkdir()
    convert(f"{scratch / 'in.jsonl'}:jsonl", f"{scratch / 'label_02' / '0002.txt'}:mots")
    data = evaluator(trackeval.datasets.KittiMOTS, GT_FOLDER=str(scratch), TRACKERS_FOLDER=str(scratch),
                     SEQ_INFO={"0002": 4})
    compare(data._load_raw_file("", "0002", True), pictures)
    masks.compare(read(scratch / "label_02" / "0002.txt", scratch), pictures)


def check_any_rows_come_back_as_they_were(scratch):
    pictures = masks.draw([1001, 2001], 3, 40, 50)
    source, target = scratch / "clip.txt", scratch / "again.txt"
    source.write_text("".join(rows(pictures, 1)))
    convert(source, f"{target}:mots")
    assert target.read_text() == source.read_text()
