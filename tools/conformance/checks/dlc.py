"""DeepLabCut's and Lightning Pose's CSV against sleap-io, movement and pandas."""

import imageio.v3 as imageio
import movement
import numpy as np
import pandas as pd
import sleap_io as sio
from movement.io import load_poses, save_poses
from sleap_io.io.dlc import load_dlc

from common import DATA, Unavailable, convert, near, read

CLIENT = f"sleap-io {sio.__version__}, movement {movement.__version__}, pandas {pd.__version__}"


def real(name):
    if not (DATA / name).exists():
        raise Unavailable(f"{name} is missing")
    return DATA / name


def places(ours):
    """The coordinates of every joint as the client counts them: (frame, individual, joint) to (x, y, score)."""
    return {(i["frame"], i["track"], name): (x - 0.5, y - 0.5, score)
            for i in ours.instances for name, x, y, seen, score in i["shape"]["skeleton"] if seen}


def table(individuals, parts, coordinates, index, seed=1):
    """A table as DeepLabCut makes one, with a gap."""
    levels = ["scorer"] + (["individuals"] if individuals else []) + ["bodyparts", "coords"]
    columns = [("me", *who, part, c) for who in ([(i,) for i in individuals] or [()]) for part in parts
               for c in coordinates]
    values = np.random.default_rng(seed).uniform(0, 100, (len(index), len(columns)))
    values[1, :len(coordinates)] = np.nan
    return pd.DataFrame(values, index=index, columns=pd.MultiIndex.from_tuples(columns, names=levels))


def same(frame, ours, numbers):
    """Whether a table of DeepLabCut and what the tool reads are equal."""
    got = places(ours)
    count = 0
    several = "individuals" in frame.columns.names
    for row, number in enumerate(numbers):
        for column in {c[:-1] for c in frame.columns}:
            x, y = frame[(*column, "x")].iloc[row], frame[(*column, "y")].iloc[row]
            found = got.get((number, column[1] if several else "animal", column[-1]))
            if np.isnan(x):
                assert found is None
                continue
            count += 1
            assert near([x, y], list(found[:2])), f"{column} in {number}: {x}, {y} against {found}"
            if (*column, "likelihood") in frame.columns:
                assert near(frame[(*column, "likelihood")].iloc[row], found[2])
    assert count == len(got)


def check_analyses_are_read(scratch):
    for individuals in [[], ["mus1", "mus2"]]:
        frame = table(individuals, ["nose", "tail"], ["x", "y", "likelihood"], range(5))
        frame.to_csv(scratch / "videoDLC_resnet50.csv")
        same(frame, read(scratch / "videoDLC_resnet50.csv", scratch), range(5))


def check_label_sets_with_one_and_three_columns_are_read(scratch):
    names = ["img000.png", "img0012.png", "img7.png"]
    for individuals in [[], ["a", "b"]]:
        for index in [[f"labeled-data/clip/{n}" for n in names], [f"labeled-data\\clip\\{n}" for n in names],
                      pd.MultiIndex.from_tuples([("labeled-data", "clip", n) for n in names])]:
            frame = table(individuals, ["nose", "tail"], ["x", "y"], index)
            frame.to_csv(scratch / "CollectedData_me.csv")
            ours = read(scratch / "CollectedData_me.csv", scratch)
            same(frame, ours, [0, 12, 7])
            assert ours.videos[0]["name"] == "clip" and {i["origin"] for i in ours.instances} == {"human"}


def check_sleap_io_reads_label_sets_the_tool_writes(scratch):
    source = real("dreem-two-flies/two_flies.slp")
    convert(source, f"{scratch / 'a.csv'}:dlc")
    # The client leaves out rows whose image is not there.
    for image in pd.read_csv(scratch / "a.csv", header=[1, 2, 3], index_col=0).index:
        (scratch / image).parent.mkdir(parents=True, exist_ok=True)
        imageio.imwrite(scratch / image, np.zeros((4, 4), dtype=np.uint8))
    labels = load_dlc(str(scratch / "a.csv"), config=False)
    got = {(frame.frame_idx, i.track.name, node): point for frame in labels for i in frame.instances
           for node, point in zip(i.skeleton.node_names, i.numpy()) if not np.isnan(point).any()}
    want = places(read(source, scratch))
    assert got.keys() == want.keys()
    assert all(near(list(got[k]), list(want[k][:2])) for k in want)


def check_movement_reads_analyses_the_tool_writes(scratch):
    source = real("sleap-flies-clip/clip.predictions.slp")
    convert(source, f"{scratch / 'b.csv'}:dlc")
    poses = load_poses.from_file(str(scratch / "b.csv"), source_software="DeepLabCut")
    want = places(read(source, scratch))
    who = next(d for d in poses.position.dims if d.startswith("individual"))
    part = next(d for d in poses.position.dims if d.startswith("keypoint"))
    position = poses.position.transpose("time", who, part, "space").values
    confidence = poses.confidence.transpose("time", who, part).values
    names, parts = [[str(v) for v in poses.coords[d].values] for d in (who, part)]
    count = 0
    for frame, name, node in np.ndindex(position.shape[:3]):
        found = want.get((frame, names[name], parts[node]))
        assert (found is None) == bool(np.isnan(position[frame, name, node]).any())
        if found:
            count += 1
            assert near(list(position[frame, name, node].astype(float)), list(found[:2]), 1e-3)
            assert near(float(confidence[frame, name, node]), found[2], 1e-5)
    assert count == len(want)


def check_reads_what_movement_writes(scratch):
    convert(real("sleap-flies-clip/clip.predictions.slp"), f"{scratch / 'c.analysis.h5'}:sleap-h5")
    poses = load_poses.from_file(str(scratch / "c.analysis.h5"), source_software="SLEAP")
    save_poses.to_dlc_file(poses, str(scratch / "d.csv"), split_individuals=False)
    ours, want = places(read(scratch / "d.csv", scratch)), places(read(scratch / "c.analysis.h5", scratch))
    assert ours.keys() == want.keys()
    assert all(near(list(ours[k][:2]), list(want[k][:2]), 1e-3) for k in want)


def check_lightning_pose_is_read(scratch):
    poses = load_poses.from_numpy(np.random.default_rng(2).uniform(0, 99, (6, 2, 3, 1)),
                                  confidence_array=np.full((6, 3, 1), 0.75), keypoint_names=["a", "b", "c"],
                                  individual_names=["mouse"])
    save_poses.to_lp_file(poses, str(scratch / "lp.csv"))
    [path] = scratch.glob("lp*.csv")
    again = load_poses.from_file(str(path), source_software="LightningPose")
    part = next(d for d in again.position.dims if d.startswith("keypoint"))
    who = next(d for d in again.position.dims if d.startswith("individual"))
    want = again.position.transpose("time", who, part, "space").values[:, 0]
    got = places(read(path, scratch))
    for frame in range(6):
        for node, name in enumerate("abc"):
            assert near(list(want[frame, node].astype(float)), list(got[frame, "animal", name][:2]), 1e-4)
