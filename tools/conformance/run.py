"""Runs the conformance checks and prints one line a check: passed, FAILED, or not to be had and why.

    run.py [--part PART] [--only FORMAT ...]

Status 1 where a check fails. What could not be had is printed and counted, never hidden.
"""

import argparse
import importlib.util
import pathlib
import sys
import tempfile
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from common import Unavailable  # noqa: E402


def load(path):
    spec = importlib.util.spec_from_file_location("check_" + path.stem.replace("-", "_"), path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--only", nargs="*", help="the names of the checks to run; all by default")
    arguments.add_argument("--part", default="heavy", help="which clients are installed")
    chosen = arguments.parse_args()
    only = chosen.only
    paths = sorted(pathlib.Path(__file__).parent.joinpath("checks").glob("*.py"))
    unknown = set(only or []) - {path.stem for path in paths}
    if unknown:
        sys.exit(f"there is no check called {', '.join(sorted(unknown))}")
    passed = failed = missing = left = 0
    for path in paths:
        if only and path.stem not in only:
            continue
        try:
            module = load(path)
        except ImportError as error:
            if chosen.part != "heavy":
                print(f"{path.stem:18} left to the other parts: {error}")
                left += 1
            else:
                print(f"{path.stem:18} not to be had: {error}")
                missing += 1
            continue
        except Unavailable as error:
            print(f"{path.stem:18} not to be had: {error}")
            missing += 1
            continue
        client = getattr(module, "CLIENT", "")
        for name in [name for name in vars(module) if name.startswith("check_")]:
            title = f"{path.stem:18} {name.removeprefix('check_').replace('_', ' '):52} {client}"
            with tempfile.TemporaryDirectory() as scratch:
                try:
                    getattr(module, name)(pathlib.Path(scratch))
                except Unavailable as error:
                    print(f"{title}: not to be had: {error}")
                    missing += 1
                except Exception as error:
                    print(f"{title}: FAILED: {error or type(error).__name__}")
                    if not isinstance(error, AssertionError):
                        traceback.print_exc()
                    failed += 1
                else:
                    print(f"{title}: passed")
                    passed += 1
    print(f"{passed} passed, {failed} failed, {missing} not to be had, {left} left to the other parts")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
