// An application with an agent, routes of its own and its documentation, on a free port. Arguments: the url of the built sources, the
// adapter. Writes {url} as JSON when it listens. Apart from jest, where CommonJS packages cannot require ES modules.
import 'reflect-metadata';
import { Controller, Get } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';

const [source, adapter] = process.argv.slice(2);
const { A2aAgent, A2aModule } = await import(`${source}index.js`);
const { addA2aToOpenApi } = await import(`${source}openapi/index.js`);
const { setupOpenApi } = await import(`${source}service/openapi/set-up-openapi.js`);

class LabAgent {
  async execute() {}
}
const skills = [{ id: 'test', name: 'Test', description: 'Tests', tags: ['test'] }];
A2aAgent({ id: 'lab', default: true, description: 'Tries things', skills })(LabAgent);

class OwnController {
  mine() {}
  documents() {
    const own = SwaggerModule.createDocument(app, config);
    return { own, added: addA2aToOpenApi(JSON.parse(JSON.stringify(own)), app), early };
  }
}
const { prototype } = OwnController;
for (const path of ['mine', 'documents']) Get(path)(prototype, path, Object.getOwnPropertyDescriptor(prototype, path));
Controller()(OwnController);

const options = {
  module: class Root {},
  imports: [A2aModule.forRoot()],
  providers: [LabAgent],
  controllers: [OwnController],
};
const app = await NestFactory.create(options, ...(adapter === 'fastify' ? [new FastifyAdapter()] : []), {
  logger: ['error'],
});
const config = new DocumentBuilder().setTitle('Mine').build();
let early;
try {
  addA2aToOpenApi(SwaggerModule.createDocument(app, config), app);
} catch (error) {
  early = error.message;
}
await setupOpenApi(app, { version: '1.2.3' });
await app.listen(0, '127.0.0.1');
process.stdout.write(`${JSON.stringify({ url: await app.getUrl() })}\n`);
