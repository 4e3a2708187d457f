import { Logger, type LoggerService } from '@nestjs/common';

/** Nest's logger of all contexts. Its property is protected. */
const current = (): LoggerService | undefined =>
  (Logger as unknown as { staticInstanceRef?: LoggerService }).staticInstanceRef;

/**
 * Leaves our routes out of the lines that Nest logs for each route, while Nest registers them: there are dozens. All other lines go to the
 * application's logger as they are.
 */
export class RouteLog {
  #filter?: { readonly previous: LoggerService; readonly filter: LoggerService };

  /** `isOurs`: whether a route was registered by us, by its path as Nest writes it. */
  begin(controllers: ReadonlySet<string>, isOurs: (path: string) => boolean): void {
    const previous = current();
    if (typeof previous?.log !== 'function') return;
    const isOurLine = (message: unknown, context: unknown): boolean => {
      if (typeof message !== 'string') return false;
      if (context === 'RoutesResolver') return controllers.has(message.slice(0, message.indexOf(' ')));
      const path = context === 'RouterExplorer' ? /^Mapped \{(.*), [A-Z]+\}/.exec(message)?.[1] : undefined;
      return path !== undefined && isOurs(path);
    };
    const filter = new Proxy(previous, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        const method = value.bind(target) as (...args: unknown[]) => unknown;
        if (name !== 'log') return method;
        return (...args: unknown[]) => (isOurLine(args[0], args.at(-1)) ? undefined : method(...args));
      },
    });
    this.#filter = { previous, filter };
    Logger.overrideLogger(filter);
  }

  end(): void {
    // The application may have set another one meanwhile.
    if (this.#filter && current() === this.#filter.filter) Logger.overrideLogger(this.#filter.previous);
    this.#filter = undefined;
  }
}
