import type { Driver } from './driver.ts';

/** Something to do over and over. */
export interface Workload {
  readonly name: string;
  /** How often it is done in a batch. */
  readonly times: number;
  /** Whether the contenders' goals hold for it. */
  readonly reads: boolean;
  run(driver: Driver, id: string): Promise<unknown>;
}

/** What is measured. */
export const WORKLOADS: readonly Workload[] = [
  {
    name: 'A whole workflow by its id',
    times: 400,
    reads: true,
    run: (driver, id) => driver.workflow(id),
  },
  { name: '1,000 runs', times: 20, reads: true, run: (driver) => driver.runs() },
  {
    name: 'A transaction: begin, the same read, one update, commit',
    times: 200,
    reads: false,
    run: (driver, id) => driver.change(id, `changed ${id}`),
  },
];
