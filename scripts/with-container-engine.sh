#!/usr/bin/env bash
# Runs a command with a container engine: the one that answers, else one of its own, which ends with the command.
# Its own needs root, dockerd, unshare, setpriv and ip. Exit code 69: there is no engine, and why.
set -euo pipefail

unavailable() {
  echo "No container engine answers, and none can be started: $1" >&2
  exit 69
}

if docker version >/dev/null 2>&1; then exec "$@"; fi
[ "$(id -u)" = 0 ] || unavailable 'that needs root.'
for tool in docker dockerd unshare setpriv ip; do
  command -v "$tool" >/dev/null || unavailable "$tool is missing."
done
[ ! -e /sys/class/net/docker0 ] || unavailable 'the bridge docker0 is there already, of an engine that does not answer.'

directory=$(mktemp -d)
engine=
end() {
  trap - EXIT
  if [ -n "$engine" ]; then
    # dockerd ends its containers; what outlives it goes with its namespaces.
    pkill -TERM -P "$engine" || true
    wait "$engine" || true
  fi
  ip link delete docker0 2>/dev/null || true
  rmdir /sys/fs/cgroup/docker /sys/fs/cgroup/*/docker 2>/dev/null || true
  rm -rf "$directory"
}
trap end EXIT
trap 'exit 130' INT TERM

# Its processes and mounts live in namespaces of their own. Ports are published on loopback by a proxy, which
# needs no rule of iptables and no forwarding.
setpriv --pdeathsig KILL \
  unshare --mount --pid --fork --kill-child --mount-proc \
  dockerd --data-root "$directory/data" --exec-root "$directory/exec" --pidfile "$directory/pid" \
  --host "unix://$directory/docker.sock" --iptables=false --ip6tables=false --ip-forward=false \
  --ip 127.0.0.1 >"$directory/log" 2>&1 &
engine=$!
export DOCKER_HOST="unix://$directory/docker.sock"
for _ in {1..150}; do
  if docker version >/dev/null 2>&1; then break; fi
  if ! kill -0 "$engine" 2>/dev/null; then break; fi
  sleep 0.2
done
docker version >/dev/null 2>&1 || unavailable "dockerd says: $(tail -n 3 "$directory/log")"
"$@"
