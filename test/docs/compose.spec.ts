import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { readConfig } from '../../src/config/config.js';
import { settingNames } from '../../src/config/settings.js';
import { adminKey } from '../support/api-client.js';
import {
  composeFile,
  healthPaths,
  imageConfig,
  imageEnvironment,
  pinnedImage,
  type Service,
} from '../support/deployment.js';

/** What the shell that runs Compose has set; nothing else is asked for. */
const given = { EVENTSTORE_ADMIN_PASSWORD: 'Secret1', EVENTSTORE_OPS_PASSWORD: 'Secret2' };

/** Options of the server, version 24.10.14, that these files may use; it does not start with one it does not know. */
const serverOptions = new Set([
  ...['INSECURE', 'CLUSTER_SIZE', 'DISCOVER_VIA_DNS', 'GOSSIP_SEED', 'RUN_PROJECTIONS', 'TELEMETRY_OPTOUT'],
  ...['NODE_HOST_ADVERTISE_AS', 'REPLICATION_HOST_ADVERTISE_AS'],
  ...['CERTIFICATE_FILE', 'CERTIFICATE_PRIVATE_KEY_FILE', 'TRUSTED_ROOT_CERTIFICATES_PATH'],
  ...['DEFAULT_ADMIN_PASSWORD', 'DEFAULT_OPS_PASSWORD'],
]);

const parts = (text: string) => text.split(':');
const seconds = (period = '') => Number(/^\d+/.exec(period)) * (period.endsWith('m') ? 60 : 1);
const mountedAt = (target: string, { volumes = [] }: Service) =>
  volumes.map(parts).find(([, place]) => place === target)?.[0];

describe.each(['docker-compose.yml', 'docker-compose.cluster.yml'])('%s', (file) => {
  const { services, volumes } = composeFile(file, given);
  const all = Object.entries(services);
  const musters = all.filter(([, { build }]) => build !== undefined);
  const servers = all.filter(([, { image }]) => image?.includes('/eventstore:'));

  it('has Muster and its event store', () => {
    expect(musters.length).toBeGreaterThan(0);
    expect(servers.length).toBeGreaterThan(0);
  });

  it.each(all)('%s is built here or an image of one exact version', (_name, { build, image }) => {
    if (build === undefined) expect(image).toMatch(pinnedImage);
    else expect([build, image, existsSync(`${build}/Dockerfile`)]).toEqual(['.', undefined, true]);
  });

  it.each(all)('%s depends on services that are there and can tell what it waits for', (_name, service) => {
    for (const [name, { condition }] of Object.entries(service.depends_on ?? {})) {
      expect(Object.keys(services)).toContain(name);
      expect(['service_started', 'service_healthy', 'service_completed_successfully']).toContain(condition);
      if (condition === 'service_healthy') expect(services[name]?.healthcheck).toBeDefined();
    }
  });

  it('declares the volumes that are used and no others, and mounts files that exist', () => {
    const sources = all.flatMap(([, service]) =>
      (service.volumes ?? []).map((volume) => parts(volume)[0] ?? ''),
    );
    const files = sources.filter((source) => source.startsWith('.'));
    expect(files.filter((source) => !existsSync(source))).toEqual([]);
    const named = sources.filter((source) => !files.includes(source));
    expect([...new Set(named)].sort()).toEqual(Object.keys(volumes).sort());
  });

  it.each(all)(
    '%s has only the rights that it needs, gains no others, and its memory is bounded',
    (_name, service) => {
      expect(service.cap_drop).toEqual(['ALL']);
      expect(service.security_opt).toEqual(['no-new-privileges:true']);
      expect(service.mem_limit).toMatch(/^\d+[mg]$/);
      const rights = service.user === 'root' ? ['CHOWN', 'DAC_OVERRIDE', 'FOWNER'] : ['NET_BIND_SERVICE'];
      expect(rights).toEqual(expect.arrayContaining([...(service.cap_add ?? [])]));
    },
  );

  it.each(musters)(
    '%s: Muster writes to its data and its temporary files, and nowhere else',
    (_name, service) => {
      expect([service.read_only, service.cap_add]).toEqual([true, undefined]);
      expect(service.tmpfs?.map((one) => parts(one)[0])).toEqual(['/tmp']);
      expect(
        (service.volumes ?? []).filter((volume) => !volume.endsWith(':ro')).map((one) => parts(one)[1]),
      ).toEqual([imageConfig.dataDirectory]);
    },
  );

  it('publishes one port, to this machine alone', () => {
    const ports = all.flatMap(([, service]) => service.ports ?? []);
    expect(ports).toEqual([expect.stringMatching(/^127\.0\.0\.1:3000:\d+$/)]);
  });

  it.each(musters)('%s: Muster knows every setting and takes it', (_name, { environment = {} }) => {
    expect(settingNames).toEqual(expect.arrayContaining(Object.keys(environment)));
    const config = readConfig({ ...imageEnvironment, ...environment });
    const { host, port, dataDirectory } = imageConfig;
    expect(config).toMatchObject({ host, port, dataDirectory });
    expect(config.eventStore).not.toEqual(readConfig({}).eventStore);
  });

  it.each(musters)('%s: what the caller of Compose sets arrives', (name) => {
    const own = { MUSTER_ADMIN_API_KEY: adminKey, MUSTER_COMPANY: 'Acme', LOG_LEVEL: 'debug' };
    const changed = composeFile(file, { ...given, ...own }).services[name]?.environment;
    expect(readConfig({ ...changed, EVENT_STORE: '' })).toMatchObject({
      logLevel: 'debug',
      company: 'Acme',
      adminApiKey: adminKey,
    });
  });

  it.each(musters)(
    '%s: Muster is asked at a path and port it answers',
    (_name, { environment, healthcheck }) => {
      const [, port, path] =
        /http:\/\/127\.0\.0\.1:(\d+)\/([\w/]+)/.exec(healthcheck?.test.join(' ') ?? '') ?? [];
      expect(port).toBe(environment?.['MUSTER_OPERATIONS_PORT'] ?? String(imageConfig.port));
      expect(healthPaths).toContain(path);
    },
  );

  it('gives each Muster a data volume of its own', () => {
    const mounted = musters.map(([, service]) => mountedAt(imageConfig.dataDirectory, service) ?? '');
    expect(mounted.filter((volume) => !(volume in volumes))).toEqual([]);
    expect(new Set(mounted).size).toBe(musters.length);
  });

  it.each(musters)('%s: Muster may finish what is under way before it is killed', (_name, service) => {
    const [, patience = ''] = /STOP_PATIENCE_MS = ([\d_]+)/.exec(readFileSync('src/main.ts', 'utf8')) ?? [];
    expect(seconds(service.stop_grace_period) * 1000).toBeGreaterThan(Number(patience.replaceAll('_', '')));
  });

  it.each(musters)(
    '%s: Muster connects to the servers of this file, as they are set up',
    (_name, service) => {
      const url = service.environment?.['EVENT_STORE'] ?? '';
      const [, hosts = '', query = ''] = /^esdb:\/\/(?:[^@:]+:[^@:]+@)?([^?]+)\?(.*)$/.exec(url) ?? [];
      expect(hosts.split(',').sort()).toEqual(servers.map(([name]) => `${name}:2113`).sort());
      const options = new URLSearchParams(query);
      const isInsecure = servers.every(
        ([, { environment }]) => environment?.['EVENTSTORE_INSECURE'] === 'true',
      );
      expect(options.get('tls')).toBe(isInsecure ? 'false' : 'true');
      const targets = (service.volumes ?? []).map((volume) => parts(volume)[1]);
      if (!isInsecure) expect(targets).toContain(options.get('tlsCAFile')?.replace(/\/[^/]+$/, ''));
      const waitedFor = Object.entries(service.depends_on ?? {}).map(([name, { condition }]) => [
        name,
        condition,
      ]);
      expect(waitedFor).toEqual(servers.map(([name]) => [name, 'service_healthy']));
    },
  );

  it.each(servers)('%s: the server knows every option', (_name, { environment = {} }) => {
    const options = Object.keys(environment).filter((name) => name.startsWith('EVENTSTORE_'));
    expect(options.filter((name) => !serverOptions.has(name.slice('EVENTSTORE_'.length)))).toEqual([]);
    expect(Object.keys(environment).filter((name) => !/^(EVENTSTORE|DOTNET)_/.test(name))).toEqual([]);
  });

  it.each(servers)('%s: the server runs without projections and telemetry', (_name, service) => {
    expect(service.environment).toMatchObject({
      ...{ EVENTSTORE_RUN_PROJECTIONS: 'None', EVENTSTORE_TELEMETRY_OPTOUT: 'true' },
      EVENTSTORE_CLUSTER_SIZE: String(servers.length),
    });
  });

  it.each(servers)(
    '%s: the server is reached within this file only, and its memory bounded',
    (_name, service) => {
      expect(service.ports).toBeUndefined();
      expect(service.mem_limit).toMatch(/^[2-9]g$/);
      expect(service.environment).toHaveProperty('DOTNET_GCHeapHardLimitPercent');
    },
  );

  it.each(['/var/lib/eventstore', '/var/log/eventstore'])(
    'gives each server a volume of its own at %s',
    (target) => {
      const mounted = servers.map(([, service]) => mountedAt(target, service) ?? '');
      expect(mounted.filter((volume) => !(volume in volumes))).toEqual([]);
      expect(new Set(mounted).size).toBe(servers.length);
    },
  );

  it.each(servers)('%s: the server is asked in the way it listens', (_name, { environment, healthcheck }) => {
    const scheme = environment?.['EVENTSTORE_INSECURE'] === 'true' ? 'http' : 'https';
    expect(healthcheck?.test.at(-1)).toBe(`${scheme}://localhost:2113/health/live`);
  });
});

describe('docker-compose.cluster.yml', () => {
  const { services } = composeFile('docker-compose.cluster.yml', given);
  const nodes = Object.keys(services).filter((name) => name.startsWith('eventstoredb-'));
  const caddyfile = readFileSync('docker/Caddyfile', 'utf8').replace(/#.*$/gm, '');

  it.each(Object.keys(given))('does not start without %s', (name) => {
    const run = () => composeFile('docker-compose.cluster.yml', { ...given, [name]: '' });
    expect(run).toThrow(`${name} is missing: set it`);
  });

  it.each(nodes)(
    '%s has a certificate of its own, and finds the others under the names in theirs',
    (name) => {
      const { environment = {}, volumes = [] } = services[name] ?? {};
      expect(environment).toMatchObject({
        ...{ EVENTSTORE_NODE_HOST_ADVERTISE_AS: name, EVENTSTORE_REPLICATION_HOST_ADVERTISE_AS: name },
        EVENTSTORE_GOSSIP_SEED: nodes
          .filter((other) => other !== name)
          .map((other) => `${other}:2113`)
          .join(','),
      });
      const script = services['certificates']?.command?.join('\n') ?? '';
      const number = name.replace('eventstoredb-', '');
      expect(/for n in (.*); do/.exec(script)?.[1]?.split(' ')).toContain(number);
      expect(script).toMatch(/-dns-names localhost,eventstoredb-\$n\n/);
      expect(volumes).toContain(`certificate-${number}:/certificate:ro`);
      expect(services['certificates']?.volumes).toContain(`certificate-${number}:/certificate-${number}`);
    },
  );

  it('keeps the key of the authority from everyone but the service that makes certificates', () => {
    const holders = Object.entries(services)
      .filter(([, { volumes }]) => volumes?.some((volume) => volume.startsWith('authority:')))
      .map(([name]) => name);
    expect(holders).toEqual(['certificates']);
  });

  it('balances over the instances that are ready', () => {
    const musters = Object.entries(services).filter(([, { build }]) => build !== undefined);
    const upstreams = /reverse_proxy (.*) \{/.exec(caddyfile)?.[1]?.split(' ');
    expect(upstreams).toEqual(musters.map(([name]) => `${name}:${imageConfig.port}`));
    expect(musters.length).toBeGreaterThan(1);
    expect(healthPaths).toContain(/health_uri \/(.*)/.exec(caddyfile)?.[1]);
    expect(caddyfile).toMatch(/health_uri .*ready/);
  });

  it('never repeats a write that was sent', () => {
    expect(caddyfile).not.toMatch(/lb_retry_match/);
  });

  it('E6: asks for health at a port of its own, which is published nowhere', () => {
    const musters = Object.values(services).filter(({ build }) => build !== undefined);
    const ports = musters.map(({ environment }) => environment?.['MUSTER_OPERATIONS_PORT']);
    expect(new Set(ports)).toEqual(new Set([/health_port (.*)/.exec(caddyfile)?.[1]]));
    expect(Number(ports[0])).not.toBe(imageConfig.port);
    expect(musters.flatMap(({ ports: published = [] }) => published)).toEqual([]);
  });

  it('has the proxy listen where its port is published', () => {
    const target = services['proxy']?.ports?.[0]?.split(':').at(-1);
    expect(caddyfile).toMatch(new RegExp(`^:${String(target)} \\{$`, 'm'));
  });
});
