import type { Stage } from './stage.ts';
import type { SubjectTerms } from './subject.ts';

/** What may be said of a fault's subject beforehand. */
export type Wishes = Partial<Pick<SubjectTerms, 'max' | 'connectMillis' | 'spire'>>;

/** A row of the table: something that is done to either side. */
export interface Fault {
  readonly row: number;
  /** What happens, in a few words. */
  readonly title: string;
  readonly wishes?: Wishes;
  /** It goes on for as long as anybody looks: nobody can be well again. */
  readonly lasts?: boolean;
  /** More variables of its process. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Does it, and looks. @returns what else is to be known than the journal's figures. */
  run(stage: Stage): Promise<Readonly<Record<string, unknown>>>;
}
