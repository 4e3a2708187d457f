import {
  type DynamicModule,
  Inject,
  type MiddlewareConsumer,
  Module,
  type NestModule,
  RequestMethod,
} from '@nestjs/common';
import { RouterModule } from '@nestjs/core';
import { inLab } from '../admin/in-lab.js';
import { A2aAdminModule } from '../admin/index.js';
import { builtConsole, ConsoleFiles } from './console-files.js';
import { ConsoleController } from './console.controller.js';
import {
  type A2aConsoleModuleOptions,
  CONSOLE_OPTIONS,
  type ConsoleSettings,
  consoleSettings,
} from './console.options.js';
import { ConsolePages } from './console-pages.js';
import { PageMiddleware } from './page.middleware.js';

/** An admin API of the console's own: an application may have another one, at another path and for others. */
@Module({})
class ConsoleApiModule extends A2aAdminModule {}

@Module({})
class ConsolePagesModule implements NestModule {
  constructor(@Inject(CONSOLE_OPTIONS) private readonly settings: ConsoleSettings) {}

  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(PageMiddleware).forRoutes({ path: this.settings.path, method: RequestMethod.GET });
  }
}

/**
 * A console in the browser: tasks of all owners with their events, live; agents to try; webhooks and replicas. Import it once, beside
 * `A2aModule`. By default only browsers on this machine may use it.
 *
 * @example
 * imports: [A2aModule.forRoot(), A2aConsoleModule.forRoot({ authorize: (request) => isOperator(request.headers.authorization) })]
 */
@Module({})
export class A2aConsoleModule {
  /**
   * @throws TypeError, RangeError naming the option that is wrong
   * @throws Error if the pages were not built
   */
  static forRoot(options: A2aConsoleModuleOptions = {}): DynamicModule {
    return consoleModule(options);
  }
}

/** `lab`: the server is there for trials. Throws as `A2aConsoleModule.forRoot` does. */
export function consoleModule(options: A2aConsoleModuleOptions, lab = false): DynamicModule {
  const settings = consoleSettings(options);
  const { path } = settings;
  // Its routes are set below: a path of its own would be that of every A2aAdminModule of the application.
  const admin: DynamicModule = { ...A2aAdminModule.forRoot({ ...settings.admin, path: '' }), module: ConsoleApiModule };
  const api = lab ? inLab(admin) : admin;
  const pages: DynamicModule = {
    module: ConsolePagesModule,
    imports: [api],
    controllers: [ConsoleController],
    providers: [
      ConsolePages,
      { provide: CONSOLE_OPTIONS, useValue: settings },
      { provide: ConsoleFiles, useValue: ConsoleFiles.load(builtConsole()) },
    ],
  };
  const routes = RouterModule.register([
    { path: `${path}/api`, module: ConsoleApiModule },
    { path, module: ConsolePagesModule },
  ]);
  // In this order: the pages answer what is left.
  return { module: A2aConsoleModule, imports: [routes, api, pages] };
}
