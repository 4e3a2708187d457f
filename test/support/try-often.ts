/** On a busy machine the short timeout of a test may end the first tries. */
export const tryOften = <T>(work: () => Promise<T>, times = 20): Promise<T> =>
  work().catch((error: unknown) => {
    if (times === 1) throw error;
    return tryOften(work, times - 1);
  });
