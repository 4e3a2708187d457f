import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { CHECK_LIMIT_MS } from '../src/service/health/readiness.service.js';
import { EXECUTION_DEFAULTS } from '../src/execution/execution.options.js';
import { environmentWith, longestShutdownMs, textOf, yamlOf } from './support/deployment.js';
import { ROOT } from './support/snippets.js';
import { ServiceProcess } from './support/service.process.js';
import { freePort } from './support/free-port.js';

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
  readonly periodSeconds: number;
  readonly timeoutSeconds?: number;
  readonly failureThreshold: number;
}

interface Container {
  readonly image: string;
  readonly command?: string[];
  readonly env?: { readonly name: string; readonly value: string }[];
  readonly envFrom?: { readonly configMapRef: { readonly name: string } }[];
  readonly ports?: { readonly name: string; readonly containerPort: number }[];
  readonly startupProbe: Probe;
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
  readonly securityContext: object;
  readonly volumeMounts: { readonly name: string; readonly mountPath: string }[];
}

interface Pod {
  readonly metadata: { readonly labels: Record<string, string> };
  readonly spec: {
    readonly terminationGracePeriodSeconds?: number;
    readonly securityContext: object;
    readonly automountServiceAccountToken: boolean;
    readonly containers: Container[];
    readonly volumes: { readonly name: string; readonly secret?: object }[];
  };
}

interface Workload {
  readonly spec: {
    readonly template: Pod;
    readonly strategy: object;
    readonly selector: { readonly matchLabels: object };
  };
}

const FOLDER = 'docs/deploy/kubernetes';
const manifest = <T>(name: string): T => yamlOf<T>(`${FOLDER}/${name}`);

const DEPLOYMENT = manifest<Workload>('deployment.yaml').spec;
const JOB = manifest<Workload>('migrations-job.yaml').spec;
const SETTINGS = manifest<{ metadata: { name: string }; data: Record<string, string> }>('settings.yaml');
const [service] = DEPLOYMENT.template.spec.containers as [Container];
const [job] = JOB.template.spec.containers as [Container];

/** How long a probe may fail before it counts. */
const patienceMs = ({ periodSeconds, failureThreshold }: Probe): number => periodSeconds * failureThreshold * 1000;

describe('docs/deploy/kubernetes', () => {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'a2a-kubernetes-'));
  const url = path.join(directory, 'database-url');
  beforeAll(() => writeFileSync(url, 'postgres://a2a:secret@db/a2a'));
  afterAll(() => rmSync(directory, { recursive: true }));
  const settings = () => environmentWith(SETTINGS.data, { '/run/secrets/a2a/database-url': url });

  it('applies each file of the folder', () => {
    const { resources } = manifest<{ resources: string[] }>('kustomization.yaml');
    const files = readdirSync(path.join(ROOT, FOLDER)).filter((name) => name !== 'kustomization.yaml');
    expect([...resources].sort()).toEqual(files.sort());
  });

  it('sets variables that there are, to values that they may have', () => {
    const { environment, warnings } = settings();
    expect(warnings).toEqual([]);
    expect(environment).toMatchObject({ A2A_MIGRATIONS: 'check', DATABASE_URL: 'postgres://a2a:secret@db/a2a' });
    expect(service.envFrom).toEqual([{ configMapRef: { name: SETTINGS.metadata.name } }]);
    expect(service.ports).toEqual([{ name: 'http', containerPort: environment.PORT }]);
  });

  it('gives pods the time to end that they may take, and the proxy time to notice', () => {
    const { environment } = settings();
    const { terminationGracePeriodSeconds = 0 } = DEPLOYMENT.template.spec;
    expect(terminationGracePeriodSeconds * 1000).toBeGreaterThan(longestShutdownMs(environment));
    expect(patienceMs(service.readinessProbe)).toBeLessThan(environment.A2A_DRAIN_DELAY_MS);
    expect(DEPLOYMENT.strategy).toMatchObject({ rollingUpdate: { maxUnavailable: 0 } });
  });

  it('does not kill a process that is slow to answer before other processes take over', () => {
    expect(patienceMs(service.livenessProbe)).toBeGreaterThan(EXECUTION_DEFAULTS.stallMs);
    expect((service.readinessProbe.timeoutSeconds ?? 1) * 1000).toBeGreaterThan(CHECK_LIMIT_MS);
  });

  it('selects the pods of the service, and no others', () => {
    const { labels } = DEPLOYMENT.template.metadata;
    const [spread] = (DEPLOYMENT.template.spec as unknown as { topologySpreadConstraints: { labelSelector: object }[] })
      .topologySpreadConstraints;
    const budget = manifest<{ spec: { selector: object } }>('disruption-budget.yaml').spec.selector;
    for (const selector of [DEPLOYMENT.selector, spread?.labelSelector, budget])
      expect(selector).toEqual({ matchLabels: labels });
    expect(manifest<{ spec: { selector: object; ports: object[] } }>('service.yaml').spec).toMatchObject({
      selector: labels,
      ports: [{ targetPort: 'http' }],
    });
    expect(JOB.template.metadata.labels).not.toEqual(labels);
    const { scaleTargetRef } = manifest<{ spec: { scaleTargetRef: object } }>('autoscaler.yaml').spec;
    expect(scaleTargetRef).toMatchObject({ kind: 'Deployment', name: 'nest-a2a' });
  });

  it.each([
    ['the service', DEPLOYMENT.template, service],
    ['the migrations', JOB.template, job],
  ])('runs %s as a user without rights, who reads secrets from files', (_name, { spec }, container) => {
    expect(spec.automountServiceAccountToken).toBe(false);
    expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(spec.volumes).toContainEqual({ name: 'secrets', secret: expect.objectContaining({ defaultMode: 0o440 }) });
    expect(container.volumeMounts).toContainEqual({ name: 'secrets', mountPath: '/run/secrets/a2a', readOnly: true });
    expect(textOf(`${FOLDER}/deployment.yaml`)).not.toMatch(/secretKeyRef|password/i);
  });

  it('migrates by a command that the image has', () => {
    const { bin } = JSON.parse(textOf('package.json')) as { bin: Record<string, string> };
    expect(job.command).toEqual(['node', bin['nest-a2a'], 'migrations', 'run']);
    expect(job.image).toBe(service.image);
    expect(textOf('Dockerfile')).toContain('COPY --from=build /app/dist ./dist');
  });

  describe('the probes', () => {
    let running: ServiceProcess;
    beforeAll(async () => {
      running = await ServiceProcess.start({ port: await freePort(), dataDir: directory, env: { STORE: 'memory' } });
    });
    afterAll(() => running.kill('SIGTERM'));

    it('ask for what the service answers', async () => {
      for (const { httpGet } of [service.startupProbe, service.livenessProbe, service.readinessProbe]) {
        expect(httpGet.port).toBe('http');
        expect([httpGet.path, (await fetch(`${running.origin}${httpGet.path}`)).status]).toEqual([httpGet.path, 200]);
      }
    });
  });
});
