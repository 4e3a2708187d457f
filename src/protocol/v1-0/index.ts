export { v10Codec } from './v1-0.codec.js';
