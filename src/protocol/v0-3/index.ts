export { v03Codec } from './v0-3.codec.js';
export type * from './v0-3.model.js';
export * from './names.table.js';
export * from './to-v0-3.js';
export { messageFromV03, streamResponseFromV03, taskFromV03 } from './from-v0-3.js';
export { decodeV03PushConfig, pushConfigToV03, taskPushConfigToV03 } from './push-config.js';
export * from './card/index.js';
