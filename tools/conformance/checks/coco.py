"""COCO, and lists of results, against pycocotools: masks, boxes, areas, keypoints, and an evaluation."""

import contextlib
import importlib.metadata
import io
import json

import numpy
from pycocotools import mask as runs
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from common import convert, near, read, write_lines

CLIENT = f"pycocotools {importlib.metadata.version('pycocotools')}"
WIDTH, HEIGHT = 64, 48


def quiet(function, *arguments):
    with contextlib.redirect_stdout(io.StringIO()):
        return function(*arguments)


def picture(mask):
    """The pixels of a mask in the tool's own JSON Lines."""
    pixels = numpy.zeros((HEIGHT, WIDTH), numpy.uint8)
    flat = numpy.concatenate([numpy.full(run, place % 2, numpy.uint8) for place, run in enumerate(mask["runs"])])
    pixels[mask["top"]:mask["top"] + mask["height"], mask["left"]:mask["left"] + mask["width"]] = \
        flat.reshape(mask["height"], mask["width"])
    return pixels


def noise(seed):
    """A mask of a few blobs, so that runs cross columns and rows."""
    random = numpy.random.default_rng(seed)
    pixels = numpy.zeros((HEIGHT, WIDTH), numpy.uint8)
    for left, top in random.integers(0, 40, (6, 2)):
        pixels[top:top + 7, left:left + 9] ^= 1
    return pixels


def rows(shapes, **video):
    """One track a shape, each with one instance in frame 3 * place."""
    lines = [{"type": "video", "video": 0, "name": "clip.mp4", "width": WIDTH, "height": HEIGHT,
              "frame_count": 12, "frame_rate": 25, **video},
             {"type": "category", "video": 0, "name": "fly", "source_id": "4", "joints": ["nose", "tail"], "edges": [[0, 1]]},
             {"type": "category", "video": 0, "name": "car", "source_id": "9"}]
    for place, (name, shape) in enumerate(shapes):
        lines.append({"type": "track", "video": 0, "id": str(place + 5), "class": name, "tracked": True})
        lines.append({"type": "instance", "video": 0, "track": str(place + 5), "frame": place * 3, "shape": shape,
                      "origin": "human", "key_frame": True, "confidence": 0.5, "visibility": "occluded"})
    return lines


def masks_of(seeds):
    """Masks as the tool's own shapes, and their pixels."""
    for seed in seeds:
        pixels = noise(seed)
        flat = pixels.flatten()
        changes = numpy.flatnonzero(numpy.diff(flat)) + 1
        lengths = numpy.diff(numpy.concatenate([[0], changes, [flat.size]])).tolist()
        yield {"mask": {"left": 0, "top": 0, "width": WIDTH, "height": HEIGHT,
                        "runs": ([0] if flat[0] else []) + lengths}}, pixels


def check_masks_of_pycocotools_are_read(scratch):
    pixels = [noise(seed) for seed in range(4)]
    encoded = [runs.encode(numpy.asfortranarray(p)) for p in pixels]
    ring = [4, 4, 20.5, 6, 12, 30.25]
    annotations = [{"id": n + 1, "image_id": n + 1, "category_id": 4, "track_id": n, "iscrowd": 0,
                    "bbox": runs.toBbox(e).tolist(), "area": float(runs.area(e)),
                    "segmentation": {"size": e["size"], "counts": e["counts"].decode()}} for n, e in enumerate(encoded)]
    annotations.append({"id": 9, "image_id": 1, "category_id": 4, "track_id": 9, "segmentation": [ring]})
    path = scratch / "client.json"
    path.write_text(json.dumps({
        "images": [{"id": n + 1, "video_id": 1, "frame_id": n, "file_name": f"{n:06}.jpg", "width": WIDTH, "height": HEIGHT}
                   for n in range(4)],
        "videos": [{"id": 1, "name": "clip"}], "categories": [{"id": 4, "name": "fly"}], "annotations": annotations}))
    labels = read(path, scratch)
    for n, expected in enumerate(pixels):
        [instance] = labels.of(str(n))
        assert instance["frame"] == n
        assert (picture(instance["shape"]["mask"]) == expected).all()
    assert sum(labels.of("9")[0]["shape"]["polygon"][0][0], []) == ring


def check_masks_boxes_and_areas_written_are_those_pycocotools_reads(scratch):
    shapes = list(masks_of(range(3)))
    # The vertices lie between the pixels, where every rule of filling agrees.
    polygon = {"polygon": [[[[4, 4], [24, 4], [24, 20], [4, 20], [4, 12]]], [[[30, 30], [40, 30], [40, 36], [35, 40], [30, 40]]]]}
    source = write_lines(scratch / "in.jsonl", rows(
        [("fly", shape) for shape, _ in shapes] + [("car", {"box": [1.5, 2.25, 10, 20]})]) + [
        {"type": "track", "video": 0, "id": "50", "class": "car", "tracked": True},
        {"type": "instance", "video": 0, "track": "50", "frame": 2, "shape": polygon}])
    convert(f"{source}:jsonl", f"{scratch / 'out.json'}:coco")
    coco = quiet(COCO, str(scratch / "out.json"))
    assert len(coco.getImgIds()) == 12 and {c["id"]: c["name"] for c in coco.loadCats(coco.getCatIds())} == {4: "fly", 9: "car"}
    by_track = {a["track_id"]: a for a in coco.loadAnns(coco.getAnnIds())}
    for place, (_, pixels) in enumerate(shapes):
        annotation = by_track[place + 5]
        assert coco.imgs[annotation["image_id"]]["frame_id"] == place * 3
        assert (coco.annToMask(annotation) == pixels).all()
        encoded = runs.encode(numpy.asfortranarray(pixels))
        assert annotation["area"] == runs.area(encoded) and annotation["bbox"] == runs.toBbox(encoded).tolist()
    assert by_track[8]["bbox"] == [1.5, 2.25, 10, 20] and by_track[8]["area"] == 200
    assert coco.annToMask(by_track[50]).sum() == 20 * 16 + 10 * 10 - 10 and by_track[50]["area"] == 20 * 16 + 90
    assert coco.getAnnIds(catIds=[9], iscrowd=False) == [by_track[8]["id"], by_track[50]["id"]]
    assert by_track[8]["attributes"]["occluded"] is True and by_track[8]["attributes"]["keyframe"] is True


def check_results_written_are_evaluated_as_perfect(scratch):
    shapes = [shape for shape, _ in masks_of(range(3))]
    poses = [{"skeleton": [["nose", 5 + n, 6, 2, 0.5], ["tail", 30, 40 - n, 2, 0.25]]} for n in range(3)]
    boxes = [{"box": [1 + n, 2, 10, 20]} for n in range(3)]
    for kind, given in [("segm", shapes), ("keypoints", poses), ("bbox", boxes)]:
        source = write_lines(scratch / f"{kind}.jsonl", rows([("fly", shape) for shape in given]))
        convert(f"{source}:jsonl", f"{scratch / kind}.json:coco")
        convert(f"{source}:jsonl", f"{scratch / kind}.results.json:coco-results")
        labels = quiet(COCO, f"{scratch / kind}.json")
        results = quiet(labels.loadRes, f"{scratch / kind}.results.json")
        evaluation = COCOeval(labels, results, kind)
        if kind == "keypoints":
            evaluation.params.kpt_oks_sigmas = numpy.array([0.1, 0.1])
        quiet(evaluation.evaluate), quiet(evaluation.accumulate), quiet(evaluation.summarize)
        assert near(evaluation.stats[0], 1), f"{kind}: {evaluation.stats}"
        again = read(f"{scratch / kind}.results.json", scratch)
        assert [i["frame"] for i in again.instances] == [0, 3, 6] and again.tracks[0]["class"] == "fly"


def check_keypoints_come_back(scratch):
    pose = {"skeleton": [["nose", 5.5, 6.25, 2, None], ["tail", 30, 40, 1, None]]}
    source = write_lines(scratch / "in.jsonl", rows([("fly", pose)]))
    convert(f"{source}:jsonl", f"{scratch / 'out.json'}:coco")
    coco = quiet(COCO, str(scratch / "out.json"))
    [annotation] = coco.loadAnns(coco.getAnnIds())
    assert annotation["keypoints"] == [5.5, 6.25, 2, 30, 40, 1] and annotation["num_keypoints"] == 2
    [category] = coco.loadCats([4])
    assert category["keypoints"] == ["nose", "tail"] and category["skeleton"] == [[1, 2]]
