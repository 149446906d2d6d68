"""SLEAP's analysis CSV against sleap-io."""

import math

import numpy as np
import pandas as pd
import sleap_io as sio

from common import DATA, Unavailable, convert, near, read
from sleap_labels import joints_of_client, joints_of_tool, key, same_joints

CLIENT = f"sleap-io {sio.__version__}"


def real(name):
    if not (DATA / name).exists():
        raise Unavailable(f"{name} is missing")
    return DATA / name


def by_name(instance):
    return {name: (None if seen == 0 else (x, y, score))
            for name, x, y, seen, score in instance["shape"]["skeleton"]}


def check_reads_what_sleap_io_writes(scratch):
    for name in ["sleap-flies-clip/clip.predictions.slp", "dreem-two-flies/two_flies_noisy_detections.slp"]:
        labels = sio.load_slp(str(real(name)), open_videos=False)
        sio.save_csv(labels, str(scratch / "a.csv"), format="sleap")
        ours = read(scratch / "a.csv", scratch)
        for frame in labels:
            theirs = sorted(frame.instances, key=lambda i: np.nansum(i.numpy()))
            mine = ours.at(frame.frame_idx)
            mine.sort(key=lambda i: sum(p[0] + p[1] for p in by_name(i).values() if p))
            assert len(theirs) == len(mine)
            for one, other in zip(theirs, mine):
                places = by_name(other)
                for node, point in zip(one.skeleton.node_names, one.numpy()):
                    if np.isnan(point).any():
                        assert places.get(node) is None
                    else:
                        assert near(list(point + 0.5), list(places[node][:2]), 1e-4)
                if isinstance(one, sio.PredictedInstance):
                    assert near(float(one.score), other["confidence"], 1e-6)


def check_sleap_io_reads_what_the_tool_writes(scratch):
    source = real("sleap-flies-clip/clip.predictions.slp")
    convert(source, f"{scratch / 'b.csv'}:sleap-csv")
    labels = sio.load_csv(str(scratch / "b.csv"), format="sleap", video="clip.mp4")
    ours = read(source, scratch)
    assert len(labels) == 1500
    for frame in labels:
        theirs = sorted((joints_of_client(i) for i in frame.instances), key=key)
        mine = sorted((joints_of_tool(i) for i in ours.at(frame.frame_idx)), key=key)
        for one, other in zip(theirs, mine, strict=True):
            same_joints(one, other)


def check_columns_are_those_of_sleap(scratch):
    convert(real("dreem-two-flies/single_fly.slp"), f"{scratch / 'b.csv'}:sleap-csv")
    table = pd.read_csv(scratch / "b.csv")
    assert list(table.columns[:6]) == ["track", "frame_idx", "instance.score", "head.x", "head.y", "head.score"]
    assert len(table) == 128 and set(table["track"]) == {"track_0"} and math.isnan(table["instance.score"][0])
