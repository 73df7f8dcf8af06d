"""The processes under test, as direct children: each kill is seen at once, and nothing is left."""
import asyncio
import ctypes
import json
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time

IS_ROOT = os.geteuid() == 0  # PostgreSQL refuses to run as root
START_MAX = 60  # seconds
# Load is what is wanted here; the limits have tests of their own.
LIMITS = ("VISITOR_MESSAGES_PER_SECOND", "VISITOR_MESSAGES_PER_MINUTE", "AGENT_COMMANDS_PER_SECOND",
          "ADDRESS_SOCKETS", "ADDRESS_SOCKETS_PER_SECOND")


def die_with_us():
    ctypes.CDLL(None).prctl(1, signal.SIGQUIT)  # PR_SET_PDEATHSIG; PostgreSQL takes its own along


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Postgres:
    """A cluster of its own that flushes: what it says is stored survives kill -9 of all of it."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="switchboard-chaos-"))
        self.user = {}
        if IS_ROOT:
            user = pwd.getpwnam("postgres")
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self.user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        self.bin = max(
            pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name)
        )
        self.data = self.folder / "data"
        self.log = open(self.folder / "postgres.log", "ab")
        self.run("initdb", "-D", self.data, "-U", "switchboard", "--auth=trust", "-E", "UTF8",
                 "--locale=C.UTF-8", "-N")
        self.process = None
        self.start()

    def run(self, program, *arguments):
        subprocess.run([self.bin / program, *arguments], check=True, cwd="/", stdin=subprocess.DEVNULL,
                       stdout=self.log, stderr=self.log, **self.user)

    def spawn(self):
        settings = {
            "listen_addresses": "", "unix_socket_permissions": "0700",
            "unix_socket_directories": self.folder, "fsync": "on", "full_page_writes": "on",
            "synchronous_commit": "on", "log_error_verbosity": "terse", "shared_buffers": "64MB",
            "track_commit_timestamp": "on",
        }
        words = [f"-c{name}={value}" for name, value in settings.items()]
        self.process = subprocess.Popen(
            [self.bin / "postgres", "-D", self.data, *words], cwd="/", stdin=subprocess.DEVNULL,
            stdout=self.log, stderr=self.log, preexec_fn=die_with_us, **self.user)

    def start(self):
        """Until it answers. After a kill the old backends may hold the shared memory for a moment;
        a new postmaster then gives up, and is started again."""
        self.spawn()
        until = time.monotonic() + START_MAX
        ready = [self.bin / "pg_isready", "-q", "-h", self.folder, "-U", "switchboard"]
        while subprocess.run(ready, cwd="/", check=False).returncode != 0:
            if time.monotonic() > until:
                raise RuntimeError(f"PostgreSQL does not start: see {self.folder}")
            if self.process.poll() is not None:
                self.spawn()
            time.sleep(0.01)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop_writers(self):
        """Those who carry out batches stand still, as on a disk that does not answer, and nobody
        can take their place; who else is connected goes on."""
        pids = [self.process.pid] + [row["pid"] for row in self.rows(
            "SELECT pid FROM pg_stat_activity WHERE query LIKE 'SELECT commit_batches%'")]
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        return pids

    def connection(self):
        return f"host={self.folder} user=switchboard dbname=switchboard"

    def execute(self, sql):
        done = subprocess.run(
            [self.bin / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", self.connection(), "-c", sql],
            cwd="/", capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        return done.stdout

    def rows(self, sql):
        return json.loads(self.execute(f"SELECT coalesce(json_agg(t), '[]') FROM ({sql}) t"))

    def remove(self):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class Server:
    """The program under test. `stop_at` is for switchboard_stoppable alone."""

    def __init__(self, program, database, folder):
        self.program = program
        self.folder = folder
        self.port = free_port()
        keys = folder / "visitor_keys"
        keys.write_text("first " + "k" * 48 + "\n")
        keys.chmod(0o600)
        (folder / "node").mkdir()
        self.environment = {
            **{name: value for name, value in os.environ.items()
               if name == "PATH" or name.endswith("SAN_OPTIONS")},
            "SWITCHBOARD_DATABASE_URL": database,
            "SWITCHBOARD_AUTH_VISITOR_KEYS_FILE": str(keys),
            "SWITCHBOARD_NODE_STATE_DIR": str(folder / "node"),
            "SWITCHBOARD_NODE_NAME": "chaos",
            "SWITCHBOARD_NODE_IO_THREADS": "2",
            "SWITCHBOARD_HTTP_PORT": str(self.port),
            "SWITCHBOARD_OPS_PORT": "0",
            "SWITCHBOARD_LOG_FORMAT": "text",
        } | {f"SWITCHBOARD_LIMITS_{limit}": "0" for limit in LIMITS}
        self.log_path = folder / "server.log"
        self.process = None

    def run(self, *words, typed=""):
        """What it prints."""
        done = subprocess.run([self.program, *words], check=True, env=self.environment, cwd="/",
                              input=typed, stdout=subprocess.PIPE, text=True)
        return done.stdout

    def start(self, stop_at=None):
        environment = dict(self.environment)
        if stop_at is not None:
            environment["SWITCHBOARD_STOP_AT"] = stop_at
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                [self.program, "serve"], env=environment, cwd="/", stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, preexec_fn=die_with_us)

    async def wait_until_open(self):
        until = time.monotonic() + START_MAX
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                writer.close()
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError(f"the server does not start: see {self.log_path}") from None
                await asyncio.sleep(0.01)

    async def wait_until_stopped(self):
        """True when it stopped at a point, False when it ended."""
        _, status = await asyncio.to_thread(os.waitpid, self.process.pid, os.WUNTRACED)
        if not os.WIFSTOPPED(status):
            self.process.returncode = -1
        return os.WIFSTOPPED(status)

    def kill(self):
        if self.process is None or self.process.returncode is not None:
            return
        self.process.kill()
        self.process.wait()
