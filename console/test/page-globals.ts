/** What modules of the console find in a browser, as far as they need it without one. */
export function pretendPage(origin: string): void {
  const store = new Map<string, string>();
  Object.assign(globalThis, {
    location: new URL('/console/', origin),
    document: { querySelector: () => null },
    sessionStorage: {
      getItem: (key: string) => store.get(key) ?? null,
      setItem: (key: string, value: string) => void store.set(key, value),
      removeItem: (key: string) => void store.delete(key),
    },
  });
}
