import { type CSSProperties, useState } from 'react';
import type { Playback } from '../../scripts/playback.ts';
import styles from './terminal.module.css';

const KEYSTROKE_MILLIS = 32;
const BEFORE_RUN_MILLIS = 400;

/**
 * Plays a run as a terminal showed it, at the speed that it had. All lines are there from the start and
 * CSS uncovers them: nothing moves, and without scripts or motion everything can be read.
 */
export default function Terminal({ run }: { run: Playback }) {
  const [played, setPlayed] = useState(1);
  const typed = run.command.length * KEYSTROKE_MILLIS;
  const after = (millis: number): CSSProperties => ({ animationDelay: `${millis}ms` });
  return (
    <figure className={styles.terminal}>
      <pre
        key={played}
        className={styles.screen}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keyboard
        tabIndex={0}
      >
        <span className={styles.prompt}>$ </span>
        <span
          className={styles.command}
          style={{
            animationDuration: `${typed}ms`,
            animationTimingFunction: `steps(${run.command.length})`,
          }}
        >
          {run.command}
        </span>
        {'\n'}
        {run.lines.map(({ text, at }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines neither move nor change
          <span key={index} className={styles.line} style={after(typed + BEFORE_RUN_MILLIS + at)}>
            {coloured(text)}
            {'\n'}
          </span>
        ))}
      </pre>
      <figcaption className={styles.caption}>
        A real run, at its real speed.
        <button type="button" className={styles.again} onClick={() => setPlayed(played + 1)}>
          Play again
        </button>
      </figcaption>
    </figure>
  );
}

/** A step has its tick, and the time that it took. */
function coloured(text: string) {
  const step = /^✓ (.*?)( \([\d.]+ m?s\))?$/.exec(text);
  if (!step) return text;
  return (
    <>
      <span className={styles.tick}>✓</span> {step[1]}
      <span className={styles.quiet}>{step[2]}</span>
    </>
  );
}
