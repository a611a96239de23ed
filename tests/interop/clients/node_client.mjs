// @grpc/grpc-js as a client: reads one call a line as JSON, makes it, answers one line of JSON.
// Usage: node node_client.mjs ADDRESS TOOLS PROTOS      TOOLS holds node_modules, PROTOS the contract
import { createRequire } from 'node:module';
import path from 'node:path';
import { createInterface } from 'node:readline';

const [address, tools, protos] = process.argv.slice(2);
const require = createRequire(path.join(tools, 'package.json'));
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');
const protobuf = require('protobufjs');

const mesh = 'issueobservatory/mesh/v1';
const definition = loader.loadSync(
  [`${mesh}/tiktok_arena.proto`, `${mesh}/normalizer.proto`, `${mesh}/token_broker.proto`, 'grpc/health/v1/health.proto'],
  { includeDirs: [protos], keepCase: true, longs: String, enums: String, oneofs: true },
);
const contract = grpc.loadPackageDefinition(definition);
const errors = protobuf.loadSync(path.join(import.meta.dirname, 'errors.proto'));

const clients = new Map();

function clientOf(service, gzip) {
  const key = `${service} ${gzip}`;
  if (!clients.has(key)) {
    const Client = service.split('.').reduce((found, name) => found[name], contract);
    const options = gzip ? { 'grpc.default_compression_algorithm': grpc.compressionAlgorithms.gzip } : {};
    clients.set(key, new Client(address, grpc.credentials.createInsecure(), options));
  }
  return clients.get(key);
}

/** The rich details of an error, each as its type and fields. */
function detailsOf(error) {
  return (error.metadata?.get('grpc-status-details-bin') ?? []).flatMap((bytes) =>
    errors.lookupType('google.rpc.Status').decode(bytes).details.map((packed) => {
      const type = errors.lookupType(packed.type_url.split('/').pop());
      return { type: type.name, ...snakeCase(type.toObject(type.decode(packed.value), { longs: String })) };
    }));
}

function snakeCase(value) {
  if (Array.isArray(value)) return value.map(snakeCase);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), snakeCase(inner)]));
}

function run({ method, request, key, deadline, gzip, stop_after: stopAfter }) {
  const [service, name] = method.split('/');
  const client = clientOf(service, gzip ?? false);
  const metadata = new grpc.Metadata();
  if (key) metadata.set('authorization', `Bearer ${key}`);
  const options = deadline ? { deadline: Date.now() + deadline * 1000 } : {};
  const messages = [];
  const failed = (error) => ({ code: grpc.status[error.code], message: error.details, messages, details: detailsOf(error) });
  const done = () => ({ code: 'OK', messages, details: [] });
  return new Promise((resolve) => {
    if (!client[name].responseStream) {
      client[name](request, metadata, options, (error, reply) => {
        if (!error) messages.push(reply);
        resolve(error ? failed(error) : done());
      });
      return;
    }
    const stream = client[name](request, metadata, options);
    let broken = false;
    stream.on('data', (message) => {
      if (broken) return;
      messages.push(message);
      broken = messages.filter(({ record }) => record).length === stopAfter;
      if (broken) stream.cancel();
    });
    stream.on('end', () => {});
    stream.on('error', (error) => resolve(broken && error.code === grpc.status.CANCELLED ? done() : failed(error)));
    stream.on('status', (status) => status.code === grpc.status.OK && resolve(done()));
  });
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await run(JSON.parse(line)))}\n`);
}
for (const client of clients.values()) client.close();
