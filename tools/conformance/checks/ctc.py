"""Cell Tracking Challenge: images by tifffile, table and validity by py-ctcmetrics."""

import contextlib
import io
import shutil
import warnings

import numpy
import tifffile
from ctc_metrics.scripts.validate import validate_sequence
from ctc_metrics.utils.filesystem import parse_masks, read_tracking_file

from common import DATA, Unavailable, convert, read, write_lines
from importlib.metadata import version
import masks

CLIENT = f"py-ctcmetrics {version('py-ctcmetrics')}, tifffile {tifffile.__version__}"


def sequence():
    """Four cells, two of them daughters of the first, without gaps."""
    y, x = numpy.mgrid[:50, :70]
    pictures = []
    for frame in range(6):
        picture = numpy.zeros((50, 70), numpy.uint16)
        cells = {1: 20, 2: 50} if frame < 3 else {2: 50, 300: 15, 65535: 28}
        for number, place in cells.items():
            picture[(y - 25 - frame) ** 2 + (x - place) ** 2 <= 30] = number
        pictures.append(picture)
    return pictures, [[1, 0, 2, 0], [2, 0, 5, 0], [300, 3, 5, 1], [65535, 3, 5, 1]]


def check_reads_images_of_tifffile(scratch):
    pictures, table = sequence()
    for order, compression in (("<", None), (">", None), ("<", "zlib"), ("<", "lzw")):
        folder = scratch / f"01_RES{'big' if order == '>' else compression or ''}"
        folder.mkdir()
        for frame, picture in enumerate(pictures):
            tifffile.imwrite(folder / f"mask{frame:03d}.tif", picture, byteorder=order, compression=compression)
        (folder / "res_track.txt").write_text("".join(" ".join(map(str, row)) + "\n" for row in table))
        labels = read(folder, scratch)
        masks.compare(labels, pictures)
        parents = {t["id"]: t.get("attributes", {}).get("parent") for t in labels.tracks}
        assert parents == {"1": None, "2": None, "300": "1", "65535": "1"}


def check_ours_is_valid_and_equal(scratch):
    pictures, table = sequence()
    write_lines(scratch / "in.jsonl", masks.lines(pictures, parents={300: 1, 65535: 1}))
    out = scratch / "01_RES"
    convert(f"{scratch / 'in.jsonl'}:jsonl", f"{out}:ctc")
    assert read_tracking_file(str(out / "man_track.txt")).tolist() == table
    files = parse_masks(str(out))
    assert len(files) == 6
    for file, picture in zip(files, pictures):
        image = tifffile.imread(file)
        assert image.dtype == numpy.uint16 and (image == picture).all()
    shutil.copy(out / "man_track.txt", out / "res_track.txt")
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("error")
        assert validate_sequence(str(out), threads=1) == {"Valid": 1}


def check_real_table_and_images_come_back(scratch):
    source = DATA / "cell-tracking" / "TRA"
    if not source.exists():
        raise Unavailable("the folder of real data")
    convert(source, f"{scratch / 'out'}:ctc")
    ours, theirs = (sorted(read_tracking_file(str(f / "man_track.txt")).tolist()) for f in (scratch / "out", source))
    assert ours == theirs
    for a, b in zip(parse_masks(str(scratch / "out")), sorted(source.glob("*.tif")), strict=True):
        assert (tifffile.imread(a) == tifffile.imread(b)).all()
