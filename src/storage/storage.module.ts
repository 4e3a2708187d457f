import { type DynamicModule, type FactoryProvider, Module, type ModuleMetadata } from '@nestjs/common';
import {
  STORED_API_KEYS_SOURCE,
  type StoredApiKeysSource,
} from '../security/authentication/api-keys/storage-api-keys.js';
import { STORES } from '../tasks/tasks.module.js';
import type { OpenStorage } from './a2a-storage.interface.js';

/** Name of the TypeORM DataSource that the tables of A2A live on. */
export const A2A_CONNECTION = 'a2a';

/** `getDataSourceToken(A2A_CONNECTION)` of @nestjs/typeorm, which need not be installed. */
const DATA_SOURCE = `${A2A_CONNECTION}DataSource`;

/** Opens the storage that `storage` provides for STORES. Its DataSource, if it stands on one, can be injected anywhere. */
@Module({})
export class StorageModule {
  static register(
    imports: ModuleMetadata['imports'],
    storage: FactoryProvider<Promise<OpenStorage>>,
    apiKeys: FactoryProvider<StoredApiKeysSource>,
  ): DynamicModule {
    return {
      module: StorageModule,
      global: true,
      imports,
      providers: [
        storage,
        apiKeys,
        {
          provide: DATA_SOURCE,
          inject: [STORES],
          useFactory: ({ dataSource }: OpenStorage) => dataSource,
        },
      ],
      exports: [STORES, STORED_API_KEYS_SOURCE, DATA_SOURCE],
    };
  }
}
