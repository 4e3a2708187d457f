export { v10Codec } from './v1-0.codec.js';
export { decodeV10 } from './v1-0.answers.js';
