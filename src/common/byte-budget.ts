export interface ByteBudgetLimits {
  /** For all owners together. */
  readonly maxBytes: number;
  /** For each owner. */
  readonly maxBytesPerOwner: number;
}

/** Which budget is used up: the whole process, or the owner's share. */
export interface OverBudget {
  readonly ok: false;
  readonly full: 'process' | 'owner';
  readonly limit: number;
}

/** Bytes that an owner holds until `release`. */
export interface HeldBytes {
  readonly ok: true;
  readonly bytes: number;
  /** Holds more. Over budget it keeps what it held. */
  grow(bytes: number): OverBudget | undefined;
  /** Releases all of it. A second call does nothing. */
  release(): void;
}

interface OwnerBytes {
  bytes: number;
  /** How often the owner holds each piece of shared memory. Absent: none. */
  shared?: Map<object, number>;
}

/** What is at most this part of the cap is small; the default cap of 256 MiB makes it 64 KiB. */
const SMALL_PART = 1 / 4096;
/** Extra capacity above the cap for small requests: large ones must not block the calls of others. */
const RESERVED_PART = 1 / 8;

/**
 * Counts the bytes that wait in memory, per owner. There is a cap for the process and a share for each owner; what exceeds them is refused
 * at once. Shared memory (one Buffer for many readers) counts once in the process and once for each owner.
 *
 * An owner that holds nothing may exceed its share, up to the cap, and the only owner in the process may exceed the cap: a single large
 * item is slow for others, but never impossible. Small items may use an eighth of the cap on top, within their owner's share.
 */
export class ByteBudget {
  #bytes = 0;
  readonly #owners = new Map<string, OwnerBytes>();
  readonly #shared = new Map<object, number>();

  constructor(readonly limits: ByteBudgetLimits) {}

  /** Bytes held in the process, or by one owner. */
  held(owner?: string): number {
    return owner === undefined ? this.#bytes : (this.#owners.get(owner)?.bytes ?? 0);
  }

  /** `shared` identifies memory that others may hold too. */
  acquire(owner: string, bytes: number, shared?: object): HeldBytes | OverBudget {
    const inProcess = shared !== undefined && this.#shared.has(shared) ? 0 : bytes;
    const forOwner = shared !== undefined && this.#owners.get(owner)?.shared?.has(shared) ? 0 : bytes;
    return this.#atCapacity(owner, inProcess, forOwner) ?? this.hold(owner, bytes, shared);
  }

  /** Counts bytes that are already there and can no longer be refused. */
  hold(owner: string, bytes: number, shared?: object): HeldBytes {
    if (shared === undefined) this.#add(owner, bytes, bytes);
    else this.#share(owner, bytes, shared);
    let released = false;
    const held = {
      ok: true as const,
      bytes,
      grow: (more: number): OverBudget | undefined => {
        if (released) return undefined;
        const refusal = this.#atCapacity(owner, more, more, held.bytes);
        if (refusal) return refusal;
        this.#add(owner, more, more);
        held.bytes += more;
        return undefined;
      },
      release: (): void => {
        if (released) return;
        released = true;
        if (shared === undefined) return this.#add(owner, -held.bytes, -held.bytes);
        this.#add(owner, bytes - held.bytes, bytes - held.bytes);
        this.#unshare(owner, bytes, shared);
      },
    };
    return held;
  }

  /** `mine`: what the requesting holder has already; it does not count against itself. */
  #atCapacity(owner: string, inProcess: number, forOwner: number, mine = 0): OverBudget | undefined {
    const { maxBytes, maxBytesPerOwner } = this.limits;
    const others = this.#bytes - mine;
    const most = mine + inProcess <= maxBytes * SMALL_PART ? maxBytes * (1 + RESERVED_PART) : maxBytes;
    if (this.#bytes + inProcess > most && inProcess > 0 && others > 0)
      return { ok: false, full: 'process', limit: maxBytes };
    const held = this.#owners.get(owner)?.bytes ?? 0;
    if (held + forOwner > maxBytesPerOwner && forOwner > 0 && held - mine > 0)
      return { ok: false, full: 'owner', limit: maxBytesPerOwner };
    return undefined;
  }

  #share(owner: string, bytes: number, shared: object): void {
    const of = this.#owner(owner);
    const inProcess = this.#shared.get(shared) ?? 0;
    const forOwner = (of.shared ??= new Map<object, number>()).get(shared) ?? 0;
    this.#shared.set(shared, inProcess + 1);
    of.shared.set(shared, forOwner + 1);
    this.#bytes += inProcess === 0 ? bytes : 0;
    of.bytes += forOwner === 0 ? bytes : 0;
  }

  #unshare(owner: string, bytes: number, shared: object): void {
    const of = this.#owner(owner);
    const inProcess = (this.#shared.get(shared) ?? 1) - 1;
    const forOwner = (of.shared?.get(shared) ?? 1) - 1;
    if (inProcess === 0) this.#shared.delete(shared);
    else this.#shared.set(shared, inProcess);
    if (forOwner === 0) of.shared?.delete(shared);
    else of.shared?.set(shared, forOwner);
    this.#bytes -= inProcess === 0 ? bytes : 0;
    of.bytes -= forOwner === 0 ? bytes : 0;
    this.#forget(owner, of);
  }

  #add(owner: string, inProcess: number, forOwner: number): void {
    const of = this.#owners.get(owner);
    this.#bytes += inProcess;
    if (!of) {
      if (forOwner !== 0) this.#owners.set(owner, { bytes: forOwner });
      return;
    }
    of.bytes += forOwner;
    if (of.bytes === 0 && !of.shared?.size) this.#owners.delete(owner);
  }

  #owner(owner: string): OwnerBytes {
    let of = this.#owners.get(owner);
    if (of === undefined) this.#owners.set(owner, (of = { bytes: 0 }));
    return of;
  }

  #forget(owner: string, { bytes, shared }: OwnerBytes): void {
    if (bytes === 0 && (shared === undefined || shared.size === 0)) this.#owners.delete(owner);
  }
}
