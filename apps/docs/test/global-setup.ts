import { NO_CHROMIUM } from './chromium.ts';

export default function sayWhatIsSkipped(): void {
  if (NO_CHROMIUM) console.log(`SKIPPED: the site in a browser. ${NO_CHROMIUM}`);
}
