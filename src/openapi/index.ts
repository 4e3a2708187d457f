export { addA2aToOpenApi, type OpenApiDocument } from './add-to-openapi.js';
export type { A2aOpenApiOptions } from './describe-agents.js';
export { a2aSwaggerUi } from './swagger-ui.js';
