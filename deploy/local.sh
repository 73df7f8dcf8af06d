# What ./run and ./test share: the packages they need and a private PostgreSQL. Sourced, not run.

if [ -t 1 ]; then bold=$'\e[1m' plain=$'\e[0m'; else bold='' plain=''; fi
say() { printf '%s==> %s%s\n' "$bold" "$*" "$plain"; }
fail() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

packages_to_run=(
    build-essential cmake ninja-build pkg-config ca-certificates curl
    libboost1.81-dev libboost-json1.81-dev libboost-url1.81-dev libpqxx-dev libpq-dev
    libprotobuf-dev protobuf-compiler libspdlog-dev libcli11-dev libtomlplusplus-dev libvalijson-dev
    prometheus-cpp-dev libcurl4-openssl-dev zlib1g-dev libsodium-dev libssl-dev libjemalloc-dev
    libxxhash-dev postgresql
)
packages_to_test=(
    "${packages_to_run[@]}" libgtest-dev libgmock-dev libbenchmark-dev
    python3 python3-websockets python3-protobuf tini prometheus chromium-headless-shell
    clang-format-14 clang-tidy-14 clang-19 libclang-rt-19-dev llvm-19
)
command -v npm >/dev/null || packages_to_test+=(nodejs npm)  # also without Debian's, if there is one

# Installs what is missing of the named Debian packages. Their services do not start: a policy-rc.d
# of ours forbids it for as long as this takes, unless the machine has one of its own.
install_packages() {
    command -v dpkg-query >/dev/null || fail "needs Debian 12: there is no dpkg-query here"
    local missing
    missing=$(comm -23 <(printf '%s\n' "$@" | sort -u) <(
        dpkg-query -W -f='${db:Status-Status} ${Package}\n' "$@" 2>/dev/null |
            sed -n 's/^installed //p' | sort -u
    ))
    [ -n "$missing" ] || return 0
    local as_root=()
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || fail "packages are missing and there is no sudo; as root, run" \
            "apt-get install -y --no-install-recommends" $missing
        as_root=(sudo)
    fi
    say "Installing" $missing
    "${as_root[@]}" bash -euc '
        policy=/usr/sbin/policy-rc.d
        if [ ! -e "$policy" ]; then
            trap "rm -f $policy" EXIT
            printf "#!/bin/sh\nexit 101\n" >"$policy"
            chmod 755 "$policy"
        fi
        export DEBIAN_FRONTEND=noninteractive
        apt-get update -q
        apt-get install -q -y --no-install-recommends "$@"' install $missing ||
        fail "the packages could not be installed"
}

# Compilers to run at once: one per core, if there are 1.5 GB for each.
jobs_here() {
    local cores fit
    cores=$(nproc)
    fit=$(awk '/^MemTotal/ { print int($2 / 1500000) }' /proc/meminfo)
    [ "$fit" -ge 1 ] || fit=1
    echo $((cores < fit ? cores : fit))
}

# Opens the folder $1 for our private servers, readable by one user alone. Sets `state`, and `as`,
# the words before a command that is to run as that user and end when this script does: PostgreSQL
# refuses to run as root. The command is in a session of its own, so that Ctrl-C reaches only us.
open_state() {
    state=$1
    as=(setsid setpriv --pdeathsig INT)
    if [ "$(id -u)" = 0 ]; then
        as+=(--reuid=postgres --regid=postgres --init-groups --no-new-privs)
        install -d -o postgres -g postgres -m 700 "$state"
    else
        install -d -m 700 "$state"
    fi
    [ $((${#state} + 30)) -lt 108 ] || fail "the path $state is too long for a Unix socket"
}

# Starts the PostgreSQL of `state` as a direct child, so that it is reaped at once and dies with us;
# $@ are its options. Only who may enter the folder reaches it, hence --auth=trust. Sets `postgres`,
# its process id, and `database`, a connection string in which a later dbname=… beats the first.
start_postgres() {
    postgres_bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)
    database="host=$state/run user=switchboard dbname=postgres"
    pushd / >/dev/null  # that user may not enter the caller's folder
    "${as[@]}" mkdir -p "$state/pg" "$state/run"
    if [ ! -f "$state/pg/PG_VERSION" ]; then
        "${as[@]}" "$postgres_bin/initdb" -D "$state/pg" -U switchboard --auth=trust -E UTF8 \
            --locale=C.UTF-8 --data-checksums >"$state/initdb.log" 2>&1 ||
            fail "initdb failed: see $state/initdb.log"
    fi
    # One that lost its script is on its way out, and must be gone.
    local former
    former=$(head -n 1 "$state/pg/postmaster.pid" 2>/dev/null || true)
    for _ in {1..200}; do
        [ "$(cat "/proc/${former:-0}/comm" 2>/dev/null)" = postgres ] || break
        sleep 0.1
    done
    # The umask is the server's: its log may not be read by others. 9>&- leaves the lock to us.
    (umask 077 && : >>"$state/postgres.log")
    "${as[@]}" "$postgres_bin/postgres" -D "$state/pg" -c listen_addresses= \
        -c unix_socket_directories="$state/run" -c unix_socket_permissions=0700 \
        -c log_error_verbosity=terse "$@" >>"$state/postgres.log" 2>&1 9>&- &
    postgres=$!
    popd >/dev/null
    until "$postgres_bin/pg_isready" -q -h "$state/run" -U switchboard; do
        kill -0 "$postgres" 2>/dev/null || fail "PostgreSQL ended: see $state/postgres.log"
        sleep 0.02
    done
}

# Makes the database $1 unless it is there.
make_database() {
    local found
    found=$("$postgres_bin/psql" -XAtd "$database" -c \
        "SELECT datname FROM pg_database WHERE datname = '$1'")
    [ -n "$found" ] || "$postgres_bin/createdb" -h "$state/run" -U switchboard "$1"
}

# INT is PostgreSQL's fast shutdown; TERM would wait for its clients.
stop_postgres() {
    [ -n "${postgres:-}" ] || return 0
    kill -INT "$postgres" 2>/dev/null || true
    wait "$postgres" 2>/dev/null || true
    postgres=
}
