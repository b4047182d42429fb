# What the scripts of this folder share. Sourced, never run.

repository=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)

# Debian keeps brokers in sbin, which is not on the PATH of an ordinary user.
PATH=$PATH:/usr/sbin:/sbin
export PATH

readonly status_usage=64 status_unavailable=69 status_internal=70 status_io=74

say() { printf '%s\n' "$*" >&2; }

# step TEXT: a heading with the seconds since the script began.
step() { printf '\n== %s  [%d s]\n' "$*" "$SECONDS" >&2; }

# stop STATUS TEXT: one line that says what and what to do, and the exit status that goes with it.
stop() {
    local status=$1
    shift
    printf '%s: %s\n' "$(basename -- "$0")" "$*" >&2
    exit "$status"
}

# The comment at the head of a script is its help.
help() { sed -n '2,/^$/s/^# \{0,1\}//p' "$0"; }

# dependencies yes|no: installs what is missing, or only says so.
dependencies() {
    if [[ $1 == yes ]]; then
        "$repository/deploy/install-dependencies" >&2
    else
        "$repository/deploy/install-dependencies" --check >&2 || say "going on without them (--no-install)"
    fi
}
