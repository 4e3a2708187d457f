import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { hrefOf, parseRoute, type QueryPatch, type Route } from './route.js';

const subscribe = (changed: () => void): (() => void) => {
  window.addEventListener('hashchange', changed);
  return () => window.removeEventListener('hashchange', changed);
};

export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => location.hash);
  return useMemo(() => parseRoute(hash), [hash]);
}

export const go = (path: readonly string[], query?: QueryPatch): void => {
  location.hash = hrefOf(path, query);
};

/** Changes members of the query. Without `push` the present history entry is replaced: typing makes no entries. */
export function usePatchQuery(): (patch: QueryPatch, push?: boolean) => void {
  return useCallback((patch, push = false) => {
    const { path, query } = parseRoute(location.hash);
    const href = hrefOf(path, { ...query, ...patch });
    if (push) location.hash = href;
    else {
      history.replaceState(null, '', href);
      window.dispatchEvent(new HashChangeEvent('hashchange'));
    }
  }, []);
}
