"""SLEAP's JSON: the real file against the same labels as .slp, which sleap-io reads."""

import sleap_io as sio

from common import DATA, Unavailable, read
from sleap_labels import same_labels

CLIENT = f"sleap-io {sio.__version__} (of the same labels as .slp)"


def check_json_and_slp_of_the_same_labels_are_equal(scratch):
    folder = DATA / "sleap-centered-pair"
    if not folder.exists():
        raise Unavailable("sleap-centered-pair is missing")
    labels = sio.load_slp(str(folder / "minimal_instance.slp"), open_videos=False)
    same_labels(labels, read(folder / "minimal_instance.json", scratch))
