import { type DynamicModule, Module } from '@nestjs/common';
import type { OperationName } from '../protocol/operations.js';
import { LIMITS_OPTIONS, type LimitsOptions } from '../common/limits.options.js';
import { MessageBacklog } from './message.backlog.js';
import { MessageReceiver } from './message.receiver.js';
import { PushConfigs } from './push-configs.js';
import { OPERATION_HANDLERS } from './operation.handlers.js';
import { type OperationHandler, REQUEST_HANDLER } from './request-handler.interface.js';
import { requestHandler } from './request-handler.js';
import { StreamOpener } from './stream.opener.js';
import { TenantAdmission } from './tenant.admission.js';
import { TurnWaiter } from './turn.waiter.js';

const NAMES = Object.keys(OPERATION_HANDLERS) as OperationName[];

/** The operations of the protocol. `imports` provide the layers below: execution, agents, push-notifications, events, tasks. */
@Module({})
export class RequestHandlerModule {
  static register(imports: DynamicModule['imports']): DynamicModule {
    return {
      module: RequestHandlerModule,
      imports,
      providers: [
        ...Object.values(OPERATION_HANDLERS),
        {
          provide: MessageBacklog,
          inject: [LIMITS_OPTIONS],
          useFactory: (limits: LimitsOptions) => new MessageBacklog(limits),
        },
        MessageReceiver,
        PushConfigs,
        StreamOpener,
        TurnWaiter,
        TenantAdmission,
        {
          provide: REQUEST_HANDLER,
          inject: [TenantAdmission, ...Object.values(OPERATION_HANDLERS)],
          useFactory: (admission: TenantAdmission, ...handlers: OperationHandler<OperationName>[]) =>
            requestHandler(
              handlers.map((handler, index) => [NAMES[index]!, handler]),
              admission,
            ),
        },
      ],
      exports: [REQUEST_HANDLER, StreamOpener, TenantAdmission],
    };
  }
}
