"""Both subprotocols, spoken as one: frames are dictionaries in the JSON mapping."""
import importlib
import json
import os
import pathlib
import subprocess
import sys
import time

PROTO = pathlib.Path(__file__).resolve().parents[3] / "proto"


class Json:
    name = "switchboard.v1.json"

    def encode(self, frames):
        return json.dumps({"frames": frames})

    def decode(self, message):
        return json.loads(message).get("frames", [])


class Binary:
    name = "switchboard.v1.proto"

    def __init__(self, folder):
        """Generates the messages into the folder."""
        files = sorted(str(path) for path in PROTO.rglob("*.proto"))
        subprocess.run(["protoc", f"-I{PROTO}", f"--python_out={folder}", *files], check=True)
        sys.path.insert(0, str(folder))
        self.messages = importlib.import_module("switchboard.v1.frames_pb2")
        self.mapping = importlib.import_module("google.protobuf.json_format")

    def encode(self, frames):
        made = self.mapping.ParseDict({"frames": frames}, self.messages.ClientFrames())
        return made.SerializeToString()

    def decode(self, message):
        read = self.messages.ServerFrames.FromString(message)
        return self.mapping.MessageToDict(read).get("frames", [])


def message_id():
    """A UUIDv7 of now."""
    milliseconds = time.time_ns() // 1_000_000
    bits = milliseconds << 80 | 7 << 76 | int.from_bytes(os.urandom(10), "big") & ~(0xF << 76)
    bits = bits & ~(0b11 << 62) | 0b10 << 62
    text = f"{bits:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
