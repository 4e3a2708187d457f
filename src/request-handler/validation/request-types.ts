import type { RequestName } from '../../protocol/codec.interface.js';
import type {
  CancelTaskRequest,
  GetTaskRequest,
  ListTasksRequest,
  SendMessageRequest,
  SubscribeToTaskRequest,
} from '../../protocol/model/index.js';
import {
  CancelTaskRequestDto,
  GetTaskRequestDto,
  ListTasksRequestDto,
  SendMessageRequestDto,
  SubscribeToTaskRequestDto,
} from './dto/index.js';
import type { DtoClass } from './rules/index.js';

/** What a valid request of each name is. */
export interface RequestTypes {
  SendMessage: SendMessageRequest;
  GetTask: GetTaskRequest;
  ListTasks: ListTasksRequest;
  CancelTask: CancelTaskRequest;
  SubscribeToTask: SubscribeToTaskRequest;
}

/** What declares the rules of each request. */
export const REQUEST_DTOS = {
  SendMessage: SendMessageRequestDto,
  GetTask: GetTaskRequestDto,
  ListTasks: ListTasksRequestDto,
  CancelTask: CancelTaskRequestDto,
  SubscribeToTask: SubscribeToTaskRequestDto,
} as const satisfies Record<RequestName, DtoClass>;
