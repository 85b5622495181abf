#!/bin/sh
# Serves Postgres in a container, as the official image does: POSTGRES_PASSWORD, POSTGRES_USER, POSTGRES_DB and
# POSTGRES_INITDB_ARGS say what it makes, arguments are those of the server. Runs as the user postgres.
set -eu

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  user=${POSTGRES_USER:-postgres}
  password=$(mktemp)
  printf '%s' "$POSTGRES_PASSWORD" >"$password"
  # shellcheck disable=SC2086 # several arguments may stand in it
  initdb --username="$user" --pwfile="$password" --auth-host=scram-sha-256 ${POSTGRES_INITDB_ARGS:-}
  rm "$password"
  echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
  if [ "${POSTGRES_DB:-$user}" != postgres ]; then
    # Whoever waits for the port doesn't get in before the database is there.
    pg_ctl --wait --options="-c listen_addresses=''" start
    createdb --username="$user" --maintenance-db=postgres "${POSTGRES_DB:-$user}"
    pg_ctl --wait stop
  fi
fi

[ "${1:-}" != postgres ] || shift
exec postgres -c listen_addresses='*' "$@"
