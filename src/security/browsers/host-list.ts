import { isIP } from 'node:net';

const NAME = /^[a-z0-9_]([a-z0-9._-]*[a-z0-9_])?$/;

/** Host names and IP addresses; `*.example.com` has all names below it, `*` has all. Letter case is ignored. */
export class HostList {
  readonly #names = new Set<string>();
  readonly #suffixes: string[] = [];
  readonly all: boolean;

  /** @throws RangeError naming an entry that is none of these, such as one with a scheme or a port. */
  constructor(entries: Iterable<string>) {
    for (const entry of entries) this.#add(entry);
    this.all = this.#names.has('*');
  }

  get empty(): boolean {
    return this.#names.size + this.#suffixes.length === 0;
  }

  /** `name`: as `hostNameOf` returns it. */
  has(name: string): boolean {
    return this.all || this.#names.has(name) || this.#suffixes.some((suffix) => name.endsWith(suffix));
  }

  #add(entry: string): void {
    const name = entry.toLowerCase();
    const below = name.startsWith('*.') ? name.slice(1) : undefined;
    const address = name.replace(/^\[(.*)\]$/, '$1');
    if (below !== undefined && NAME.test(below.slice(1))) this.#suffixes.push(below);
    else if (name === '*' || NAME.test(name) || isIP(address) !== 0) this.#names.add(address);
    else
      throw new RangeError(`'${entry}' is not a host name, such as agents.example.com or *.example.com, without port.`);
  }
}

/** The name in a `Host` header, in lower case, without port, brackets and the dot at the end; undefined if it is not valid. */
export function hostNameOf(host: string): string | undefined {
  const [, address, name] = /^(?:\[([\da-f:.]+)\]|([^\s:/?#@[\]]+))(?::\d*)?$/i.exec(host) ?? [];
  return (address ?? name?.replace(/\.$/, ''))?.toLowerCase();
}
