export { v10Codec } from './v1-0.codec.js';
export { v10Decoder } from './v1-0.decoder.js';
