import type { Locks } from '@spire/transfer';
import { sessionText, sinceText } from './session.ts';
import { table } from './table.ts';

/** Who waits for whom, a line for each two, and the statements that take long. */
export function renderLocks({ waits, long, at }: Locks, longerThan: number): string {
  const waiting = waits.flatMap(({ session, since, mode, table: on, blockedBy }) =>
    (blockedBy.length > 0 ? blockedBy : [null]).map((blocker) => [
      sinceText(since, at),
      sessionText(session),
      blocker && sessionText(blocker),
      on === null ? 'a transaction' : `${on} (${mode})`,
      session.statement,
    ]),
  );
  const running = long.map((session) => [
    sinceText(session.statementSince, at),
    sessionText(session),
    session.statement,
  ]);
  return [
    waiting.length > 0
      ? table(['waits', 'who', 'behind', 'for', 'statement'], waiting)
      : 'Nobody waits for a lock.',
    running.length > 0
      ? table(['runs', 'who', 'statement'], running)
      : `No statement has been running for longer than ${longerThan} s.`,
  ].join('\n\n');
}

/** What helps those who wait: to end what stands before them. */
export function endingText({ heads }: Locks, environment: string): readonly string[] {
  return heads
    .filter(({ kind }) => kind === 'client backend')
    .map((head) => {
      const ending = head.state === 'active' ? '' : ' --terminate';
      return `End what stands before them, ${sessionText(head)}: spire db kill ${head.pid}${ending} -e ${environment}`;
    });
}
