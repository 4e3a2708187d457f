// After a test run: stops the Postgres that the set-up started, if it did.
export default async function globalTeardown() {
  await globalThis.stopTestDatabase?.();
}
