import { Inject, Injectable } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { AGENT_REGISTRY, type AgentRegistry } from '../../../agents/agent-registry.interface.js';
import { checkKeys, show } from '../../../common/option-checks.js';
import { TASK_STATES } from '../../../protocol/state/task-state.js';
import { knownAgents } from '../known-agents.js';
import { onTaskEventOf, type OnTaskEventOptions, type TaskEventHandler } from './on-task-event.decorator.js';

/** A method with `@OnTaskEvent()`. */
export interface DiscoveredHandler {
  /** `Class.method` */
  readonly name: string;
  readonly options: OnTaskEventOptions;
  readonly handle: TaskEventHandler;
}

const LISTS = { states: TASK_STATES, kinds: ['task', 'status', 'artifact'] } as const;

type Wrapper = ReturnType<DiscoveryService['getProviders']>[number];

/** Finds the methods with `@OnTaskEvent()` of all providers and controllers. Call it when the agents are known. */
@Injectable()
export class TaskEventExplorer {
  readonly #scanner = new MetadataScanner();

  constructor(
    private readonly discovery: DiscoveryService,
    @Inject(AGENT_REGISTRY) private readonly agents: AgentRegistry,
  ) {}

  /** @throws TypeError naming the method whose options are wrong, or that cannot be called */
  explore(): DiscoveredHandler[] {
    const wrappers = [...this.discovery.getProviders(), ...this.discovery.getControllers()];
    // A provider with two tokens is one object.
    const seen = new Set<unknown>();
    const handlers = wrappers.flatMap((wrapper) => {
      const prototype = prototypeOf(wrapper);
      const fresh = prototype !== undefined && !seen.has(wrapper.instance);
      if (!fresh) return [];
      seen.add(wrapper.instance);
      return this.#scanner
        .getAllMethodNames(prototype)
        .flatMap((method) => this.#handler(wrapper, prototype, method) ?? []);
    });
    checkNames(handlers.filter(({ options }) => options.once));
    return handlers;
  }

  #handler(wrapper: Wrapper, prototype: object, method: string): DiscoveredHandler | undefined {
    const { value } = descriptorOf(prototype, method) ?? {};
    const options = typeof value === 'function' ? onTaskEventOf(value as object) : undefined;
    if (!options) return undefined;
    const name = `${prototype.constructor.name}.${method}`;
    const refuse = (problem: string): never => {
      throw new TypeError(`${name}: @OnTaskEvent(): ${problem}`);
    };
    if (!wrapper.isDependencyTreeStatic() || wrapper.isTransient)
      refuse('its class must be a singleton, but it is request-scoped or transient.');
    this.#check(options, refuse);
    const instance = wrapper.instance as Record<string, TaskEventHandler>;
    return { name, options, handle: (event, caller) => instance[method]!(event, caller) };
  }

  #check(options: OnTaskEventOptions, refuse: (problem: string) => never): void {
    checkKeys(options, ['agent', ...Object.keys(LISTS), 'once'], '', refuse);
    const { agent, once = false } = options;
    if (typeof once !== 'boolean') refuse(`once is ${show(once)}: use true or false.`);
    if (agent !== undefined && !this.agents.get(agent))
      refuse(`there is no agent '${String(agent)}'. ${knownAgents(this.agents)}`);
    for (const [list, known] of Object.entries(LISTS)) {
      const given: unknown = options[list as keyof typeof LISTS];
      if (given === undefined) continue;
      if (!Array.isArray(given) || given.length === 0)
        refuse(`${list} is ${show(given)}: use a list of ${known.join(', ')}.`);
      const wrong = (given as unknown[]).find((value) => !(known as readonly unknown[]).includes(value));
      if (wrong !== undefined) refuse(`${list} has ${show(wrong)}: use ${known.join(', ')}.`);
    }
  }
}

/** What is owed to a handler is stored under its name. */
function checkNames(handlers: readonly DiscoveredHandler[]): void {
  const names = handlers.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined)
    throw new TypeError(
      `${twice}: @OnTaskEvent({ once: true }): there are two of this name. Rename a class or a method.`,
    );
}

/** Request-scoped providers have no instance yet. */
function prototypeOf({ instance, metatype }: Wrapper): object | undefined {
  const own: unknown = Object(instance) === instance ? Object.getPrototypeOf(instance) : undefined;
  const prototype = own ?? (typeof metatype === 'function' ? (metatype.prototype as unknown) : undefined);
  return Object(prototype) === prototype ? (prototype as object) : undefined;
}

/** Getters are not called. */
function descriptorOf(prototype: object, name: string): PropertyDescriptor | undefined {
  for (let at: unknown = prototype; at !== null && at !== undefined; at = Object.getPrototypeOf(at)) {
    const found = Object.getOwnPropertyDescriptor(at, name);
    if (found) return found;
  }
  return undefined;
}
