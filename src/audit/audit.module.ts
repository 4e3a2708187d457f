import { type DynamicModule, Module, type ModuleMetadata, type Provider } from '@nestjs/common';
import { AuditTrail } from './audit.trail.js';

/** Provides the audit trail everywhere. `trail` makes it. */
@Module({})
export class AuditModule {
  static register(imports: ModuleMetadata['imports'], trail: Provider): DynamicModule {
    return { module: AuditModule, global: true, imports, providers: [trail], exports: [AuditTrail] };
  }
}
