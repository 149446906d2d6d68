"""CVML has no client to be had: the real files against plain arithmetic on the parsed XML."""

import xml.etree.ElementTree as tree

from common import DATA, Unavailable, convert, near, read, write_lines

CLIENT = "xml.etree (no client on PyPI)"


def boxes(path):
    found = {}
    for frame in tree.parse(path).getroot().iter("frame"):
        for entry in frame.iter("object"):
            box = {key: float(value) for key, value in entry.find("box").attrib.items()}
            found[int(frame.get("number")), entry.get("id")] = [
                box["xc"] - box["w"] / 2, box["yc"] - box["h"] / 2, box["w"], box["h"]]
    return found


def check_real_files_are_read_and_come_back(scratch):
    for name in ["PETS2009-S2L1.xml", "PETS2009-S2L1-cropped.xml"]:
        path = DATA / "pets09-s2l1" / name
        if not path.exists():
            raise Unavailable("the folder of real data is missing")
        theirs = boxes(path)
        labels = read(path, scratch)
        assert len(labels.instances) == len(theirs)
        for instance in labels.instances:
            assert near(instance["shape"]["box"], theirs[instance["frame"], instance["track"]], 1e-9)
        convert(path, f"{scratch / 'out.xml'}:cvml")
        again = boxes(scratch / "out.xml")
        assert again.keys() == theirs.keys() and all(near(again[key], theirs[key], 1e-9) for key in theirs)
