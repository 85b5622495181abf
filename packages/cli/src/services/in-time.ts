/**
 * A promise with an end. What comes after it is dropped.
 *
 * @param late makes the error of one that took too long.
 * @example
 * await inTime(lookup(host), 4000, () => new CliError('HOST_UNKNOWN', 'No name server answers.'));
 */
export async function inTime<T>(work: Promise<T>, millis: number, late: () => Error): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(late()), millis);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
