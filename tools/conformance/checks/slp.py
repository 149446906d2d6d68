"""SLEAP .slp against sleap-io: files it writes are read alike, files the tool writes it reads alike."""

import numpy as np
import sleap_io as sio
from sleap_io.model.bbox import PredictedBoundingBox
from sleap_io.model.event import EventType, PredictedEvent, UserEvent
from sleap_io.model.mask import UserSegmentationMask

from common import DATA, Unavailable, convert, near, read, write_lines
from sleap_labels import same_labels, sample

CLIENT = f"sleap-io {sio.__version__}"

REAL = [
    "sleap-centered-pair/centered_pair_predictions.slp", "sleap-centered-pair/minimal_instance.slp",
    "sleap-flies-clip/clip.slp", "sleap-flies-clip/clip.2node.slp", "sleap-flies-clip/clip.predictions.slp",
    "dreem-two-flies/two_flies.slp", "dreem-two-flies/single_fly.slp",
    "dreem-two-flies/two_flies_noisy_detections.slp",
]


def check_reads_what_sleap_io_writes(scratch):
    labels = sample()
    labels.save(str(scratch / "a.slp"), verbose=False)
    ours = read(scratch / "a.slp", scratch)
    same_labels(labels, ours)
    assert [v["name"] for v in ours.videos] == ["a.mp4", "b.mp4"]
    assert ours.videos[0]["annotated"]["frames"] == [0, 7, 9]


def check_a_corrected_prediction_is_left_out(scratch):
    labels = sample()
    prediction = labels[0].instances[1]
    labels[0].instances.append(
        sio.Instance.from_numpy(prediction.numpy() + 1, skeleton=prediction.skeleton, from_predicted=prediction))
    labels.save(str(scratch / "a.slp"), verbose=False)
    ours = read(scratch / "a.slp", scratch)
    assert len(ours.at(0)) == 2 and all(i["origin"] == "human" for i in ours.at(0))


def check_real_files_are_read_as_sleap_io_reads_them(scratch):
    for name in REAL:
        if not (DATA / name).exists():
            raise Unavailable(f"{name} is missing")
        same_labels(sio.load_slp(str(DATA / name), open_videos=False), read(DATA / name, scratch))


def check_sleap_io_reads_real_files_written_again(scratch):
    for name in REAL:
        if not (DATA / name).exists():
            raise Unavailable(f"{name} is missing")
        convert(DATA / name, f"{scratch / 'b.slp'}:slp")
        again = sio.load_slp(str(scratch / "b.slp"), open_videos=False)
        same_labels(again, read(DATA / name, scratch))
        first = sio.load_slp(str(DATA / name), open_videos=False)
        assert [frame.frame_idx for frame in first] == [frame.frame_idx for frame in again]


def check_sleap_io_reads_boxes_masks_and_events(scratch):
    lines = [
        {"type": "video", "video": 0, "name": "clip.mp4", "width": 64, "height": 48, "frame_count": 20},
        {"type": "track", "video": 0, "id": "a", "class": "fly"},
        {"type": "instance", "video": 0, "track": "a", "frame": 2, "shape": {"box": [1, 2, 30, 40]}, "confidence": 0.5},
        {"type": "instance", "video": 0, "track": "a", "frame": 3, "shape": {"rotated_box": [20, 20, 8, 4, 0.5]}},
        {"type": "instance", "video": 0, "track": "a", "frame": 4,
         "shape": {"mask": {"left": 3, "top": 5, "width": 2, "height": 2, "runs": [0, 1, 1, 2]}}},
        {"type": "range", "video": 0, "start": 4, "end": 9, "name": "grooming"},
    ]
    convert(f"{write_lines(scratch / 'in.jsonl', lines)}:jsonl", f"{scratch / 'c.slp'}:slp")
    labels = sio.load_slp(str(scratch / "c.slp"), open_videos=False)
    by_frame = {frame.frame_idx: frame for frame in labels}
    box = by_frame[2].bboxes[0]
    assert near([box.x1, box.y1, box.x2, box.y2], [1, 2, 31, 42]) and near(box.score, 0.5)
    assert box.track.name == "a" and box.category.name == "fly"
    turned = by_frame[3].bboxes[0]
    assert near([turned.x1, turned.y1, turned.x2, turned.y2, turned.angle], [16, 18, 24, 22, 0.5])
    mask = by_frame[4].masks[0]
    assert mask.data.tolist() == [[True, False], [True, True]] and near(mask.offset, (3, 5))
    event = labels.events[0]
    assert (event.type.name, event.start_frame, event.end_frame) == ("grooming", 4, 8)


def check_reads_boxes_masks_and_events_of_sleap_io(scratch):
    labels = sample()
    track = labels.tracks[0]
    labels[0].bboxes.append(PredictedBoundingBox(x1=1, y1=2, x2=5, y2=8, score=0.75, track=None, category="fly"))
    picture = np.zeros((6, 9), dtype=bool)
    picture[2:4, 3:7] = True
    labels[1].masks.append(UserSegmentationMask.from_numpy(picture, category="fly"))
    kinds = [EventType("court"), EventType("rest")]
    labels.event_types.extend(kinds)
    labels.events.append(UserEvent(type=kinds[1], video=labels.videos[1], start_frame=2, end_frame=5, subject=track,
                                   metadata={"note": "x"}))
    labels.events.append(PredictedEvent(type=kinds[0], video=labels.videos[0], start_frame=0, end_frame=0, score=0.5))
    labels.save(str(scratch / "d.slp"), verbose=False)
    ours = read(scratch / "d.slp", scratch)
    box = next(i for i in ours.at(0) if "box" in i["shape"])
    assert box["shape"]["box"] == [1, 2, 4, 6] and box["confidence"] == 0.75 and box["origin"] == "model"
    mask = next(i for i in ours.at(7) if "mask" in i["shape"])["shape"]["mask"]
    assert mask == {"left": 3, "top": 2, "width": 4, "height": 2, "runs": [0, 8]}
    rest = next(r for r in ours.ranges if r["name"] == "rest")
    assert (rest["video"], rest["start"], rest["end"], rest["track"]) == (1, 2, 6, "one")
    assert rest["attributes"] == {"note": "x"} and rest["origin"] == "human"
    court = next(r for r in ours.ranges if r["name"] == "court")
    assert (court["start"], court["end"], court["confidence"], court["origin"]) == (0, 1, 0.5, "model")
