/** Where a contender finds the data, and the statements to ask it with. */
export interface Target {
  readonly url: string;
  /** What leads the SDK there. */
  readonly variables: Readonly<Record<string, string>>;
  readonly statements: Statements;
}

/** What the SDK asks, its columns named as its properties are. */
export interface Statements {
  /** A whole workflow by its id. */
  readonly workflow: string;
  /** The newest runs, as many as the parameter says. */
  readonly runs: string;
  /** Gives a workflow (`$2`) another description (`$1`). */
  readonly change: string;
}

/** A way to the database, connected. */
export interface Driver {
  /** Reads a whole workflow. */
  workflow(id: string): Promise<unknown>;
  /** Reads the newest runs, {@link RUNS} of them. */
  runs(): Promise<readonly unknown[]>;
  /** In a transaction, reads a workflow and writes its description. */
  change(id: string, description: string): Promise<void>;
  close(): Promise<void>;
}

/** How many connections each may open. */
export const CONNECTIONS = 10;
/** How many runs the long read gives. */
export const RUNS = 1000;
