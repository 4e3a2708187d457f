import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ConfigurationError } from './configuration.error.js';
import { loadEnvironment } from './load-environment.js';
import { moduleOptions } from './module-options.js';
import { quotasFile } from './quotas-file.js';

const directory = mkdtempSync(path.join(os.tmpdir(), 'a2a-quotas-'));
afterAll(() => rmSync(directory, { recursive: true }));
const file = path.join(directory, 'quotas.json');
const QUOTAS = {
  default: { storedTasks: 10 },
  owners: { alice: { callsPerMinute: 6000 } },
  tenants: { acme: { runs: 5 } },
};

describe('the file of quotas', () => {
  it('is the option of the module', () => {
    writeFileSync(file, JSON.stringify(QUOTAS));
    const environment = loadEnvironment(
      { A2A_QUOTAS_FILE: file, DATABASE_URL: 'postgres://localhost/a2a' },
      { warn: () => undefined },
    );
    expect(moduleOptions({ environment, lab: false }).quotas).toEqual(QUOTAS);
  });

  it.each([
    ['{', /A2A_QUOTAS_FILE: \S+ is not JSON\./],
    ['[]', /is not a JSON object/],
    ['{"owner":{}}', /'?owner'? is not an option/],
    ['{"owners":{"alice":{"run":1}}}', /quotas\.owners\["alice"\].*run/],
    ['{"owners":{"alice":{"runs":0}}}', /quotas\.owners\["alice"\]\.runs must be a whole number from 1/],
    ['{"owners":{"alice":5}}', /quotas\.owners\["alice"\] must be an object/],
    ['{"tenants":{"acme":{"webhooks":1}}}', /quotas\.tenants\["acme"\].*webhooks/],
    ['{"default":{"storedBytes":"1"}}', /quotas\.default\.storedBytes must be a whole number/],
  ])('is refused by name: %s', (text, problem) => {
    writeFileSync(file, text);
    const read = (): unknown => quotasFile(file);
    expect(read).toThrow(problem);
    expect(read).toThrow(ConfigurationError);
  });

  it('says that it cannot be read', () => {
    expect(() => quotasFile(path.join(directory, 'none'))).toThrow(/A2A_QUOTAS_FILE: .*none cannot be read: ENOENT/);
  });
});
