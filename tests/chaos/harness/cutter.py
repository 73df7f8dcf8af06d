"""A TCP proxy that breaks connections in the middle of whatever they carry."""
import asyncio
import socket
import struct


class Cutter:
    def __init__(self, port, random):
        self.target = port
        self.random = random
        self.open = {}  # per connection: the bytes left until it is cut, None for ever; its sockets
        self.black = []  # connections that carry nothing any more, though nobody was told
        self.cuts = 0
        self.next = 0

    async def start(self):
        self.server = await asyncio.start_server(self.carry, "127.0.0.1", 0)
        return self.server.sockets[0].getsockname()[1]

    async def carry(self, reader, writer):
        try:
            there, onward = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.close()
            return
        self.next += 1
        number = self.next
        self.open[number] = [None, writer, onward]
        await asyncio.gather(self.pump(number, reader, onward), self.pump(number, there, writer))
        self.open.pop(number, None)

    async def pump(self, number, reader, writer):
        """One direction, until it ends or is cut: what was meant to come after is never seen."""
        try:
            while data := await reader.read(4096):
                if number not in self.open:
                    break
                left = self.open[number][0]
                if left is not None and left <= len(data):
                    writer.write(data[:left])
                    self.cut(number)
                    break
                if left is not None:
                    self.open[number][0] = left - len(data)
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        writer.close()

    def cut(self, number, by_reset=None):
        """Says goodbye to neither side; to both by a reset, or by the end of the stream."""
        _, *writers = self.open.pop(number)
        self.cuts += 1
        if by_reset is None:
            by_reset = self.random.random() < 0.5
        for writer in writers:
            if by_reset:
                writer.get_extra_info("socket").setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.close()

    def cut_from(self, address, by_reset):
        """All that come from this address."""
        for number in self.numbers_of(address):
            self.cut(number, by_reset)

    def swallow_from(self, address):
        """From now on nothing passes, in either direction, and both sides believe in the other."""
        for number in self.numbers_of(address):
            connection = self.open.pop(number)
            self.black.append(connection)
            for writer in connection[1:]:
                writer.transport.pause_reading()

    def numbers_of(self, address):
        return [number for number, (_, writer, _) in self.open.items()
                if writer.get_extra_info("peername")[0] == address]

    def arm(self):
        """One connection has only so many bytes more, in both directions together."""
        if not self.open:
            return
        number = self.random.choice(list(self.open))
        if self.open[number][0] is None:
            self.open[number][0] = int(self.random.expovariate(1 / 1500))

    def spare_all(self):
        for connection in self.open.values():
            connection[0] = None
