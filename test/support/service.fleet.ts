import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { freePort } from './free-port.js';
import { RpcClient } from './rpc.client.js';
import { ServiceProcess } from './service.process.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

/** Processes of the service, with the lab, on one database. */
export class ServiceFleet {
  readonly #services: ServiceProcess[] = [];
  readonly #dataDir = mkdtempSync(path.join(os.tmpdir(), 'a2a-fleet-'));

  private constructor(
    readonly database: TestDatabase,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  static async create(env: Readonly<Record<string, string>>): Promise<ServiceFleet> {
    return new ServiceFleet(await createTestDatabase(), env);
  }

  async start(env: Readonly<Record<string, string>> = {}, { lab = true } = {}): Promise<ServiceProcess> {
    const { database, env: common } = this;
    const service = await ServiceProcess.start({
      port: await freePort(),
      dataDir: this.#dataDir,
      lab,
      env: { DATABASE_URL: database.url, ...common, ...env },
    });
    this.#services.push(service);
    return service;
  }

  /** Leaves nothing behind, whatever state a test ended in. */
  async remove(): Promise<void> {
    await Promise.all(this.#services.map((service) => service.kill('SIGKILL')));
    await this.database.drop();
    rmSync(this.#dataDir, { recursive: true, force: true });
  }
}

/** An agent of the lab at one of the processes. */
export const labOf = (service: ServiceProcess, agent: 'lab' | 'lab-resumable' = 'lab'): RpcClient =>
  new RpcClient(`${service.origin}/agents/${agent}`);
