import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type MigrationFile, migrationFiles } from '@spire/schema';

const schemaPackage = fileURLToPath(new URL('..', import.meta.resolve('@spire/schema')));

/** What a program said and how it ended. */
export interface Ended {
  readonly exitCode: number | null;
  readonly output: string;
}

/** A project of drizzle-kit's, with migrations and tables of its own. */
export class DrizzleProject {
  readonly directory = mkdtempSync(join(tmpdir(), 'spire-drizzle-kit-'));

  constructor() {
    symlinkSync(join(schemaPackage, 'node_modules'), join(this.directory, 'node_modules'));
    this.write(
      'drizzle.config.ts',
      `export default {
        dialect: 'postgresql',
        schema: './schema.ts',
        out: './migrations',
        dbCredentials: { url: process.env.DATABASE },
      };`,
    );
  }

  write(path: string, content: string | object): void {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    writeFileSync(join(this.directory, path), text);
  }

  /** Writes the tables, as the body of a file that has all of drizzle's builders in `pg`. */
  tables(body: string): void {
    this.write('schema.ts', `import * as pg from 'drizzle-orm/pg-core';\n${body}`);
  }

  /** Writes migrations and their journal; each has the time that its tag begins with. */
  migrations(files: Readonly<Record<string, string>>): void {
    mkdirSync(join(this.directory, 'migrations', 'meta'), { recursive: true });
    const entries = Object.entries(files).map(([tag, sql], idx) => {
      this.write(`migrations/${tag}.sql`, sql);
      return { idx, version: '7', when: Number(tag.split('_')[0]), tag, breakpoints: true };
    });
    this.write('migrations/meta/_journal.json', { version: '7', dialect: 'postgresql', entries });
  }

  /** The same files as Spire reads them. */
  files(): MigrationFile[] {
    return migrationFiles(pathToFileURL(join(this.directory, 'migrations/')));
  }

  /** Calls drizzle-kit without a terminal. The connection string stays out of argv. */
  kit(args: readonly string[], database = ''): Promise<Ended> {
    const child = spawn(join(this.directory, 'node_modules', '.bin', 'drizzle-kit'), args, {
      cwd: this.directory,
      env: { ...process.env, DATABASE: database },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exitCode) => resolve({ exitCode, output }));
    });
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
