"""What a notebook would do: four numbers a frame with OpenCV or PyAV. Run by tools/bench.

    peer.py opencv|pyav VIDEO

Mean and deviation of the brightness, variance of the Laplacian, mean difference to the frame before.
"""

import sys

import cv2
import numpy as np


def opencv_frames(path):
    video = cv2.VideoCapture(path)
    while True:
        found, picture = video.read()
        if not found:
            return
        yield cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)


def pyav_frames(path):
    import av
    with av.open(path) as file:
        stream = file.streams.video[0]
        stream.thread_type = "AUTO"
        for frame in file.decode(stream):
            plane = frame.planes[0]
            rows = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)
            yield np.ascontiguousarray(rows[:frame.height, :frame.width])


def numbers(frames):
    previous = None
    for luma in frames:
        mean, deviation = cv2.meanStdDev(luma)
        _, edge = cv2.meanStdDev(cv2.Laplacian(luma, cv2.CV_16S))
        change = 0.0 if previous is None else cv2.norm(luma, previous, cv2.NORM_L1) / luma.size
        previous = luma
        yield mean.item(), deviation.item(), edge.item() ** 2, change


def main():
    kind, path = sys.argv[1:]
    frames = {"opencv": opencv_frames, "pyav": pyav_frames}[kind](path)
    print(sum(1 for _ in numbers(frames)))


main()
