import { useSyncExternalStore } from 'react';

const KEY = 'a2a-console-token';
const listeners = new Set<() => void>();

/** A bearer token of the operator, for this tab only. */
export const currentToken = (): string => sessionStorage.getItem(KEY) ?? '';

export function setToken(token: string): void {
  if (token) sessionStorage.setItem(KEY, token);
  else sessionStorage.removeItem(KEY);
  for (const listener of listeners) listener();
}

export const authorization = (): Record<string, string> => {
  const token = currentToken();
  return token ? { authorization: `Bearer ${token}` } : {};
};

export const useToken = (): string =>
  useSyncExternalStore((changed) => {
    listeners.add(changed);
    return () => listeners.delete(changed);
  }, currentToken);
