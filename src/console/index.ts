// The entry point nest-a2a/console: a console in the browser.
export { A2aConsoleModule } from './a2a-console.module.js';
export type { A2aConsoleModuleOptions } from './console.options.js';
