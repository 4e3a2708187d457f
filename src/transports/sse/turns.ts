type Step = () => void;

let due: Step[] = [];

/** Calls `step`, which must not throw, in the next turn of the event loop; all who wait for it share one callback. */
export function onNextTurn(step: Step): void {
  if (due.push(step) === 1) setImmediate(run);
}

function run(): void {
  const steps = due;
  due = [];
  for (const step of steps) step();
}
