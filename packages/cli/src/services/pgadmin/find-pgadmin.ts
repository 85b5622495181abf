import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** An installed pgAdmin: its own Python, and its `setup.py`. */
export interface PgAdmin {
  readonly python: string;
  readonly setup: string;
}

/**
 * Finds pgAdmin where its packages put it, or on PATH, where pip does.
 *
 * @param given the Python that pgAdmin runs with; then only there.
 * @returns undefined when there is none.
 */
export function findPgAdmin(
  variables: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
  given?: string,
): PgAdmin | undefined {
  const pythons =
    given === undefined ? [...packaged(variables, platform), ...onPath(variables)] : [given];
  for (const python of pythons) {
    const setup = existsSync(python) ? setupBeside(python) : undefined;
    if (setup) return { python, setup };
  }
  return undefined;
}

/** Where the packages for Debian and Red Hat, macOS and Windows have it. */
function packaged(variables: NodeJS.ProcessEnv, platform: NodeJS.Platform): string[] {
  if (platform === 'darwin') {
    const python =
      'pgAdmin 4.app/Contents/Frameworks/Python.framework/Versions/Current/bin/python3';
    return ['/Applications', join(variables.HOME ?? '', 'Applications')].map((one) =>
      join(one, python),
    );
  }
  if (platform === 'win32') {
    const { LOCALAPPDATA = '', ProgramFiles = '' } = variables;
    return [ProgramFiles, join(LOCALAPPDATA, 'Programs')].map((one) =>
      join(one, 'pgAdmin 4', 'python', 'python.exe'),
    );
  }
  return ['/usr/pgadmin4/venv/bin/python3'];
}

/** pip puts `pgadmin4` beside the Python that runs it; a link to it may be anywhere. */
function onPath({ PATH = '' }: NodeJS.ProcessEnv): string[] {
  return PATH.split(delimiter)
    .flatMap((directory) => ['pgadmin4', 'pgadmin4.exe'].map((name) => join(directory, name)))
    .filter((file) => existsSync(file))
    .map((file) => dirname(realpathSync(file)))
    .flatMap((place) => ['python3', 'python.exe'].map((python) => join(place, python)));
}

/** The `setup.py` that belongs to a Python: its packages' layouts, then pip's. */
function setupBeside(python: string): string | undefined {
  const above = (levels: number) => join(dirname(python), ...Array<string>(levels).fill('..'));
  const places = [
    join(above(2), 'web'),
    join(above(1), 'web'),
    join(above(5), 'Resources', 'web'),
    join(above(1), 'Lib', 'site-packages', 'pgadmin4'),
    ...versionsIn(join(above(1), 'lib')).map((version) =>
      join(version, 'site-packages', 'pgadmin4'),
    ),
  ];
  return places.map((place) => join(place, 'setup.py')).find((file) => existsSync(file));
}

/** Such as `lib/python3.13`. */
function versionsIn(lib: string): string[] {
  const names = existsSync(lib) ? readdirSync(lib) : [];
  return names.filter((name) => name.startsWith('python3')).map((name) => join(lib, name));
}
