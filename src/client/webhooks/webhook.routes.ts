import 'reflect-metadata';
import { Injectable } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { NEST_METADATA } from '../../agents/nest-metadata.js';

export const IS_WEBHOOK = 'a2a:webhook';

/** Knows the paths of all methods with `@A2aWebhook()`. */
@Injectable()
export class WebhookRoutes {
  #ends?: RegExp;

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  /** Whether a request may be for one: its path ends like one. What stands before it, a global prefix or a version, is Nest's matter. */
  readonly matches = ({ method, url = '' }: { method?: string; url?: string }): boolean => {
    if (method !== 'POST') return false;
    this.#ends ??= this.#find();
    return this.#ends.test(url.replace(/\?.*/s, ''));
  };

  #find(): RegExp {
    const paths = this.discovery.getControllers().flatMap(({ metatype }) => (metatype ? this.#pathsOf(metatype) : []));
    return paths.length === 0 ? /(?!)/ : new RegExp(`(?:${paths.map(pattern).join('|')})/?$`, 'i');
  }

  #pathsOf(controller: object): string[] {
    const { prototype } = controller as { prototype: Record<string, object> };
    const bases = pathsAt(controller);
    return this.scanner.getAllMethodNames(prototype).flatMap((name) => {
      const handler = prototype[name] as () => unknown;
      if (!this.reflector.get<boolean | undefined>(IS_WEBHOOK, handler)) return [];
      return bases.flatMap((base) => pathsAt(handler).map((path) => `${base}/${path}`));
    });
  }
}

const pathsAt = (target: object): string[] =>
  [Reflect.getMetadata(NEST_METADATA.path, target) as string | string[]].flat();

/** `/hooks/:shop` as an expression; a parameter is one segment. */
const pattern = (path: string): string =>
  path
    .split('/')
    .filter((segment) => segment !== '')
    .map((segment) => (segment.startsWith(':') ? '/[^/]+' : `/${segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`))
    .join('');
