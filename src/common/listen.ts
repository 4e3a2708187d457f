import type { Observable } from 'rxjs';
import { SafeLogger } from './safe-logger.js';

const LOGGER = new SafeLogger('Listeners');

/** Returns the function that unsubscribes. What the listener throws is logged and does not affect other listeners. */
export function listen<T>(
  source: Observable<T>,
  listener: (value: T) => void,
  logger: Pick<SafeLogger, 'error'> = LOGGER,
): () => void {
  const subscription = source.subscribe((value) => {
    try {
      listener(value);
    } catch (error) {
      logger.error('A listener threw; the others were called.', error);
    }
  });
  return () => subscription.unsubscribe();
}
