/** A request that Vault refuses: the HTTP status and the texts of `{"errors": [...]}`. */
export class RequestError extends Error {
  readonly status: number;
  readonly errors: readonly string[];

  constructor(status: number, ...errors: readonly string[]) {
    super(errors[0] ?? `status ${status}`);
    this.name = 'RequestError';
    this.status = status;
    this.errors = errors;
  }
}

/** Vault joins the errors that it collects on the way into one text of this form. */
export function collected(...errors: readonly string[]): string {
  const count = errors.length === 1 ? '1 error' : `${errors.length} errors`;
  return `${count} occurred:\n${errors.map((error) => `\t* ${error}\n`).join('')}\n`;
}
