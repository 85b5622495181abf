import { PrismaPg } from '@prisma/adapter-pg';
import { CONNECTIONS, type Driver, RUNS, type Target } from '../driver.ts';
import { PrismaClient } from '../generated/client.ts';

/** Prisma's own queries, each one statement, as its joins make it. */
export function drivePrisma(target: Target): Driver {
  const prisma = open(target);
  const whole = (id: string) =>
    ({
      relationLoadStrategy: 'join',
      where: { id },
      include: {
        trait: true,
        tags: { include: { tag: true } },
        dataset: { include: { dataset: true } },
        schedule: true,
        jobConfigs: true,
      },
    }) as const;
  return {
    workflow: (id) => prisma.workflow.findUnique(whole(id)),
    runs: () =>
      prisma.run.findMany({ orderBy: [{ executionDate: 'desc' }, { id: 'desc' }], take: RUNS }),
    change: (id, description) =>
      prisma.$transaction(async (tx) => {
        await tx.workflow.findUnique(whole(id));
        await tx.workflow.updateMany({ where: { id }, data: { description } });
      }),
    close: () => prisma.$disconnect(),
  };
}

/** The SDK's statements through Prisma. */
export function driveRawPrisma(target: Target): Driver {
  const prisma = open(target);
  const { workflow, runs, change } = target.statements;
  return {
    workflow: async (id) => (await prisma.$queryRawUnsafe<unknown[]>(workflow, id))[0],
    runs: () => prisma.$queryRawUnsafe<unknown[]>(runs, RUNS),
    change: (id, description) =>
      prisma.$transaction(async (tx) => {
        await tx.$queryRawUnsafe(workflow, id);
        await tx.$executeRawUnsafe(change, description, id);
      }),
    close: () => prisma.$disconnect(),
  };
}

function open({ url }: Target): PrismaClient {
  const names = new Map<string, string>();
  const adapter = new PrismaPg(
    { connectionString: url, max: CONNECTIONS },
    {
      // Without names, Postgres reads and plans every statement anew.
      statementNameGenerator: ({ sql }) => {
        const name = names.get(sql) ?? `bench_${names.size}`;
        names.set(sql, name);
        return name;
      },
    },
  );
  return new PrismaClient({ adapter });
}
