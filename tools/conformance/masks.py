"""Masks for the checks: drawn at random, as arrays and as the tool's own JSON Lines."""

import numpy


def array(shape, height, width):
    """The mask of a line of the tool as an array of truth values."""
    mask = shape["mask"]
    picture = numpy.zeros((height, width), bool)
    flags = numpy.arange(len(mask["runs"])) % 2 == 1
    crop = numpy.repeat(flags, mask["runs"]).reshape(mask["height"], mask["width"])
    picture[mask["top"]:mask["top"] + mask["height"], mask["left"]:mask["left"] + mask["width"]] = crop
    return picture


def shape(picture):
    """The line's shape of an array, in its smallest crop."""
    rows, columns = numpy.flatnonzero(picture.any(1)), numpy.flatnonzero(picture.any(0))
    top, left, bottom, right = rows[0], columns[0], rows[-1] + 1, columns[-1] + 1
    flat = picture[top:bottom, left:right].ravel()
    ends = numpy.flatnonzero(numpy.diff(flat)) + 1
    runs = numpy.diff([0, *ends, flat.size]).tolist()
    return {"mask": {"left": int(left), "top": int(top), "width": int(right - left), "height": int(bottom - top),
                     "runs": [0, *runs] if flat[0] else runs}}


def draw(values, frames, height, width, seed=1):
    """One label image a frame: every value a noisy disc that leaves for a frame at times."""
    random = numpy.random.default_rng(seed)
    y, x = numpy.mgrid[:height, :width]
    pictures = []
    for frame in range(frames):
        picture = numpy.zeros((height, width), numpy.uint16)
        for value in values:
            if frame and random.random() < 0.2:
                continue
            cy, cx, r = random.uniform(0, height), random.uniform(0, width), random.uniform(3, height / 3)
            disc = (y - cy) ** 2 + (x - cx) ** 2 <= r * r
            picture[disc & (random.random((height, width)) < 0.9)] = value
        pictures.append(picture)
    return pictures


def lines(pictures, classes=None, video=None, parents=None):
    """The lines of a video whose tracks are the values in `pictures`; `classes` and `parents` by value."""
    height, width = pictures[0].shape
    values = sorted(set(numpy.unique(numpy.stack(pictures)).tolist()) - {0})
    rows = [{"type": "video", "video": 0, "name": "clip.mp4", "width": width, "height": height,
             "frame_count": len(pictures), "frame_rate": 25, **(video or {})}]
    for value in values:
        parent = (parents or {}).get(value)
        rows.append({"type": "track", "video": 0, "id": str(value), "class": (classes or {}).get(value, ""),
                     **({"attributes": {"parent": str(parent)}} if parent else {})})
        rows += [{"type": "instance", "video": 0, "track": str(value), "frame": frame,
                  "shape": shape(picture == value), "origin": "imported"}
                 for frame, picture in enumerate(pictures) if (picture == value).any()]
    return rows


def compare(labels, pictures, value=int, video=0):
    """Asserts that the labels the tool read are exactly the values in `pictures`, frame by frame."""
    height, width = pictures[0].shape
    found = [numpy.zeros((height, width), numpy.int64) for _ in pictures]
    for instance in labels.instances:
        if instance["video"] == video:
            found[instance["frame"]][array(instance["shape"], height, width)] = value(instance["track"])
    for frame, (a, b) in enumerate(zip(pictures, found)):
        assert (a == b).all(), f"frame {frame} differs in {(a != b).sum()} pixels"
