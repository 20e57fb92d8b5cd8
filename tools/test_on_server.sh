#!/usr/bin/env bash
# All tests that ask a database, on the PostgreSQL server that Debian or Ubuntu packages: a cluster of its own, gone
# afterwards. The others would say on it what they have said without it.
# Ends with 3 when there is no such server here and none can be installed.
set -euo pipefail
cd "$(dirname "$0")/.."

newest() {
    local folder version best=
    for folder in /usr/lib/postgresql/*/bin; do
        version=$(basename "$(dirname "$folder")")
        [ -x "$folder/initdb" ] && [ "$version" -ge 15 ] && best=$folder
    done
    echo "$best"
}

programs=$(newest)
if [ -z "$programs" ]; then
    if [ "$(id -u)" -eq 0 ] && [ ! -e /etc/postgresql-common ]; then
        mkdir -p /etc/postgresql-common # the package would make and start a cluster that nobody needs
        echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
    fi
    tools/install_packages.sh postgresql
    programs=$(newest)
fi
if [ -z "$programs" ]; then
    echo "The suite on a separate server was left out: no PostgreSQL 15 or newer in /usr/lib/postgresql."
    exit 3
fi

folder=$(mktemp -d)
as_owner() { if [ "$(id -u)" -eq 0 ]; then setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; else "$@"; fi; }
clean_up() {
    as_owner "$programs/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null 2>&1 || true
    rm -rf "$folder"
}
trap clean_up EXIT
[ "$(id -u)" -eq 0 ] && chown postgres:postgres "$folder"
as_owner "$programs/initdb" -D "$folder/data" -U clientier --auth=trust --encoding=UTF8 --locale=C.UTF-8 >/dev/null
as_owner "$programs/pg_ctl" -D "$folder/data" -l "$folder/log" -w start \
    -o "-c listen_addresses='' -c unix_socket_directories='$folder' -c fsync=off -c synchronous_commit=off -c autovacuum=off" >/dev/null || {
    cat "$folder/log"
    exit 1
}
export CLIENTIER_DATABASE_URL="postgresql://clientier@/clientier?host=$folder"
"$programs/createdb" -h "$folder" -U clientier clientier
echo "Testing on $("$programs/postgres" --version)"
.venv/bin/python -m pytest -n 2 --dist worksteal -q -m "not browser and not engines" --database-only
