import { afterEach, describe, expect, it } from '@jest/globals';
import * as grpc from '@grpc/grpc-js';
import { Task } from '@a2a-js/sdk';
import { createServer, type AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { GrpcClient, nextOf, readAll, SERVICES, V10 } from './support/grpc.client.js';
import { send, taskOf } from './support/grpc-messages.js';
import { Program } from './support/program.js';
import { ROOT } from './support/snippets.js';
import { CA, CLIENT, OTHER_CA, OTHER_CLIENT, RENEWED, SERVER, tlsFile } from './support/tls/index.js';
import { until } from '../src/testing/contracts/until.js';

const MAIN = path.join(process.env.A2A_TEST_DIST ?? path.join(ROOT, 'dist'), 'src/service/main.js');
const LAB = { ...V10, 'x-a2a-agent': 'lab' };
const ADDRESS = /gRPC listens on (\S+)/;

describe('the service with GRPC_PORT', () => {
  let service: Program | undefined;
  let client: GrpcClient | undefined;
  afterEach(async () => {
    client?.close();
    await service?.stop('SIGKILL');
  });

  /** Until both ports listen. */
  async function start(
    env: Record<string, string>,
    credentials?: grpc.ChannelCredentials,
    options?: grpc.ClientOptions,
  ): Promise<GrpcClient> {
    let address: string | undefined;
    service = await Program.start({
      command: process.execPath,
      args: [MAIN, '--lab'],
      cwd: ROOT,
      env: { STORE: 'memory', PORT: '0', ...env },
      ready: (line) => {
        address ??= ADDRESS.exec(line)?.[1];
        return line.includes('Listening on') ? address : undefined;
      },
    });
    return (client = new GrpcClient(service.url, credentials, options));
  }

  it('serves gRPC, and ends its streams when it is told to end', async () => {
    const here = await start({ GRPC_PORT: '0' });
    const task = taskOf(await here.unary(SERVICES['1.0']['sendMessage'], send(), LAB));
    expect(Task.toJSON(task)).toMatchObject({ status: { state: 'TASK_STATE_COMPLETED' } });
    const stream = here.stream(SERVICES['1.0']['sendStreamingMessage'], send({ parts: [{ text: 'auth' }] }), LAB);
    await nextOf(stream);
    expect(await service!.stop('SIGTERM')).toBe(0);
    expect((await readAll(stream)).status.code).toBe(grpc.status.UNAVAILABLE);
  });

  it('serves it with TLS from files', async () => {
    const files = { GRPC_TLS_CERT_FILE: tlsFile('server.crt'), GRPC_TLS_KEY_FILE: tlsFile('server.key') };
    const localhost = { 'grpc.ssl_target_name_override': 'localhost' };
    const here = await start({ GRPC_PORT: '0', ...files }, grpc.credentials.createSsl(CA), localhost);
    expect(taskOf(await here.unary(SERVICES['1.0']['sendMessage'], send(), LAB)).id).not.toBe('');
  });

  it('serves renewed files of TLS without a restart, also to clients with certificates', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'a2a-grpc-tls-'));
    const [cert, key, clientCa] = ['tls.crt', 'tls.key', 'clients.crt'].map((name) => path.join(folder, name)) as [
      string,
      string,
      string,
    ];
    const write = (pair: typeof SERVER, ca: Buffer): void => {
      writeFileSync(cert, pair.cert);
      writeFileSync(key, pair.key);
      writeFileSync(clientCa, ca);
    };
    write(SERVER, CA);
    const localhost = { 'grpc.ssl_target_name_override': 'localhost' };
    const files = { GRPC_TLS_CERT_FILE: cert, GRPC_TLS_KEY_FILE: key, GRPC_TLS_CLIENT_CA_FILE: clientCa };
    await start({ GRPC_PORT: '0', A2A_MTLS_OWNER: 'cn', ...files });
    const codeWith = async (trusted: Buffer, own: typeof CLIENT): Promise<number | undefined> => {
      const one = new GrpcClient(service!.url, grpc.credentials.createSsl(trusted, own.key, own.cert), localhost);
      const { error } = await one.unary(SERVICES['1.0']['sendMessage'], send(), LAB);
      one.close();
      return error?.code;
    };
    const { UNAVAILABLE } = grpc.status;
    expect([await codeWith(CA, CLIENT), await codeWith(CA, OTHER_CLIENT)]).toEqual([undefined, UNAVAILABLE]);
    write(RENEWED, OTHER_CA);
    await until(() => service!.output.includes('New connections to gRPC get the renewed certificate'));
    expect([
      await codeWith(OTHER_CA, OTHER_CLIENT),
      await codeWith(OTHER_CA, CLIENT),
      await codeWith(CA, OTHER_CLIENT),
    ]).toEqual([undefined, UNAVAILABLE, UNAVAILABLE]);
    rmSync(folder, { recursive: true });
  });

  it('says in one line that the port is taken, and does not start', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const port = String((other.address() as AddressInfo).port);
    const failed = start({ GRPC_PORT: port }).catch((error: unknown) => String(error));
    const output = await failed;
    expect(output).toContain(
      `gRPC cannot listen on 127.0.0.1:${port}: the port is in use. Choose another one (GRPC_PORT`,
    );
    expect(output).not.toMatch(/\n\s+at /);
    await new Promise((resolve) => other.close(resolve));
  });
});
