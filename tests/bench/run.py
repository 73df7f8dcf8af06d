#!/usr/bin/env python3
"""Measures a server: throw-away PostgreSQL whose flushes take a set time, server, load, one table.

    run.py --server build/release/switchboard --load build/release/tests/bench_load \\
           --shim build/release/tests/libflush_shim.so

runs what docs/performance.md reports, each three times, and prints medians. --smoke: one short round
of each kind, for correctness alone. Needs root or the user of a PostgreSQL installation.
"""
import argparse
import base64
import contextlib
import ctypes
import glob
import hashlib
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
BIN = sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1]
AGENTS, SLOTS = 50, 4
ORIGIN = "http://bench.test"
POSTGRES = [
    "-c", "listen_addresses=", "-c", "max_connections=50", "-c", "shared_buffers=256MB",
    "-c", "max_wal_size=4GB", "-c", "track_wal_io_timing=on", "-c", "log_error_verbosity=terse",
]  # fmt: skip
# The limits of how much one person or address may do, lifted; 0 is none.
RATES = {
    "LIMITS_VISITOR_MESSAGES_PER_SECOND": 0, "LIMITS_VISITOR_MESSAGES_PER_MINUTE": 0,
    "LIMITS_AGENT_COMMANDS_PER_SECOND": 0, "LIMITS_ADDRESS_SOCKETS": 0,
    "LIMITS_ADDRESS_SOCKETS_PER_SECOND": 0,
}  # fmt: skip
# Name, microseconds of a flush, arguments of the load.
ROUNDS = [
    ("saturated, flush 0.1 ms", 100, []),
    ("saturated, JSON", 100, ["--json"]),
    ("1,000/s, flush 0.1 ms", 100, ["--rate", "1000"]),
    ("5,000/s", 100, ["--rate", "5000"]),
    ("10,000/s", 100, ["--rate", "10000"]),
    ("20,000/s", 100, ["--rate", "20000"]),
    ("saturated, flush 1 ms", 1000, []),
    ("2,000/s, flush 1 ms", 1000, ["--rate", "2000"]),
]
SMOKE = [
    ("saturated", 100, ["--pairs", "20"]),
    ("saturated, JSON, 3 in flight", 100, ["--pairs", "20", "--json", "--in-flight", "3"]),
    ("500/s", 100, ["--pairs", "20", "--rate", "500"]),
]
PAIRS = 200
COLUMNS = [  # of the table: head, name in the load's output, digits, unit's size
    ("msg/s", "messages_per_s", 0, 1), ("CPU us", "servers_us", 1, 1), ("server", "server_us", 1, 1),
    ("pg", "postgres_us", 1, 1), ("client", "client_us", 1, 1),
    ("ack p50", "acknowledged_p50_us", 2, 1000), ("p99", "acknowledged_p99_us", 2, 1000),
    ("max ms", "acknowledged_max_us", 1, 1000), ("recv p50", "received_p50_us", 2, 1000),
    ("p99", "received_p99_us", 2, 1000), ("max ms", "received_max_us", 1, 1000),
    ("syncs/s", "wal_syncs_per_s", 0, 1), ("msg/sync", "messages_per_sync", 1, 1),
    ("flush ms", "flush_ms", 3, 1), ("WAL B", "wal_bytes", 0, 1),
]  # fmt: skip


def die_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def as_postgres(command):
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return command
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", *command]


def free_port():
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(what, is_there, process):
    for _ in range(600):
        if is_there():
            return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise SystemExit(f"{what} did not start")


class Postgres:
    """In memory; each flush takes `flush_us`."""

    def __init__(self, folder, shim, flush_us):
        self.run = folder / "run"
        self.run.mkdir()
        data = folder / "data"
        data.mkdir()
        library = shutil.copy(shim, folder / "shim.so")
        os.chmod(library, 0o755)
        if os.geteuid() == 0:
            for each in (self.run, data):
                shutil.chown(each, "postgres", "postgres")
        data.chmod(0o700)
        quiet = {"stdout": subprocess.DEVNULL, "cwd": folder}
        initdb = [f"{BIN}/initdb", "-D", data, "-U", "switchboard", "--auth=trust", "-E", "UTF8",
                  "--locale=C.UTF-8", "--data-checksums", "--no-sync"]  # fmt: skip
        subprocess.run(as_postgres(initdb), check=True, **quiet)
        environment = dict(os.environ, LD_PRELOAD=library, BENCH_FLUSH_US=str(flush_us))
        serve = [f"{BIN}/postgres", "-D", data, *POSTGRES, "-c", f"unix_socket_directories={self.run}"]
        self.log = open(folder / "postgres.log", "w")
        self.process = subprocess.Popen(
            as_postgres(serve), env=environment, cwd=folder, stdout=self.log, stderr=self.log,
            preexec_fn=die_with_parent,
        )  # fmt: skip
        self.url = f"host={self.run} user=switchboard dbname=switchboard"
        ask = [f"{BIN}/pg_isready", "-q", "-h", self.run, "-U", "switchboard"]
        wait_for("PostgreSQL", lambda: subprocess.run(ask).returncode == 0, self.process)
        subprocess.run([f"{BIN}/createdb", "-h", self.run, "-U", "switchboard", "switchboard"], check=True)

    def psql(self, *arguments):
        command = [f"{BIN}/psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", self.url, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait()


class Server:
    def __init__(self, folder, program, postgres):
        self.port, ops_port = free_port(), free_port()
        keys = folder / "visitor_keys"
        keys.write_text("first " + base64.b64encode(os.urandom(48)).decode() + "\n")
        keys.chmod(0o600)
        settings = {
            "HTTP_PORT": self.port, "OPS_PORT": ops_port, "DATABASE_URL": postgres.url,
            "AUTH_VISITOR_KEYS_FILE": keys, "LOG_LEVEL": "warn", **RATES,
        }  # fmt: skip
        self.environment = dict(os.environ)
        self.environment.update({f"SWITCHBOARD_{key}": str(value) for key, value in settings.items()})
        self.program = program
        self.call("migrate", "up")
        postgres.psql("-v", f"agents={AGENTS}", "-v", f"slots={SLOTS}", "-f", HERE / "seed.sql")
        self.process = subprocess.Popen([program, "serve"], env=self.environment, preexec_fn=die_with_parent)
        wait_for("the server", lambda: self.call("healthcheck", check=False) == 0, self.process)

    def call(self, *arguments, check=True):
        done = subprocess.run([self.program, *arguments], env=self.environment, check=check, capture_output=True)
        return done.returncode

    def tickets(self):
        """One for each agent; good for half a minute."""
        tickets = []
        for agent in range(1, AGENTS + 1):
            secret = hashlib.sha256(f"bench agent {agent}".encode()).digest()
            token = base64.urlsafe_b64encode(secret).decode().rstrip("=")
            tickets.append(self.ticket(token))
        return tickets

    def ticket(self, token):
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        fields = {"Cookie": f"__Host-switchboard={token}", "Content-Type": "application/json"}
        connection.request("POST", "/v1/ticket", "{}", fields)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise SystemExit(f"no ticket: {answer.status} {body!r}")
        return json.loads(body)["ticket"]

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait()


class Bench:
    """A server with its PostgreSQL, in a folder in memory that goes with them."""

    def __init__(self, options, flush_us):
        self.options = options
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="switchboard-bench.", dir="/dev/shm"))
        self.folder.chmod(0o711)
        self.written = 0
        self.server = self.postgres = None
        try:
            self.postgres = Postgres(self.folder, options.shim, flush_us)
            self.server = Server(self.folder, options.server, self.postgres)
        except BaseException:
            self.stop()
            raise

    def load(self, arguments, tickets=()):
        command = [
            self.options.load, "--port", self.server.port, "--server", self.server.process.pid,
            "--postgres", self.postgres.process.pid, "--database", self.postgres.url, *arguments,
        ]  # fmt: skip
        done = subprocess.run(
            [str(word) for word in command], input="\n".join(tickets), capture_output=True, text=True
        )
        if done.returncode != 0:
            raise SystemExit(f"{done.stdout}{done.stderr}FAILED: {arguments}")
        return {name: float(value) for name, value in (line.split() for line in done.stdout.splitlines())}

    def talk(self, arguments):
        times = ["--seconds", self.options.seconds, "--warm-up", self.options.warm_up]
        reading = self.load([*times, *arguments], self.server.tickets())
        reading["servers_us"] = reading["server_us"] + reading["postgres_us"]
        pairs = int(arguments[arguments.index("--pairs") + 1]) if "--pairs" in arguments else PAIRS
        self.written += int(reading["messages"]) + pairs
        return reading

    def check(self):
        """Everything that was acknowledged is in the database, once, and nothing else."""
        stored = int(self.postgres.psql("-c", "SELECT count(*) FROM entry WHERE client_message_id IS NOT NULL"))
        if stored != self.written:
            raise SystemExit(f"FAILED: {self.written} messages were acknowledged, {stored} are stored")
        gaps = self.postgres.psql("-c", "SELECT count(*) FROM (SELECT FROM entry GROUP BY tenant_id, "
                                  "conversation_id HAVING max(seq) <> count(*) OR min(seq) <> 1) broken")  # fmt: skip
        if gaps != "0":
            raise SystemExit(f"FAILED: {gaps} conversations have gaps")

    def stop(self):
        code = self.server.stop() if self.server else 0
        if self.postgres:
            self.postgres.stop()
        shutil.rmtree(self.folder)
        return code


def say_where(options):
    def said(*command):
        done = subprocess.run(command, capture_output=True, text=True, cwd=HERE)
        return done.stdout.strip()

    model = next((line.split(": ")[1] for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
    print(f"commit {said('git', 'rev-parse', '--short', 'HEAD')}, {os.cpu_count()} cores of {model.strip()}, "
          f"{said(BIN + '/postgres', '--version')}, load {os.getloadavg()[0]:.1f}")  # fmt: skip
    print(f"{AGENTS} agents x {SLOTS} slots; {' '.join(f'{key}={value}' for key, value in RATES.items())}")
    print("command: run.py", " ".join(sys.argv[1:]))


def median(readings, name):
    return statistics.median(reading[name] for reading in readings)


def print_table(rows):
    print(f"{'':30}" + "".join(f"{head:>10}" for head, *_ in COLUMNS))
    for name, readings in rows.items():
        cells = (f"{median(readings, key) / unit:10.{digits}f}" for _, key, digits, unit in COLUMNS)
        print(f"{name:30}" + "".join(cells))


def run_talks(options, rounds, rows):
    for flush_us in sorted({flush for _, flush, _ in rounds}):
        bench = Bench(options, flush_us)
        try:
            for number in range(options.rounds):
                for name, flush, arguments in rounds:
                    if flush != flush_us:
                        continue
                    reading = bench.talk(arguments)
                    rows.setdefault(name, []).append(reading)
                    print(f"round {number + 1}: {name}: {reading['messages_per_s']:.0f}/s, "
                          f"{reading['servers_us']:.1f} us, load {os.getloadavg()[0]:.1f}", flush=True)  # fmt: skip
            bench.check()
        finally:
            code = bench.stop()
        if code != 0:
            raise SystemExit(f"FAILED: the server ended with {code}")


def run_idle(options):
    readings = []
    for _ in range(options.rounds):
        bench = Bench(options, 100)
        try:
            readings.append(bench.load(["--idle", options.idle]))
        finally:
            bench.stop()
    print(f"{options.idle} idle visitors: {median(readings, 'idle_bytes') / 1024:.1f} KiB each, "
          f"{median(readings, 'handshakes_per_s'):.0f} handshakes/s")  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("server", "load", "shim"):
        parser.add_argument(f"--{name}", required=True, type=lambda path: str(pathlib.Path(path).resolve()))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--warm-up", type=float, default=2)
    parser.add_argument("--idle", type=int, default=15000, help="connections; 0: leave that out")
    parser.add_argument("--only", default="", help="rounds whose name has this in it")
    parser.add_argument("--smoke", action="store_true")
    options = parser.parse_args()
    if options.smoke:
        options.rounds, options.seconds, options.warm_up, options.idle = 1, 0.5, 0.2, 100
    say_where(options)
    chosen = [each for each in (SMOKE if options.smoke else ROUNDS) if options.only in each[0]]
    rows = {}
    run_talks(options, chosen, rows)
    print_table(rows)
    if options.idle:
        run_idle(options)


if __name__ == "__main__":
    main()
