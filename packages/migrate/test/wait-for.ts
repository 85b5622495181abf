/** Waits until something that only a question can tell has happened, 10 s at most. */
export async function waitFor(happened: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await happened())) {
    if (Date.now() > deadline) throw new Error('it did not happen within 10 s');
  }
}
