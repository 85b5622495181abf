import { userInfo } from 'node:os';
import type { Actor } from '@spire/migrate';

/**
 * Who is doing this, as the system knows them; in a GitHub workflow, who started it.
 *
 * @param toolVersion of this command.
 */
export function currentActor(toolVersion: string): Actor {
  return { name: process.env.GITHUB_ACTOR || userName(), toolVersion };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}
