"""DAVIS and YouTube-VOS label images: written by Pillow, read by Pillow and TrackEval."""

import contextlib
import io
import json

import numpy
import PIL.Image
import pycocotools.mask
import trackeval

from common import convert, read, write_lines
from importlib.metadata import version
import masks

CLIENT = f"TrackEval {version('trackeval')}, Pillow {PIL.__version__}"


def save(picture, path):
    """Writes a palette PNG as DAVIS's tools do."""
    image = PIL.Image.fromarray(picture.astype(numpy.uint8))
    image.putpalette([n * 7 % 256 for n in range(768)])
    image.save(path)


def check_reads_images_of_pillow(scratch):
    pictures = masks.draw([1, 2, 200, 255], 6, 60, 80)
    folder = scratch / "bear"
    folder.mkdir()
    for frame, picture in enumerate(pictures):
        save(picture, folder / f"{frame:05d}.png")
    labels = read(folder, scratch)
    masks.compare(labels, pictures)
    assert labels.track("255")["attributes"]["ignore"] == "true"


def check_reads_palettes_of_few_bits(scratch):
    for bits in (1, 2, 4):
        picture = masks.draw(range(1, 1 << bits), 1, 30, 41)[0]
        folder = scratch / f"v{bits}"
        folder.mkdir()
        image = PIL.Image.frombytes("P", (41, 30), picture.astype(numpy.uint8).tobytes())
        image.putpalette([n % 256 for n in range(3 << bits)])
        image.save(folder / "00000.png", bits=bits)
        masks.compare(read(folder, scratch), [picture])


def check_trackeval_reads_ours(scratch):
    pictures = masks.draw([1, 2, 254], 6, 60, 80)
    write_lines(scratch / "in.jsonl", masks.lines(pictures))
    (scratch / "gt").mkdir()
    convert(f"{scratch / 'in.jsonl'}:jsonl", f"{scratch / 'gt' / 'bear'}:davis")
    with contextlib.redirect_stdout(io.StringIO()):
        data = trackeval.datasets.DAVIS({
            "PRINT_CONFIG": False, "GT_FOLDER": str(scratch / "gt"), "TRACKERS_FOLDER": str(scratch),
            "TRACKERS_TO_EVAL": [], "SEQ_INFO": {"bear": 6}})
    raw = data._load_raw_file("", "bear", True)
    for frame, picture in enumerate(pictures):
        found = numpy.zeros(picture.shape, int)
        for number, code in zip(raw["gt_ids"][frame], raw["gt_dets"][frame]):
            found[pycocotools.mask.decode(code) > 0] = number
        assert (found == picture).all(), f"frame {frame}"


def check_youtube_vos_layout_comes_back(scratch):
    pictures = masks.draw([1, 2], 3, 30, 40)
    root = scratch / "train"
    (root / "Annotations" / "a1").mkdir(parents=True)
    frames = [0, 5, 10]
    for frame, picture in zip(frames, pictures):
        save(picture, root / "Annotations" / "a1" / f"{frame:05d}.png")
    (root / "meta.json").write_text(json.dumps({"videos": {"a1": {"objects": {
        "1": {"category": "sedan", "frames": ["00000"]}, "2": {"category": "ape", "frames": ["00000"]}}}}}))
    convert(root, f"{scratch / 'a1'}:davis")
    meta = json.loads((scratch / "a1" / "meta.json").read_text())
    objects = meta["videos"]["a1"]["objects"]
    assert {number: entry["category"] for number, entry in objects.items()} == {"1": "sedan", "2": "ape"}
    files = sorted((scratch / "a1" / "Annotations" / "a1").iterdir())
    assert [f.name for f in files] == ["00000.png", "00005.png", "00010.png"]
    for picture, file in zip(pictures, files):
        image = PIL.Image.open(file)
        assert image.mode == "P" and (numpy.array(image) == picture).all()
