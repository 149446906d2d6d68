"""Labels of sleap-io beside those the tool reads: what the checks of SLEAP's formats share."""

import math

import numpy as np
import sleap_io as sio

from common import near


def joints_of_client(instance):
    """Places as the tool counts them, None for a joint without coordinates."""
    scores = instance.points["score"] if "score" in instance.points.dtype.names else [math.nan] * len(instance.points)
    return [
        None if np.isnan(point["xy"]).any()
        else (float(point["xy"][0]) + 0.5, float(point["xy"][1]) + 0.5, 2 if point["visible"] else 1,
              None if math.isnan(score) else float(score))
        for point, score in zip(instance.points, scores)
    ]


def joints_of_tool(instance):
    return [None if seen == 0 else (x, y, seen, score) for _, x, y, seen, score in instance["shape"]["skeleton"]]


def key(joints):
    return [(-1, -1) if joint is None else joint[:2] for joint in joints]


def same_joints(a, b):
    for one, other in zip(a, b, strict=True):
        assert (one is None) == (other is None), f"{one} against {other}"
        if one is not None:
            assert near(one[:2], other[:2]) and one[2] == other[2], f"{one} against {other}"
            assert (one[3] is None) == (other[3] is None), f"{one} against {other}"
            assert one[3] is None or near(one[3], other[3], 1e-6), f"{one} against {other}"


def same_labels(labels, ours):
    """Whether the client's labels and the tool's hold the same skeletons."""
    assert len(labels.videos) == len(ours.videos)
    for number, video in enumerate(labels.videos):
        frames = [frame for frame in labels if frame.video is video]
        for frame in frames:
            theirs = sorted(
                ((joints_of_client(i), i.track.name if i.track else None, i) for i in frame.instances),
                key=lambda entry: key(entry[0]))
            mine = sorted((i for i in ours.at(frame.frame_idx, number) if "skeleton" in i["shape"]),
                          key=lambda i: key(joints_of_tool(i)))
            assert len(theirs) == len(mine), f"frame {frame.frame_idx}: {len(theirs)} against {len(mine)}"
            for (joints, track, instance), other in zip(theirs, mine):
                same_joints(joints, joints_of_tool(other))
                known = ours.track(other["track"], number)
                assert (track or known["id"]) == known["id"] and (track is None) != known.get("tracked", True)
                predicted = isinstance(instance, sio.PredictedInstance)
                assert other["origin"] == ("model" if predicted else "human")
                if predicted and not math.isnan(instance.score):
                    assert near(float(instance.score), other["confidence"], 1e-6)
    for skeleton in labels.skeletons:
        category = next(c for c in ours.categories if c["name"] == skeleton.name)
        assert category["joints"] == skeleton.node_names
        assert sorted(map(tuple, category.get("edges", []))) == sorted(map(tuple, skeleton.edge_inds))


def sample():
    """Two videos, a person's and predicted instances, hidden and missing joints, nobody's track, symmetries."""
    skeleton = sio.Skeleton(["head", "left", "right", "tail"], name="fly",
                            edges=[("head", "tail"), ("head", "left"), ("head", "right")],
                            symmetries=[("left", "right")])
    other = sio.Skeleton(["a"], name="dot")
    tracks = [sio.Track("one"), sio.Track("two")]
    videos = [sio.Video("/elsewhere/a.mp4", open_backend=False), sio.Video("C:\\data\\b.mp4", open_backend=False)]

    def person(shift, track, **more):
        instance = sio.Instance.from_numpy(
            np.array([[10, 20], [12.25, np.nan], [14, 22], [30, 40]]) + shift, skeleton=skeleton, track=track, **more)
        instance.points["visible"][2] = False
        return instance

    def model(shift, track, score):
        return sio.PredictedInstance.from_numpy(
            np.array([[11.5, 20], [12, 21], [np.nan, np.nan], [31, 41]]) + shift, skeleton=skeleton,
            point_scores=np.array([0.5, 1.25, 0.0, 0.75]), score=score, track=track)

    frames = [
        sio.LabeledFrame(video=videos[0], frame_idx=0, instances=[person(0, tracks[0]), model(50, tracks[1], 2.5)]),
        sio.LabeledFrame(video=videos[0], frame_idx=7, instances=[person(1, tracks[0]), person(90, None)]),
        sio.LabeledFrame(video=videos[0], frame_idx=9, instances=[]),
        sio.LabeledFrame(video=videos[1], frame_idx=3, instances=[
            model(4, tracks[0], 0.125),
            sio.Instance.from_numpy(np.array([[5.0, 6.0]]), skeleton=other, track=tracks[1])]),
    ]
    return sio.Labels(labeled_frames=frames, videos=videos, skeletons=[skeleton, other], tracks=tracks)
