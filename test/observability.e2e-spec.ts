import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { ResumableLabAgent } from '../examples/lab/lab.agent.js';
import { type Instrument, INSTRUMENTS } from '../src/common/metrics/instruments.js';
import { A2aMetricsModule } from '../src/metrics/a2a-metrics.module.js';
import { DefaultLabAgent } from './support/lab-app.js';
import { recordsOf } from './support/markdown.js';
import { metricsIn } from './support/promql.js';
import { textMessage } from './support/rpc.client.js';
import { Scrape } from './support/scrape.js';
import { ROOT } from './support/snippets.js';
import { TestApp } from './support/test-app.js';
import { WebhookReceiver } from './support/webhook.receiver.js';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: Readonly<Record<string, string>>;
}
interface Rules {
  readonly groups: readonly { readonly rules: readonly Rule[] }[];
}
interface Panel {
  readonly title: string;
  readonly targets: readonly { readonly expr: string }[];
}

const read = (file: string): string => readFileSync(path.join(ROOT, 'docs', file), 'utf8');
const plain = (cell = ''): string => cell.replaceAll('`', '');

const RECORDS = recordsOf(read('observability.md'));
const RULES = (parse(read('deploy/prometheus-rules.yml')) as Rules).groups.flatMap(({ rules }) => rules);
const { panels: PANELS } = JSON.parse(read('deploy/grafana-dashboard.json')) as { panels: readonly Panel[] };

/** Samples of a histogram have these names. */
const withSuffixes = (names: readonly string[]): Set<string> =>
  new Set(names.flatMap((name) => [name, `${name}_bucket`, `${name}_sum`, `${name}_count`]));

describe('the page about observability', () => {
  it('describes each metric as the code does', () => {
    const described = RECORDS.filter(({ metric }) => metric !== undefined);
    const expected = Object.entries<Instrument>(INSTRUMENTS).map(([name, { type, labels, help }]) => [
      name,
      type,
      labels.join(', '),
      help,
    ]);
    expect(described.map(({ metric, type, labels, meaning }) => [metric, type, labels, meaning].map(plain))).toEqual(
      expected,
    );
  });

  it('says what to do about each alert', () => {
    const advised = RECORDS.flatMap(({ alert }) => (alert === undefined ? [] : [plain(alert)]));
    expect(advised).toEqual(RULES.map(({ alert }) => alert));
  });

  it('has labels of few values alone', () => {
    const labels = new Set(Object.values(INSTRUMENTS).flatMap((instrument) => [...instrument.labels]));
    expect([...labels].sort()).toEqual(['agent', 'binding', 'holder', 'operation', 'outcome', 'version']);
  });
});

describe('the metrics of an application on Postgres', () => {
  let app: TestApp;
  let receiver: WebhookReceiver;
  let scrape: Scrape;

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    app = await TestApp.start({
      storage: 'postgres',
      agents: [DefaultLabAgent, ResumableLabAgent],
      imports: [A2aMetricsModule.forRoot({ authorize: () => true })],
      pushNotifications: { allowedHosts: ['127.0.0.0/8'], pollMs: 20 },
    });
    await app.rpc().result('SendMessage', {
      message: textMessage('echo hi'),
      configuration: { taskPushNotificationConfig: { url: receiver.url() } },
    });
    await receiver.until('/hook', 1);
    scrape = await Scrape.from(`${app.origin}/metrics`);
  });
  afterAll(async () => {
    await app.close();
    await receiver.stop();
  });

  it('are all that the page names, each with its type', () => {
    for (const [name, { type }] of Object.entries<Instrument>(INSTRUMENTS))
      expect(scrape.text).toContain(`# TYPE ${name} ${type}\n`);
  });

  it('have a value from the first scrape on, unless they are about what has not happened', () => {
    const { sampleNames } = scrape;
    const without = Object.entries<Instrument>(INSTRUMENTS).flatMap(([name, { type }]) =>
      sampleNames.has(type === 'histogram' ? `${name}_count` : name) ? [] : [name],
    );
    expect(without).toEqual(['a2a_takeovers_total']);
  });

  it.each(RULES.map(({ alert, expr }) => [alert, expr]))('are those that the alert %s asks for', (_alert, expr) => {
    const asked = metricsIn(expr);
    expect(asked).not.toEqual([]);
    const known = withSuffixes(scrape.names);
    expect(asked.filter((name) => !known.has(name))).toEqual([]);
  });

  it.each(PANELS.map(({ title, targets }) => [title, targets.map(({ expr }) => expr)] as const))(
    'are those that the panel "%s" shows',
    (_title, expressions) => {
      const asked = expressions.flatMap(metricsIn);
      expect(asked.length).toBeGreaterThanOrEqual(expressions.length);
      const known = withSuffixes(scrape.names);
      expect(asked.filter((name) => !known.has(name))).toEqual([]);
    },
  );

  it('are each in a panel', () => {
    const shown = new Set(PANELS.flatMap(({ targets }) => targets.flatMap(({ expr }) => metricsIn(expr))));
    const hidden = Object.keys(INSTRUMENTS).filter((name) => !shown.has(name) && !shown.has(`${name}_bucket`));
    expect(hidden).toEqual([]);
  });
});

describe('what is no PromQL', () => {
  it('is found', () => expect(() => metricsIn('sum by (a) (rate(a2a_runs[5m])')).toThrow('no PromQL'));
});
