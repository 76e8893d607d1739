// A web application whose users extend it: what the application does not answer itself, its plugins do.
//
//     node examples/embed/fastify-app.ts PLUGIN_FOLDER [PORT]
//
// Each plugin answers below its own name: GET /plugins/api/version reaches the plugin "api" as GET /version. A plugin that
// is built again while the application runs is swapped, and no request is lost.

import Fastify, { type FastifyReply, type FastifyRequest } from "fastify";
import { createHost, HostError } from "tusk-host";

const [folder = "plugins", port = "3000"] = process.argv.slice(2);
const host = await createHost({ folder, watch: true });

const app = Fastify();
app.addHook("onClose", () => host[Symbol.asyncDispose]());
// Plugins get bodies as they were sent.
app.removeAllContentTypeParsers();
app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));

app.get("/", () => ({ plugins: host.plugins().map(({ name, state, routes }) => ({ name, state, routes })) }));
app.all<{ Params: { name: string } }>("/plugins/:name/*", askPlugin);

async function askPlugin(request: FastifyRequest<{ Params: { name: string } }>, reply: FastifyReply) {
  const { name } = request.params;
  const { pathname, searchParams } = new URL(request.url, "http://localhost");
  const response = await host.plugin(name).http.handleRequest(
    {
      id: request.id,
      method: request.method,
      path: pathname.slice(`/plugins/${name}`.length),
      query: Array.from(searchParams, ([key, value]) => ({ name: key, value })),
      headers: Object.entries(request.headers).map(([key, value]) => ({ name: key, value: String(value) })),
      body: Buffer.isBuffer(request.body) ? request.body : "",
    },
    // Who hangs up is not worth the plugin's time.
    { signal: request.signal, timeoutMs: 5_000 },
  );
  for (const header of response.headers) reply.header(header.name, header.value);
  return reply.code(response.status).send(response.body);
}

app.setErrorHandler((error, _request, reply) => {
  const code = error instanceof HostError ? error.code : "INTERNAL";
  reply.code(code === "PLUGIN_UNKNOWN" ? 404 : 502).send({ code });
});

console.log(`Listening on ${await app.listen({ port: Number(port), host: "127.0.0.1" })}`);
process.once("SIGTERM", () => void app.close());
