// Checks charts/mesh, skaffold.yaml and build/Dockerfile without a cluster. Speaks TAP: `ok - …`, `not ok - …`.
// usage: node check-chart.mjs ROOT TOOLS
import { readFileSync, readdirSync, existsSync, statSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { Manifests, nameOf } from './manifests.mjs';

const [root, tools] = process.argv.slice(2);
const chart = path.join(root, 'charts/mesh');
const manifests = new Manifests(tools);
const read = (...parts) => readFileSync(path.join(root, ...parts), 'utf8');

// A deployable is a folder under services/ with a Program.cs.
const services = readdirSync(path.join(root, 'services'))
  .filter((name) => existsSync(path.join(root, 'services', name, 'Program.cs')))
  .sort();

// Who may call whom on the port of the mesh (build/decisions and services/README.md say why).
const callers = {
  collector: ['normalizer', 'refresh-scheduler'],
  normalizer: ['collector'],
  'quota-governor': ['collector', 'refresh-scheduler'],
  'refresh-scheduler': [],
  'token-broker': ['collector'],
};

function helm(...args) {
  const run = spawnSync(path.join(tools, 'bin/helm'), args, { encoding: 'utf8', env: { ...process.env, HELM_CACHE_HOME: tools, HELM_CONFIG_HOME: tools, HELM_DATA_HOME: tools } });
  if (run.error) throw run.error;
  return { ok: run.status === 0, text: run.stdout, errors: run.stderr };
}

function render(...settings) {
  const run = helm('template', 'mesh', chart, ...settings.flatMap((setting) => ['--set', setting]));
  if (!run.ok) throw new Error(run.errors.trim());
  return manifests.parse(run.text);
}

function refuses(...settings) {
  const run = helm('template', 'mesh', chart, ...settings.flatMap((setting) => ['--set', setting]));
  expect(!run.ok, `${settings} was accepted`);
  expect(/schema|additional propert/i.test(run.errors), `${settings} was refused for another reason: ${run.errors}`);
}

function expect(condition, message) {
  if (!condition) throw new Error(message);
}

function same(actual, expected, what) {
  const [a, b] = [actual, expected].map((value) => JSON.stringify(value));
  expect(a === b, `${what}: ${a}, expected ${b}`);
}

async function check(name, body) {
  try {
    await body();
    console.log(`ok - ${name}`);
  } catch (error) {
    console.log(String(error.message).split('\n').map((line) => `  ${line}`).join('\n'));
    console.log(`not ok - ${name}`);
    process.exitCode = 1;
  }
}

let objects = [];
const kind = (name) => objects.filter((object) => object.kind === name);
const pods = () => kind('Deployment').map((object) => object.spec.template.spec);

await check('the chart renders with its default values, at least ten objects', () => {
  objects = render();
  expect(objects.length >= 10, `only ${objects.length} objects`);
});

await check('helm lint finds nothing', () => {
  const run = helm('lint', '--strict', chart);
  expect(run.ok, run.text + run.errors);
});

await check('every service has a template, values, a deployment and a Service of its own name', () => {
  same(Object.keys(manifests.parse(read('charts/mesh/values.yaml'))[0].services).sort(), services, 'values');
  same(readdirSync(path.join(chart, 'templates')).filter((f) => f.endsWith('.yaml') && f !== 'default-deny.yaml').map((f) => f.slice(0, -5)).sort(), services, 'templates');
  same(kind('Deployment').map((o) => o.metadata.name).sort(), services, 'deployments');
  same(kind('Service').map((o) => o.metadata.name).sort(), services, 'Services');
});

await check('names are unique within their kind', () => {
  const names = objects.map(nameOf);
  same(names.filter((name, index) => names.indexOf(name) !== index), [], 'repeated');
});

await check('a strict API server would take every object, by default and with everything switched on', async () => {
  const everything = render(...services.map((name) => `services.${name}.replicas=3`), 'secrets.tikTok=lab', 'image.pullSecrets={a,b}',
    'callers.namespaces={arena-one,arena-two}', 'telemetry.otlpEndpoint=http://otel.observability:4317', 'researchApi.baseUrl=https://sandbox.example');
  same(await manifests.problems(objects), [], 'default values');
  same(await manifests.problems(everything), [], 'everything on');
});

await check('the strict check itself sees an unknown field, a wrong type and a missing field', async () => {
  const sees = async (word, change) => {
    const copy = structuredClone(kind('Deployment')[0]);
    change(copy);
    const problems = await manifests.problems([copy]);
    expect(problems.some((problem) => problem.includes(word)), `nothing about ${word}: ${JSON.stringify(problems)}`);
  };
  await sees('imagePullPolice', (o) => { o.spec.template.spec.containers[0].imagePullPolice = 'Always'; });
  await sees('replicas', (o) => { o.spec.replicas = 'two'; });
  await sees('selector', (o) => { delete o.spec.selector; });
});

await check('an unknown key is refused, wherever it is', () => {
  const places = ['', ...Object.keys(manifests.parse(read('charts/mesh/values.yaml'))[0])].filter((key) => key !== 'userId');
  for (const place of places) refuses(`${place ? `${place}.` : ''}typo=1`);
  refuses('services.collector.typo=1');
  refuses('services.collector.resources.typo=1');
  refuses('services.collector.resources.limits.typo=1');
  refuses('stores.redis.password=secret');
});

await check('values out of range are refused', () => {
  refuses('userId=0');
  refuses('services.collector.replicas=-1');
  refuses('image.pullPolicy=Sometimes');
  refuses('secrets.salt=Not_A_Name');
  refuses('telemetry.otlpEndpoint=http://no-port');
  refuses('researchApi.baseUrl=https://host/path');
});

await check('every object of the schema refuses unknown keys', () => {
  const walk = (node, where) => {
    if (node === null || typeof node !== 'object') return;
    if (node.type === 'object') expect(node.additionalProperties === false, `${where} accepts anything`);
    for (const [key, value] of Object.entries(node)) walk(value, `${where}/${key}`);
  };
  walk(JSON.parse(read('charts/mesh/values.schema.json')), '#');
});

await check('every key of values.yaml is explained', () => {
  const lines = read('charts/mesh/values.yaml').split('\n');
  const top = lines.findIndex((line) => line.startsWith('services:'));
  const end = lines.findIndex((line, index) => index > top && /^\S/.test(line));
  lines.forEach((line, index) => {
    if (!/^\s*[\w-]+:(\s|$)/.test(line)) return;
    // The five services share the comments of the first; a group is explained by its keys, stores by their head.
    const group = /:\s*$/.test(line);
    const repeated = index > top && index < end && lines.slice(top, index).some((l) => l.trim().split(':')[0] === line.trim().split(':')[0]);
    const nested = /^ {6}/.test(line) || ['secret', 'port'].includes(line.trim().split(':')[0]);
    expect(group || repeated || nested || lines[index - 1].trim().startsWith('#'), `line ${index + 1}: ${line.trim()}`);
  });
});

await check('pods are hardened', () => {
  for (const pod of pods()) {
    const [container] = pod.containers;
    const name = container.name;
    same(pod.containers.length, 1, `${name} containers`);
    same([pod.automountServiceAccountToken, pod.securityContext.runAsNonRoot, pod.securityContext.seccompProfile.type], [false, true, 'RuntimeDefault'], name);
    expect(pod.securityContext.runAsUser >= 10000 && pod.securityContext.runAsGroup >= 10000, `${name} user`);
    const { allowPrivilegeEscalation, privileged, readOnlyRootFilesystem, capabilities } = container.securityContext;
    same([allowPrivilegeEscalation, privileged, readOnlyRootFilesystem, capabilities], [false, false, true, { drop: ['ALL'] }], name);
    expect(container.resources.limits.memory && container.resources.requests.cpu, `${name} resources`);
  }
  for (const account of kind('ServiceAccount')) same(account.automountServiceAccountToken, false, nameOf(account));
});

await check('probes ask grpc.health.v1 on the port of the mesh, readiness for the service by name', () => {
  for (const pod of pods()) {
    const [container] = pod.containers;
    for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe']) same(container[probe].grpc.port, 5081, `${container.name} ${probe}`);
    same(container.readinessProbe.grpc.service, container.name, 'readiness');
  }
});

await check('only the collector has a port for callers', () => {
  const withCallers = (pick) => objects.filter(pick).map((o) => o.metadata.name);
  same(withCallers((o) => o.kind === 'Service' && o.spec.ports.some((p) => p.port === 5080)), ['collector'], 'Services');
  same(withCallers((o) => o.kind === 'Deployment' && o.spec.template.spec.containers[0].ports.some((p) => p.containerPort === 5080)), ['collector'], 'containers');
  same(withCallers((o) => o.kind === 'NetworkPolicy' && (o.spec.ingress ?? []).some((rule) => rule.ports?.some((p) => p.port === 5080))), ['collector'], 'policies');
});

await check('everything is closed, and opened by service: who may call whom', () => {
  const policies = kind('NetworkPolicy');
  const deny = policies.find((o) => o.metadata.name === 'mesh-default-deny');
  same([deny.spec.policyTypes, deny.spec.ingress, deny.spec.egress], [['Ingress', 'Egress'], undefined, undefined], 'default deny');
  const found = Object.fromEntries(services.map((name) => {
    const policy = policies.find((o) => o.metadata.name === name);
    const rules = policy.spec.ingress.filter((rule) => rule.ports.some((p) => p.port === 5081));
    return [name, rules.flatMap((rule) => rule.from.map((from) => from.podSelector.matchLabels['app.kubernetes.io/name'])).sort()];
  }));
  same(found, callers, 'callers');
  for (const policy of policies) {
    for (const rule of policy.spec.ingress ?? []) expect(rule.from?.length > 0 && rule.ports?.length > 0, `${nameOf(policy)} lets everybody in`);
    for (const rule of policy.spec.egress ?? []) expect(rule.ports?.length > 0, `${nameOf(policy)} lets everything out`);
  }
});

await check('every service is told where the others are', () => {
  for (const map of kind('ConfigMap')) {
    const told = Object.keys(map.data).filter((key) => key.startsWith('Services__')).map((key) => key.slice('Services__'.length)).sort();
    same(told, services.filter((name) => name !== map.metadata.name), map.metadata.name);
    for (const name of told) same(map.data[`Services__${name}`], `http://${name}:5081`, name);
  }
});

await check('only token-broker and collector reach the internet', () => {
  const out = kind('NetworkPolicy').filter((o) => (o.spec.egress ?? []).some((rule) => rule.to?.some((to) => to.ipBlock))).map((o) => o.metadata.name).sort();
  same(out, ['collector', 'token-broker'], 'policies');
});

await check('secrets are files from existing Secrets, never values', () => {
  same(kind('Secret'), [], 'Secrets rendered');
  for (const pod of pods()) {
    const [container] = pod.containers;
    same(container.env, undefined, `${container.name} env`);
    const data = kind('ConfigMap').find((o) => o.metadata.name === container.name).data;
    const files = Object.entries(data).filter(([key]) => key.endsWith('_FILE')).map(([, file]) => file).sort();
    const mounted = pod.volumes.filter((volume) => volume.secret).flatMap((volume) => {
      const mount = container.volumeMounts.find((m) => m.name === volume.name);
      expect(mount.readOnly === true, `${volume.name} is writable`);
      return volume.secret.items.map((item) => `${mount.mountPath}/${item.path}`);
    }).sort();
    same(files, mounted, `${container.name} files`);
    for (const key of Object.keys(data)) expect(key.endsWith('_FILE') || !/secret|salt|key|ConnectionStrings/i.test(key), `${container.name} ${key}`);
  }
});

await check('a disruption budget comes with the second replica', () => {
  same(kind('PodDisruptionBudget'), [], 'by default');
  same(render('services.normalizer.replicas=2').filter((o) => o.kind === 'PodDisruptionBudget').map((o) => o.metadata.name), ['normalizer'], 'with two');
});

await check('another setting makes other pods', () => {
  const sum = (list) => list.find((o) => nameOf(o) === 'Deployment/quota-governor').spec.template.metadata.annotations['checksum/config'];
  expect(sum(objects) !== sum(render('quota.dailyRequests=7')), 'the checksum stayed');
});

await check('skaffold builds the five images from one Dockerfile and hands them to the chart', () => {
  const [skaffold] = manifests.parse(read('skaffold.yaml'));
  expect(skaffold.apiVersion.startsWith('skaffold/v4'), skaffold.apiVersion);
  same(skaffold.build.artifacts.map((a) => a.docker.buildArgs.PROJECT).sort(), services, 'artifacts');
  const [release] = skaffold.deploy.helm.releases;
  expect(statSync(path.join(root, release.chartPath, 'Chart.yaml')).isFile(), 'chart');
  for (const artifact of skaffold.build.artifacts) {
    const name = artifact.docker.buildArgs.PROJECT;
    same(artifact.image, `mesh/${name}`, 'image');
    expect(existsSync(path.join(root, artifact.context, artifact.docker.dockerfile)), artifact.docker.dockerfile);
    same(release.setValueTemplates[`services.${name}.image`], `{{.IMAGE_FULLY_QUALIFIED_${artifact.image.replace(/[^a-zA-Z0-9]/g, '_')}}}`, name);
  }
  same(Object.keys(release.setValueTemplates).length, services.length, 'images handed over');
});

await check('the Dockerfile copies what exists, and runs as nobody', () => {
  const lines = read('build/Dockerfile').split('\n');
  const copied = lines.map((line) => /^COPY (?!--from)(\S+) /.exec(line)?.[1]).filter(Boolean);
  for (const source of copied) expect(existsSync(path.join(root, source)), source);
  const user = Number(/^USER (\d+)/m.exec(lines.join('\n'))?.[1]);
  expect(user >= 10000, `user ${user}`);
  expect(lines.includes('ARG PROJECT'), 'no PROJECT');
  for (const name of services) {
    const projects = readdirSync(path.join(root, 'services', name)).filter((file) => file.endsWith('.csproj'));
    same(projects.length, 1, `${name} projects`);
  }
});

await check('chart, images and assemblies carry one version', () => {
  const [meta] = manifests.parse(read('charts/mesh/Chart.yaml'));
  const version = /<VersionPrefix>(.*)<\/VersionPrefix>/.exec(read('build/msbuild/Common.props'))[1];
  same([meta.version, meta.appVersion], [version, version], 'Chart.yaml');
});
