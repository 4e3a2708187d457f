import { type DynamicModule, Module } from '@nestjs/common';
import { admittingHandler } from './admitting-handler.js';
import { CancelTaskOperation } from './cancel-task.operation.js';
import { CreatePushConfigOperation } from './create-push-config.operation.js';
import { DeletePushConfigOperation } from './delete-push-config.operation.js';
import { GetExtendedAgentCardOperation } from './get-extended-agent-card.operation.js';
import { GetPushConfigOperation } from './get-push-config.operation.js';
import { GetTaskOperation } from './get-task.operation.js';
import { ListPushConfigsOperation } from './list-push-configs.operation.js';
import { ListTasksOperation } from './list-tasks.operation.js';
import { LIMITS_OPTIONS, type LimitsOptions } from '../common/limits.options.js';
import { MessageBacklog } from './message.backlog.js';
import { MessageReceiver } from './message.receiver.js';
import { PushConfigs } from './push-configs.js';
import { REQUEST_HANDLER } from './request-handler.interface.js';
import { DefaultRequestHandler } from './request-handler.service.js';
import { SendMessageOperation } from './send-message.operation.js';
import { SendStreamingMessageOperation } from './send-streaming-message.operation.js';
import { StreamOpener } from './stream.opener.js';
import { SubscribeToTaskOperation } from './subscribe-to-task.operation.js';
import { TenantAdmission } from './tenant.admission.js';
import { TurnWaiter } from './turn.waiter.js';

/**
 * The operations of the protocol. `imports` bring what stands below: execution, agents, push-notifications,
 * events, tasks.
 */
@Module({})
export class RequestHandlerModule {
  static register(imports: DynamicModule['imports']): DynamicModule {
    return {
      module: RequestHandlerModule,
      imports,
      providers: [
        CancelTaskOperation,
        CreatePushConfigOperation,
        DeletePushConfigOperation,
        GetExtendedAgentCardOperation,
        GetPushConfigOperation,
        GetTaskOperation,
        ListPushConfigsOperation,
        ListTasksOperation,
        {
          provide: MessageBacklog,
          inject: [LIMITS_OPTIONS],
          useFactory: (limits: LimitsOptions) => new MessageBacklog(limits),
        },
        MessageReceiver,
        PushConfigs,
        SendMessageOperation,
        SendStreamingMessageOperation,
        StreamOpener,
        SubscribeToTaskOperation,
        TurnWaiter,
        DefaultRequestHandler,
        TenantAdmission,
        {
          provide: REQUEST_HANDLER,
          inject: [DefaultRequestHandler, TenantAdmission],
          useFactory: admittingHandler,
        },
      ],
      exports: [REQUEST_HANDLER],
    };
  }
}
