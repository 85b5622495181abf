#!/usr/bin/env bash
# Builds an image with Postgres 15 from Debian's packages, for engines that reach no registry.
# Needs root, mmdebstrap, Debian's mirror and a container engine.
set -euo pipefail
cd "$(dirname "$0")"
image=${1:?usage: build-postgres-image.sh NAME:TAG}

# Documentation and translations are of no use in it; and it gets a cluster when it starts, not before.
mmdebstrap --quiet --variant=minbase --include=postgresql-15 \
  --dpkgopt='path-exclude=/usr/share/doc/*' \
  --dpkgopt='path-exclude=/usr/share/man/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' \
  --extract-hook='mkdir -p "$1/etc/postgresql-common"' \
  --extract-hook='echo "create_main_cluster = false" >"$1/etc/postgresql-common/createcluster.conf"' \
  --skip=cleanup/run \
  --customize-hook='chroot "$1" install -d -o postgres -g postgres /var/run/postgresql /var/lib/postgresql/data' \
  --customize-hook='upload postgres-entrypoint.sh /usr/local/bin/docker-entrypoint.sh' \
  --customize-hook='chmod 755 "$1/usr/local/bin/docker-entrypoint.sh"' \
  bookworm - |
  docker import \
    --change 'ENV PATH=/usr/lib/postgresql/15/bin:/usr/local/bin:/usr/bin:/bin' \
    --change 'ENV PGDATA=/var/lib/postgresql/data' \
    --change 'USER postgres' \
    --change 'EXPOSE 5432' \
    --change 'ENTRYPOINT ["docker-entrypoint.sh"]' \
    --change 'CMD ["postgres"]' \
    - "$image" >/dev/null
