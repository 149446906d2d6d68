"""SLEAP's analysis HDF5 against sleap-io and movement."""

import itertools
import math

import h5py
import movement
import numpy as np
import sleap_io as sio
from movement.io import load_poses

from common import DATA, Unavailable, convert, near, read
from sleap_labels import same_labels, sample

CLIENT = f"sleap-io {sio.__version__}, movement {movement.__version__}"


def real(name):
    if not (DATA / name).exists():
        raise Unavailable(f"{name} is missing")
    return DATA / name


def places(ours, frames, tracks, nodes):
    """The coordinates the tool reads as an array over frame, track, node and xy."""
    result = np.full((frames, len(tracks), nodes, 2), np.nan)
    for instance in ours.instances:
        for node, (_, x, y, seen, _) in enumerate(instance["shape"]["skeleton"]):
            if seen:
                result[instance["frame"], tracks.index(instance["track"]), node] = x - 0.5, y - 0.5
    return result


def check_every_order_of_axes_is_read(scratch):
    labels = sio.load_slp(str(real("sleap-flies-clip/clip.predictions.slp")), open_videos=False)
    want = None
    orders = [{"preset": "matlab"}, {"preset": "standard"}]
    orders += [dict(zip(("frame_dim", "track_dim", "node_dim", "xy_dim"), order))
               for order in itertools.islice(itertools.permutations(range(4)), 0, 24, 5)]
    for order in orders:
        path = scratch / "a.analysis.h5"
        sio.save_analysis_h5(labels, str(path), **order)
        ours = read(f"{path}:sleap-h5", scratch)
        got = places(ours, 1500, ["female", "male"], 2)
        want = labels.numpy(video=labels.videos[0], return_confidence=False) if want is None else want
        np.testing.assert_allclose(got, want, atol=1e-4)
        scores = [i["confidence"] for i in ours.of("female")[:2]]
        assert near(scores, [0.68841993808746, 0.68841993808746], 1e-6)


def check_the_original_layout_without_dims_is_read(scratch):
    """As SLEAP's own exporter wrote it: no attributes, everything transposed."""
    tracks = np.arange(2 * 2 * 3 * 4, dtype=float).reshape(2, 2, 3, 4)
    tracks[1, :, :, 2] = np.nan
    with h5py.File(scratch / "a.h5", "w") as file:
        file.create_dataset("tracks", data=tracks, compression="gzip", compression_opts=9)
        file.create_dataset("track_occupancy", data=np.ones((4, 2), dtype="u1"), compression="gzip")
        file["track_names"] = [b"a", b"b"]
        file["node_names"] = [b"x", b"y", b"z"]
        file["edge_inds"] = [[0, 1], [1, 2]]
        file["edge_names"] = np.array([["x", "y"], ["y", "z"]], dtype="S1")
        file["point_scores"] = np.full((2, 3, 4), 0.5)
        file["instance_scores"] = np.array([[1.0, 2, 3, 4], [5, 6, 7, 8]])
        file["video_path"] = "/videos/x.mp4"
    ours = read(scratch / "a.h5", scratch)
    np.testing.assert_array_equal(places(ours, 4, ["a", "b"], 3), tracks.transpose(3, 0, 2, 1))
    assert [i["confidence"] for i in ours.of("b")] == [5, 6, 8]
    assert ours.categories[0]["edges"] == [[0, 1], [1, 2]] and ours.videos[0]["name"] == "x.mp4"


def check_sleap_io_reads_what_the_tool_writes(scratch):
    source = real("sleap-flies-clip/clip.predictions.slp")
    path = scratch / "b.analysis.h5"
    convert(source, f"{path}:sleap-h5")
    same_labels(sio.load_analysis_h5(str(path)), read(source, scratch))


def check_movement_reads_what_the_tool_writes(scratch):
    source = real("dreem-two-flies/two_flies.slp")
    path = scratch / "b.analysis.h5"
    convert(source, f"{path}:sleap-h5")
    poses = load_poses.from_file(str(path), source_software="SLEAP")
    individual = "individual" if "individual" in poses.dims else "individuals"
    names = [str(name) for name in poses.coords[individual].values]
    want = places(read(source, scratch), 128, names, 13)
    order = [d for d in poses.position.dims]
    keypoint = next(d for d in order if d.startswith("keypoint"))
    got = poses.position.transpose("time", individual, keypoint, "space").values
    np.testing.assert_allclose(got, want, atol=1e-3)


def check_several_skeletons_and_tracks_of_sleap_io(scratch):
    labels = sample()
    path = scratch / "c.analysis.h5"
    sio.save_analysis_h5(sio.Labels([f for f in labels if f.video is labels.videos[0]],
                                    videos=labels.videos[:1], skeletons=labels.skeletons[:1], tracks=labels.tracks),
                         str(path))
    ours = read(path, scratch)
    assert sorted({i["track"] for i in ours.instances}) == ["one", "two"]
    assert math.isclose(ours.of("two")[0]["confidence"], 2.5)
