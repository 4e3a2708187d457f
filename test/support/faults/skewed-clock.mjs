// Loaded before a program (`--import`): its wall clock is off by SKEW_MS. Clocks that nobody sets go on as they are.
const skewMs = Number(process.env.SKEW_MS ?? 0);
const { now } = Date;

globalThis.Date = class extends Date {
  constructor(...args) {
    if (args.length === 0) super(now() + skewMs);
    else super(...args);
  }

  static now() {
    return now() + skewMs;
  }
};
