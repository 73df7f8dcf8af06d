"""The real program beside a PostgreSQL, for tests that know it only from outside.

As a module: `with Server(binary) as server`. As a program, for tests in another language: prints a
line of JSON with the address and an API key, then obeys the lines `renew`, `kill`, `start` and end of
file on its input, each answered with a line. It serves from the first `renew` on.
"""
import contextlib
import json
import os
import pathlib
import pwd
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import uuid

SERVING = re.compile(r"serving on port (\d+); health and metrics on port (\d+)")


def run(*words, **options):
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, words))}: {done.stdout}")
    return done.stdout


class Postgres:
    """A database of our own: in the server of SWITCHBOARD_TEST_POSTGRES, or in one made for us."""

    def __init__(self, folder):
        self.process = None
        self.bin = max(pathlib.Path("/usr/lib/postgresql").glob("*/bin/postgres")).parent
        self.name = f"switchboard_contract_{uuid.uuid4().hex}"
        self.server = os.environ.get("SWITCHBOARD_TEST_POSTGRES") or self.start(folder)
        self.sql(f"CREATE DATABASE {self.name}")
        self.url = f"{self.server} dbname={self.name}"

    def start(self, folder):
        as_user = ["setpriv", "--pdeathsig", "INT"]
        if os.geteuid() == 0:  # it refuses to run as root
            user = pwd.getpwnam("postgres")
            os.chown(folder, user.pw_uid, user.pw_gid)
            as_user += ["--reuid=postgres", "--regid=postgres", "--init-groups"]
        log = open(folder / "postgres.log", "w")
        run(*as_user, self.bin / "initdb", "-D", folder / "data", "-U", "switchboard", "--auth=trust",
            "-E", "UTF8", "--locale=C.UTF-8", "-N", cwd="/")
        self.process = subprocess.Popen(
            [*as_user, self.bin / "postgres", "-D", folder / "data", "-c", "listen_addresses=",
             "-c", f"unix_socket_directories={folder}", "-c", "fsync=off"],
            cwd="/", stdout=log, stderr=log)
        server = f"host={folder} user=switchboard dbname=postgres"
        while subprocess.run([self.bin / "pg_isready", "-q", "-h", folder]).returncode != 0:
            if self.process.poll() is not None:
                raise RuntimeError((folder / "postgres.log").read_text())
        return server

    def sql(self, *statements, inside=False):
        """In the server, or inside our database."""
        each = [word for statement in statements for word in ("-c", statement)]
        run(self.bin / "psql", "-XAtqd", self.url if inside else self.server, *each)

    @property
    def template(self):
        return f"{self.name}_template"

    def keep_as_template(self):
        """The database as it is now becomes what copy_template() brings back. Nobody may use it."""
        self.sql(f"ALTER DATABASE {self.name} RENAME TO {self.template}")

    def copy_template(self):
        self.sql(self.removal(self.name), f"CREATE DATABASE {self.name} TEMPLATE {self.template}")

    def removal(self, name):
        return f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"

    def stop(self):
        if self.process is None:
            self.sql(self.removal(self.name), self.removal(self.template))
        else:
            self.process.send_signal(2)  # fast shutdown
            self.process.wait()


class Server:
    """`switchboard serve` with the demo's tenant. It keeps its ports when it is started again."""

    def __init__(self, binary):
        self.binary = binary
        self.process = None
        self.reader = None
        self.postgres = None

    def __enter__(self):
        with contextlib.ExitStack() as on_failure:
            on_failure.callback(self.__exit__)
            self.folder = pathlib.Path(tempfile.mkdtemp(prefix="switchboard-contract-"))
            self.folder.chmod(0o711)
            (self.folder / "pg").mkdir(mode=0o700)
            self.node_folder = self.folder / "node"
            self.node_folder.mkdir()
            keys = self.folder / "visitor_keys"
            keys.touch(mode=0o600)
            keys.write_text(f"first {secrets.token_urlsafe(48)}\n")
            self.postgres = Postgres(self.folder / "pg")
            self.environment = {
                **{name: value for name, value in os.environ.items()
                   if not name.startswith("SWITCHBOARD_")},
                "SWITCHBOARD_DATABASE_URL": self.postgres.url,
                "SWITCHBOARD_AUTH_VISITOR_KEYS_FILE": str(keys),
                "SWITCHBOARD_NODE_STATE_DIR": str(self.node_folder),
                "SWITCHBOARD_HTTP_PORT": "0",
                "SWITCHBOARD_OPS_PORT": "0",
                "SWITCHBOARD_LOG_FORMAT": "text",
                "SWITCHBOARD_NODE_IO_THREADS": "4",
                # All tests are one address, and one agent, at whatever speed the machine has.
                "SWITCHBOARD_LIMITS_ADDRESS_SOCKETS_PER_SECOND": "0",
                "SWITCHBOARD_LIMITS_AGENT_COMMANDS_PER_SECOND": "0",
                "SWITCHBOARD_LIMITS_REST_REQUESTS_PER_SECOND": "100000",
            }
            self.command("migrate", "up")
            self.start()
            self.command("demo")  # stores the origin of our port; nobody is served yet
            on_failure.pop_all()
        return self

    def __exit__(self, *_):
        self.kill()
        if self.postgres:
            self.postgres.stop()
        shutil.rmtree(self.folder)

    @property
    def log(self):
        return self.folder / "log"

    @property
    def origin(self):
        return f"http://127.0.0.1:{self.port}"

    def command(self, *words):
        return run(self.binary, *words, env=self.environment)

    def start(self):
        """Returns once it serves."""
        self.process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", self.binary, "serve"],
            env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        said = ""
        for line in self.process.stdout:
            said += line
            if found := SERVING.search(line):
                break
        else:
            self.process.wait()
            self.process = None
            raise RuntimeError(said)
        # Somebody must read on, or the program would wait for us one day.
        self.reader = subprocess.Popen(["tee", "-a", self.log], stdin=self.process.stdout, stdout=sys.stderr)
        self.process.stdout.close()
        self.port = int(found[1])
        self.environment["SWITCHBOARD_HTTP_PORT"] = found[1]
        self.environment["SWITCHBOARD_OPS_PORT"] = found[2]

    def key_of_settings(self):
        """An API key that may change how the demo's tenant is configured."""
        return self.command("key", "create", "--tenant", "demo", "--name", "tests",
                            "--scope", "configuration:write").strip()

    def keep_as_template(self):
        """Ends the program; renew() begins again with what is stored now."""
        self.kill()
        self.postgres.keep_as_template()

    def renew(self):
        """As a server that was just set up, at the same address."""
        self.kill()
        self.postgres.copy_template()
        shutil.rmtree(self.node_folder)
        self.node_folder.mkdir()
        self.start()

    def kill(self):
        """As at a power cut: nothing is said or written any more."""
        if self.process is None:
            return
        self.process.kill()
        self.process.wait()
        self.process = None
        self.reader.wait()


def main():
    with Server(sys.argv[1]) as server:
        key = server.key_of_settings()
        server.keep_as_template()
        print(json.dumps({"origin": server.origin, "key": key}), flush=True)
        obey = {"renew": server.renew, "kill": server.kill, "start": server.start}
        for line in sys.stdin:
            obey[line.strip()]()
            print("done", flush=True)


if __name__ == "__main__":
    main()
