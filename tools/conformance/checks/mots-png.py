"""MOTS label images: 16-bit PNG by Pillow, decoded by Pillow and by tifffile's neighbour imagecodecs."""

import imagecodecs
import numpy
import PIL.Image

from common import Unavailable, convert, read, write_lines
from importlib.metadata import version
import masks

CLIENT = f"Pillow {PIL.__version__}, imagecodecs {version('imagecodecs')}"


def check_reads_images_of_pillow(scratch):
    pictures = masks.draw([1001, 1002, 2007, 10000], 5, 60, 80)
    folder = scratch / "0002"
    folder.mkdir()
    for frame, picture in enumerate(pictures):
        PIL.Image.fromarray(picture).save(folder / f"{frame:06d}.png")
    labels = read(folder, scratch)
    masks.compare(labels, pictures)
    assert {t["id"]: t["class"] for t in labels.tracks} == {
        "1001": "car", "1002": "car", "2007": "pedestrian", "10000": ""}
    ignored = [t["id"] for t in labels.tracks if t.get("attributes", {}).get("ignore") == "true"]
    assert ignored == ["10000"]


def check_pillow_and_imagecodecs_read_ours(scratch):
    pictures = masks.draw([1, 2, 3], 5, 60, 80)
    write_lines(scratch / "in.jsonl", masks.lines(pictures, {1: "dog", 2: "cat", 3: "dog"}))
    convert(f"{scratch / 'in.jsonl'}:jsonl", f"{scratch / 'out'}:mots-png")
    names = (scratch / "out" / "instances" / "labels.txt").read_text().split()
    files = sorted((scratch / "out" / "instances").glob("*.png"))
    assert [f.name for f in files] == [f"{n:06d}.png" for n in range(1, 6)]
    wanted = {1: "dog", 2: "cat", 3: "dog"}
    objects = {}
    for picture, file in zip(pictures, files):
        image = numpy.array(PIL.Image.open(file))
        assert image.dtype == numpy.uint16 and PIL.Image.open(file).mode == "I;16"
        assert (image == imagecodecs.imread(file.read_bytes())).all()
        for value in (1, 2, 3):
            numbers = numpy.unique(image[picture == value])
            assert len(numbers) <= 1 and ((image > 0) == (picture > 0)).all()
            for number in numbers:
                assert names[number // 1000 - 1] == wanted[value]
                assert objects.setdefault(value, number) == number
    assert len(set(objects.values())) == 3


def check_datumaro_reads_ours(scratch):
    try:
        import datumaro
        from datumaro.plugins.data_formats.mots import MotsPngExtractor
    except ImportError as error:
        raise Unavailable(f"datumaro: {error}")
    pictures = masks.draw([1, 2, 3], 4, 60, 80)
    write_lines(scratch / "in.jsonl", masks.lines(pictures, {1: "dog", 2: "cat", 3: "dog"}))
    convert(f"{scratch / 'in.jsonl'}:jsonl", f"{scratch / 'out'}:mots-png")
    found = MotsPngExtractor(str(scratch / "out"))
    names = [label.name for label in found.categories()[datumaro.AnnotationType.label].items]
    # By class and object number, in the order in which the tracks come.
    values = {("dog", 1): 1, ("cat", 1): 2, ("dog", 2): 3}
    for item, picture in zip(sorted(found, key=lambda item: item.id), pictures, strict=True):
        image = numpy.zeros(picture.shape, int)
        for annotation in item.annotations:
            image[annotation.image > 0] = values[names[annotation.label], int(annotation.attributes["track_id"])]
        assert (image == picture).all(), item.id
