import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What a server makes anew when it starts; the directories themselves have to be there. */
const MADE_ANEW =
  /^(pg_wal|pg_replslot|pg_dynshmem|pg_notify|pg_serial|pg_snapshots|pg_stat_tmp|pg_subtrans)\/|^postmaster\.|\/pgsql_tmp|pg_internal\.init/;

/**
 * Copies a cluster while its server runs: between `pg_backup_start` and `pg_backup_stop`. A file that
 * is removed meanwhile is left out; the server's log has the rest of its story.
 */
export function copyCluster(from: string, to: string, directory = ''): void {
  mkdirSync(join(to, directory), { mode: 0o700 });
  for (const entry of readdirSync(join(from, directory), { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (MADE_ANEW.test(path)) continue;
    try {
      if (entry.isDirectory()) copyCluster(from, to, path);
      else if (entry.isFile()) copyFileSync(join(from, path), join(to, path));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}
