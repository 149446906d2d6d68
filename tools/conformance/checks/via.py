"""VIA 3: the annotator is a web page and has no client."""

from common import Unavailable

raise Unavailable("VIA 3 publishes no reader of its project; shapes and times were checked against its source")
