"""The client of tests/contract, for who needs no more than a command and its answer."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "contract"))
from client import Client, Refused, post, uuid7  # noqa: E402

__all__ = ["Client", "Refused", "post", "uuid7"]
