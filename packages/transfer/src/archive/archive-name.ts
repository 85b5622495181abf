/** What the name of an archive says, which can be read where the archive itself is encrypted. */
export interface NamedArchive {
  readonly environment: string;
  readonly takenAt: Date;
}

const NAME = /^(.+)-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z\.tar\.zst(\.age)?$/;

/**
 * The name that an archive gets where nobody gives it another.
 *
 * @example
 * archiveName('staging', new Date('2026-11-28T08:00:00Z'), true); // staging-20261128T080000Z.tar.zst.age
 */
export function archiveName(environment: string, takenAt: Date, isEncrypted: boolean): string {
  const moment = takenAt.toISOString().replace(/\.\d+/, '').replaceAll(/[-:]/g, '');
  return `${environment}-${moment}.tar.zst${isEncrypted ? '.age' : ''}`;
}

/** What a name says; undefined when an archive isn't named so. */
export function readArchiveName(name: string): NamedArchive | undefined {
  const [, environment, year, month, day, hour, minute, second] = NAME.exec(name) ?? [];
  if (environment === undefined) return undefined;
  const takenAt = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(takenAt.getTime()) ? undefined : { environment, takenAt };
}
