import { Injectable } from '@nestjs/common';
import type { PromRegistry } from './load-prom-client.js';

/** The part of the responses of Express and Fastify that is used. */
export interface HeaderSetter {
  header(name: string, value: string): unknown;
}

/** The registry that the metrics are in. */
@Injectable()
export class ScrapedMetrics {
  constructor(private readonly register: PromRegistry) {}

  /** The body of an answer, in the text format of Prometheus. Sets its headers. */
  async answer(response: HeaderSetter): Promise<string> {
    const text = await this.register.metrics();
    response.header('content-type', this.register.contentType);
    response.header('cache-control', 'no-store');
    return text;
  }
}
