import type { Driver, Target } from './driver.ts';

/** One of those compared. */
export interface Contender {
  readonly name: string;
  /** Where it doesn't do quite the same as the first. */
  readonly differs?: string;
  /** Whether its rows are the first's to the last value; otherwise their ids are compared. Default: true. */
  readonly sameRows?: boolean;
  /** How much more CPU time than the first it may take to read, if that was promised. */
  readonly goal?: number;
  open(target: Target): Driver | Promise<Driver>;
}

const pg = () => import('./contenders/pg.ts');
const spire = () => import('./contenders/spire.ts');
const drizzle = () => import('./contenders/drizzle.ts');
const prisma = () => import('./contenders/prisma.ts');

async function openPg(target: Target, named: boolean): Promise<Driver> {
  const { drivePg, openPool } = await pg();
  return drivePg(openPool(target), target.statements, named);
}

/** Everyone, the one that the others are measured by first. Each is loaded in its own process alone. */
export const CONTENDERS: readonly Contender[] = [
  { name: 'pg, named', open: (target) => openPg(target, true) },
  { name: 'pg, named, once more: the noise', open: (target) => openPg(target, true) },
  {
    name: 'Spire SDK',
    goal: 1.1,
    differs:
      'its update in the transaction is Drizzle built at the call and unnamed; its pool checks each new connection',
    open: async (target) => (await spire()).driveSpire(target),
  },
  {
    name: "pg, named, over the SDK's pool",
    open: async (target) => (await spire()).driveSpirePool(target),
  },
  {
    name: 'pg, unnamed',
    differs: 'Postgres parses and plans each query',
    open: (target) => openPg(target, false),
  },
  {
    name: 'Drizzle, prepared',
    differs: 'in the transaction it builds its statements at each call, with names',
    open: async (target) => (await drizzle()).drivePreparedDrizzle(target),
  },
  {
    name: 'Drizzle, built at each call',
    differs: 'unnamed: Postgres parses and plans each query',
    open: async (target) => (await drizzle()).driveDrizzle(target),
  },
  {
    name: 'postgres.js',
    differs:
      'asks for the columns of a prepared statement once, pg each time; sends a query on a connection before the last was answered',
    open: async (target) => (await import('./contenders/postgres-js.ts')).drivePostgresJs(target),
  },
  {
    name: 'Kysely, built at each call',
    differs: 'unnamed: Postgres parses and plans each query; SQL of its own with the same joins',
    open: async (target) => (await import('./contenders/kysely.ts')).driveKysely(target),
  },
  {
    name: 'Prisma, findUnique and findMany',
    differs: 'SQL of its own with lateral joins, rows nested by relation; named by its adapter',
    sameRows: false,
    open: async (target) => (await prisma()).drivePrisma(target),
  },
  {
    name: 'Prisma, $queryRaw',
    differs: 'a bigint is a BigInt and a date a Date; named by its adapter',
    sameRows: false,
    open: async (target) => (await prisma()).driveRawPrisma(target),
  },
];
