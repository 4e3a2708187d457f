let waiting: Promise<void> | undefined;

/** The next turn of the event loop; all who wait for it share one callback. */
export const nextTurn = (): Promise<void> =>
  (waiting ??= new Promise((resolve) =>
    setImmediate(() => {
      waiting = undefined;
      resolve();
    }),
  ));
