# A private Mosquitto on a free loopback port. Sourced, never run; needs library.sh.

broker= broker_process=

is_running() { [[ -n $1 ]] && kill -0 "$1" 2>/dev/null; }

# wait_for PROCESS CONDITION: until the condition holds; fails when the process ends or 30 s pass.
wait_for() {
    local tries
    for ((tries = 0; tries < 300; tries++)); do
        eval "$2" 2>/dev/null && return 0
        is_running "$1" || return 1
        sleep 0.1
    done
    return 1
}

# end_process PROCESS: asks, waits, and insists after 10 s.
end_process() {
    is_running "$1" || return 0
    kill -TERM "$1" 2>/dev/null || true
    local tries
    for ((tries = 0; tries < 100; tries++)); do
        is_running "$1" || break
        sleep 0.1
    done
    kill -KILL "$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
}

end_broker() {
    end_process "$broker_process"
    broker_process=
}

# The broker must not drop what waits for a slow subscriber, so the queue has no limit.
broker_configuration() {
    cat <<CONFIGURATION
listener $1 127.0.0.1
allow_anonymous true
persistence false
max_queued_messages 0
max_queued_bytes 0
set_tcp_nodelay true
user $(id -un)
log_dest file $2
log_type error
log_type warning
log_type notice
log_type information
CONFIGURATION
}

# start_broker FOLDER: configuration and log go into the folder; sets `broker` to the address. The port is
# free when Mosquitto itself could take it, so there is no gap between looking and taking.
start_broker() {
    command -v mosquitto >/dev/null ||
        stop "$status_unavailable" "no mosquitto; run deploy/install-dependencies"
    local try port
    for ((try = 0; try < 20; try++)); do
        port=$((20000 + RANDOM % 20000))
        rm -f -- "$1/broker.log"
        broker_configuration "$port" "$1/broker.log" >"$1/broker.conf"
        mosquitto -c "$1/broker.conf" >/dev/null 2>&1 &
        broker_process=$!
        if wait_for "$broker_process" "grep -q running '$1/broker.log'"; then
            broker=mqtt://127.0.0.1:$port
            say "broker at $broker"
            return 0
        fi
        is_running "$broker_process" && break
    done
    stop "$status_unavailable" "mosquitto did not start: $(tail -n 1 "$1/broker.log" 2>/dev/null)"
}
