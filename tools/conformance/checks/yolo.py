"""YOLO texts against supervision's loader and writer, and rows as ultralytics' `save_txt` formats them."""

import importlib.metadata

import cv2
import numpy
import supervision

from common import convert, near, read, write_lines

CLIENT = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ["supervision", "datumaro"])
SIZE = (200, 100)


def images(folder, stems):
    folder.mkdir(parents=True)
    for stem in stems:
        cv2.imwrite(str(folder / f"{stem}.jpg"), numpy.zeros((SIZE[1], SIZE[0], 3), numpy.uint8))


def rows(shapes, **more):
    lines = [{"type": "video", "video": 0, "name": "clip.mp4", "width": SIZE[0], "height": SIZE[1]}]
    for place, shape in enumerate(shapes):
        lines.append({"type": "track", "video": 0, "id": str(place + 5), "class": ["person", "car"][place % 2],
                      "tracked": more.get("tracked", False)})
        lines.append({"type": "instance", "video": 0, "track": str(place + 5), "frame": place, "shape": shape})
    return lines


def written(scratch, shapes, kind, **more):
    source = write_lines(scratch / "in.jsonl", rows(shapes, **more))
    convert(f"{source}:jsonl", f"{scratch / 'set'}:{kind}")
    images(scratch / "set" / "images", ["clip_1", "clip_2"])
    return scratch / "set"


def load(folder, **more):
    data = supervision.DetectionDataset.from_yolo(
        images_directory_path=str(folder / "images"), annotations_directory_path=str(folder / "labels"),
        data_yaml_path=str(folder / "data.yaml"), **more)
    assert data.classes == ["person", "car"]
    return {path.rsplit("/", 1)[1]: found for path, found in data.annotations.items()}


def check_it_reads_written_boxes_with_ids(scratch):
    shapes = [{"box": [10, 20, 30, 40]}, {"box": [50.5, 25, 20, 10]}]
    found = load(written(scratch, shapes, "yolo", tracked=True))
    assert near(found["clip_1.jpg"].xyxy[0].tolist(), [10, 20, 40, 60], 1e-3)
    assert near(found["clip_2.jpg"].xyxy[0].tolist(), [50.5, 25, 70.5, 35], 1e-3)
    assert list(found["clip_2.jpg"].class_id) == [1]


def check_it_reads_written_outlines(scratch):
    ring = [[10, 20], [40, 20], [40, 60]]
    found = load(written(scratch, [{"polygon": [[ring]]}, {"box": [50, 25, 20, 10]}], "yolo", tracked=True))
    assert near(found["clip_1.jpg"].xyxy[0].tolist(), [10, 20, 40, 60], 1e-3)
    assert found["clip_1.jpg"].mask[0].sum() > 500


def check_it_reads_written_turned_boxes(scratch):
    found = load(written(scratch, [{"rotated_box": [100, 50, 40, 20, 0.5]}] * 2, "yolo-obb"), is_obb=True)
    corners = found["clip_1.jpg"].data["xyxyxyxy"][0]
    along = corners[1] - corners[0]
    assert near(float(numpy.hypot(*along)), 40, 1e-2) and near(float(numpy.arctan2(along[1], along[0])), 0.5, 1e-3)


def check_it_reads_written_poses(scratch):
    pose = {"skeleton": [["head", 20, 30, 2, None], ["tail", 60, 50, 1, None]]}
    found = load(written(scratch, [pose, pose], "yolo-pose"))
    assert near(found["clip_1.jpg"].xyxy[0].tolist(), [20, 30, 60, 50], 1e-3)


def check_what_it_writes_is_read(scratch):
    images(scratch / "images", ["clip_1", "clip_2"])
    paths = [str(scratch / "images" / f"clip_{number}.jpg") for number in [1, 2]]
    box = supervision.Detections(xyxy=numpy.array([[10, 20, 40, 60.0]]), class_id=numpy.array([1]))
    data = supervision.DetectionDataset(
        classes=["person", "car"], images=paths, annotations={paths[0]: box, paths[1]: supervision.Detections.empty()})
    data.as_yolo(annotations_directory_path=str(scratch / "labels"), data_yaml_path=str(scratch / "data.yaml"))
    (scratch / "data.yaml").touch()
    labels = read(f"{scratch / 'data.yaml'}:yolo", scratch, size=SIZE)
    assert [t["class"] for t in labels.tracks] == ["car"]
    # It writes five decimals.
    assert labels.instances[0]["frame"] == 0 and near(labels.instances[0]["shape"]["box"], [10, 20, 30, 40], 4e-3)


def check_rows_of_ultralytics(scratch):
    def line(*values):
        return ("%g " * len(values)).rstrip() % values + "\n"

    folder = scratch / "labels"
    folder.mkdir()
    (folder / "clip_1.txt").write_text(line(0, 0.5, 0.5, 0.1, 0.2, 0.87654, 1) + line(1, 0.2, 0.5, 0.1, 0.2, 0.3))
    (folder / "clip_7.txt").write_text(line(0, 0.123456789, 0.5, 0.1, 0.2, 0.9, 1))
    labels = read(f"{folder}:yolo", scratch, size=SIZE)
    assert [(i["frame"], i["confidence"]) for i in labels.of("1")] == [(0, 0.87654), (6, 0.9)]
    assert near(labels.of("1")[1]["shape"]["box"][0], 0.123457 * 200 - 10, 1e-9)
    assert [t["tracked"] for t in labels.tracks] == [True, False]


def check_datumaro_reads_and_writes(scratch):
    import datumaro
    from datumaro.components.annotation import Bbox
    from datumaro.components.media import Image

    folder = written(scratch, [{"box": [10, 20, 30, 40]}, {"box": [50.5, 25, 20, 10]}], "yolo")
    found = {item.id: item.annotations[0] for item in datumaro.Dataset.import_from(str(folder), "yolo")}
    assert near(found["clip_1"].get_bbox(), [10, 20, 30, 40], 1e-3) and found["clip_1"].label == 0
    assert near(found["clip_2"].get_bbox(), [50.5, 25, 20, 10], 1e-3) and found["clip_2"].label == 1
    items = [datumaro.DatasetItem(
        id=f"clip_{number}", subset="train", media=Image.from_numpy(numpy.zeros((SIZE[1], SIZE[0], 3), numpy.uint8)),
        annotations=[Bbox(10 * number, 2, 30, 40, label=1)]) for number in [1, 2]]
    theirs = datumaro.Dataset.from_iterable(items, categories=["ant", "bee"])
    theirs.export(str(scratch / "theirs"), "yolo", save_media=True)
    labels = read(f"{scratch / 'theirs'}:yolo", scratch, size=SIZE)
    assert [t["class"] for t in labels.tracks] == ["bee", "bee"]
    assert [i["frame"] for i in labels.instances] == [0, 1]
    assert near(labels.instances[1]["shape"]["box"], [20, 2, 30, 40], 4e-3)
