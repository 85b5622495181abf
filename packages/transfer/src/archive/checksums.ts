import { z } from 'zod';

const checksum = z.object({
  name: z.string(),
  sha256: z.string(),
  bytes: z.number(),
  /** How many rows the entry holds; null when it holds something else. */
  rows: z.number().nullable(),
});

/** What an entry has to be. */
export type Checksum = z.infer<typeof checksum>;

/** The checksums that a text is; undefined when it isn't. */
export function parseChecksums(json: string): Checksum[] | undefined {
  try {
    return z.array(checksum).safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}
