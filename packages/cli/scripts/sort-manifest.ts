import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

// oclif lists commands as the file system does: sorted, the manifest is the same on every machine.

const file = join(import.meta.dirname, '..', 'oclif.manifest.json');
const manifest = JSON.parse(readFileSync(file, 'utf8'));
const commands = Object.entries(manifest.commands).sort(([one], [other]) => (one < other ? -1 : 1));
writeFileSync(
  file,
  `${JSON.stringify({ ...manifest, commands: Object.fromEntries(commands) }, null, 2)}\n`,
);
