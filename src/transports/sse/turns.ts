type Step = () => void;

let due: Step[] = [];

/** Calls `step`, which must not throw, in the next event loop turn. All steps of a turn share one callback. */
export function onNextTurn(step: Step): void {
  if (due.push(step) === 1) setImmediate(run);
}

function run(): void {
  const steps = due;
  due = [];
  for (const step of steps) step();
}
