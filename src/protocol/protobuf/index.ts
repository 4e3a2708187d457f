export { field } from './field.js';
export { enumOf, string } from './field-types.js';
export { message, MessageType } from './message.js';
export { ProtobufError } from './wire.js';
export { encodeRpcStatus } from './schemas/rpc-status.schema.js';
export { V03 } from './schemas/v0-3.schema.js';
export { V10 } from './schemas/v1-0.schema.js';
