/**
 * A text without what would steer the terminal: control characters, and those that turn the direction
 * of writing. Letters of any script stay.
 */
export function visible(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\u00b7');
}
