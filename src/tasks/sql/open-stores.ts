import { DataSource, type DataSourceOptions } from 'typeorm';
import type { OpenStores } from '../stores.js';
import { prepareDataSource } from './prepare-data-source.js';
import { type SqlStores, createSqlStores } from './sql-stores.js';
import type { SqlStoresOptions } from './sql-stores.options.js';

export type OpenSqlStores = OpenStores & SqlStores & { readonly dataSource: DataSource };

/** Connects, brings the schema up to date, and gives the stores. `close` closes all of it. */
export async function openSqlStores(
  dataSourceOptions: DataSourceOptions,
  options: SqlStoresOptions = {},
): Promise<OpenSqlStores> {
  const dataSource = await prepareDataSource(dataSourceOptions);
  const stores = await createSqlStores(dataSource, options);
  return {
    ...stores,
    dataSource,
    // What sql.js holds is in this process's memory, of one DataSource.
    ...(dataSourceOptions.type !== 'sqljs' && { reopen: () => openSqlStores(dataSourceOptions, options) }),
    close: async () => {
      await stores.close();
      await dataSource.destroy();
    },
  };
}
