"""PoseTrack against its own tools, of which none is on PyPI: poseval and posetrack21 are on GitHub only."""

import importlib

from common import Unavailable

try:
    importlib.import_module("poseval.convert")
except ImportError:
    raise Unavailable("poseval and posetrack21 have no release on PyPI; the unit tests follow their files by hand")
