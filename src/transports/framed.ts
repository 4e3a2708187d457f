/** Turns batches into buffers one by one. A loop over the batches themselves would hold each until the socket took it. */
export function framed<T, F>(stream: AsyncIterable<T>, frames: (batch: T) => F): AsyncIterable<F> {
  const batches = stream[Symbol.asyncIterator]();
  const close = async (): Promise<IteratorReturnResult<void>> => {
    await batches.return?.();
    return { done: true, value: undefined };
  };
  const made = (result: IteratorResult<T>): IteratorResult<F, void> | Promise<never> => {
    if (result.done) return { done: true, value: undefined };
    try {
      return { done: false, value: frames(result.value) };
    } catch (error) {
      return close().then(() => Promise.reject(error));
    }
  };
  // Not an async function: a wait for an event should use little memory.
  const next = (): Promise<IteratorResult<F, void>> => batches.next().then(made);
  return { [Symbol.asyncIterator]: () => ({ next, return: close }) };
}
