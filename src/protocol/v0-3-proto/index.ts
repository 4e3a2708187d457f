export { v03ProtoCodec } from './v0-3-proto.codec.js';
export type * from './proto.model.js';
export { artifactToProto, messageToProto, streamResponseToProto, taskToProto } from './to-proto.js';
export { messageFromProto, streamResponseFromProto, taskFromProto } from './from-proto.js';
export { configName, readResourceName } from './resource-name.js';
