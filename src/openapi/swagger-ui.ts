interface UiRequest {
  url: string;
  body?: unknown;
  headers: Record<string, string>;
  readonly loadSpec?: boolean;
}
interface UiResponse {
  readonly text?: string;
}

/**
 * Options of Swagger UI that make "Try it out" work call after call: `SwaggerModule.setup(…, { swaggerOptions: a2aSwaggerUi })`. Each
 * call of an example has a fresh `messageId`, `last-task` becomes the id of the task in the last answer, and a JSON-RPC call has the version of
 * its method. Schemas are collapsed. The functions run in the browser: they use nothing from
 * outside, and are not methods, whose text alone is no expression.
 */
export const a2aSwaggerUi = {
  defaultModelsExpandDepth: 0,
  requestInterceptor: (request: UiRequest): UiRequest => {
    if (request.loadSpec) return request;
    const page = globalThis as { a2aLastTask?: string };
    if (page.a2aLastTask !== undefined) request.url = request.url.replaceAll('/last-task', `/${page.a2aLastTask}`);
    if (typeof request.body !== 'string') return request;
    if (page.a2aLastTask !== undefined) request.body = request.body.replaceAll('"last-task"', `"${page.a2aLastTask}"`);
    // crypto.randomUUID exists on https and localhost only.
    const fresh = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0'));
    request.body = (request.body as string).replace(/("messageId":\s*")example-[^"]*"/, `$1example-${fresh.join('')}"`);
    const method = /"jsonrpc":[^]*"method":\s*"([^"]+)"/.exec(request.body as string)?.[1];
    if (method !== undefined) request.headers['A2A-Version'] = method.includes('/') ? '0.3' : '1.0';
    return request;
  },
  responseInterceptor: (response: UiResponse): UiResponse => {
    const id = /"(?:taskId|id)":\s*"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22})"/.exec(response.text ?? '')?.[1];
    if (id !== undefined) (globalThis as { a2aLastTask?: string }).a2aLastTask = id;
    return response;
  },
};
