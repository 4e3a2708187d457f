export * from './a2a.error.js';
export * from './errors.js';
export * from './json-rpc.mapping.js';
export * from './http.mapping.js';
export * from './grpc.mapping.js';
