"""DIVE's JSON and VIAME's CSV: their parser is part of a server (Kitware/dive, server/dive_utils)."""

from common import Unavailable

raise Unavailable("DIVE and VIAME publish no reader on PyPI; the rules were checked against dive_utils by hand")
