export type * from './v0-3-card.model.js';
export { mergedCard } from './merged-card.js';
export { toV03Card } from './to-v0-3-card.js';
export { toV10Card } from './to-v1-0-card.js';
