/** What a program runs to get a password. */
export interface PasswordCommand {
  /** Node, by its absolute path: programs with a window have another PATH. */
  readonly node: string;
  /** The file that starts `spire`, by its absolute path. */
  readonly script: string;
  /** Spire's directory, since the program has none of a shell's variables. */
  readonly configDirectory: string;
  readonly environment: string;
}

/**
 * A command line that prints an environment's password and nothing else, for the shell of a platform:
 * `sh`, or Windows' `cmd`.
 *
 * @example
 * passwordCommandLine({node, script, configDirectory, environment: 'staging'}, 'linux');
 * // SPIRE_CONFIG_DIR=/home/ann/.spire /usr/bin/node /opt/spire/spire.js db password -e staging --raw
 */
export function passwordCommandLine(
  { node, script, configDirectory, environment }: PasswordCommand,
  platform: NodeJS.Platform,
): string {
  const words = [node, script, 'db', 'password', '-e', environment, '--raw'];
  return platform === 'win32'
    ? `set "SPIRE_CONFIG_DIR=${configDirectory}"&& ${words.map(quotedForCmd).join(' ')}`
    : `SPIRE_CONFIG_DIR=${quoted(configDirectory)} ${words.map(quoted).join(' ')}`;
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A file's name there can have no quote. */
function quotedForCmd(word: string): string {
  return /^[\w:\\/.-]+$/.test(word) ? word : `"${word}"`;
}
