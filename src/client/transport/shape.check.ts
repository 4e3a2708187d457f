import { isObject } from '../../common/is-object.js';
import { A2AClientJSONError } from '../errors/client.errors.js';

/** A member of a peer's answer, with its path. Every method throws A2AClientJSONError naming the path. */
export class Found {
  constructor(
    readonly value: unknown,
    readonly path: string,
  ) {}

  wrong(what: string): never {
    throw new A2AClientJSONError(`The agent's answer is none of A2A: ${this.path} ${what}.`);
  }

  object(): Record<string, unknown> {
    return isObject(this.value) ? this.value : this.wrong('must be an object');
  }

  member(name: string): Found {
    return new Found(this.object()[name], `${this.path}.${name}`);
  }

  /** A string that is not empty. */
  text(): string {
    return typeof this.value === 'string' && this.value !== '' ? this.value : this.wrong('must be a string');
  }

  /** Absent, or of that type. */
  optional(type: 'string' | 'boolean' | 'number' | 'object'): void {
    if (this.value === undefined) return;
    if (type === 'object' ? !isObject(this.value) : typeof this.value !== type) {
      this.wrong(`must be ${type === 'object' ? 'an object' : `a ${type}`}`);
    }
  }

  /** Empty when absent: ProtoJSON omits empty lists. */
  items(): Found[] {
    if (this.value === undefined) return [];
    if (!Array.isArray(this.value)) this.wrong('must be a list');
    return (this.value as unknown[]).map((item, index) => new Found(item, `${this.path}[${index}]`));
  }
}
