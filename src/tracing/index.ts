export { A2aTracingModule } from './a2a-tracing.module.js';
