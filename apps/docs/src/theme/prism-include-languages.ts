import includeLanguages from '@theme-original/prism-include-languages';
import type { Prism } from 'prism-react-renderer';

/** Besides what the configuration names: `console`, a command after its prompt and what it printed. */
export default function includeConsole(prism: typeof Prism): void {
  includeLanguages(prism);
  prism.languages.console = {
    command: { pattern: /^\$ .*$/m, inside: { prompt: /^\$ / } },
    done: /^✓/m,
    exit: /^\[exit \d+\]$/m,
  };
}
