import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const output = resolve('node_modules/.cache/muster-peer');

/** Names the EventStoreDB that all test files share: the one of EVENTSTOREDB_URL, or a peer in this process. */
export default async function setUp() {
  process.env['MUSTER_TEST_EVENT_STORE'] = process.env['EVENTSTOREDB_URL'] ?? (await startPeer());
}

async function startPeer() {
  mkdirSync(output, { recursive: true });
  writeFileSync(resolve(output, 'package.json'), '{"type":"module"}');
  const options = ['--ignoreConfig', '--noCheck', '--rootDir', '.', '--outDir', output, '--skipLibCheck'];
  const target = ['--module', 'nodenext', '--target', 'es2023', '--isolatedModules'];
  const script = 'test/support/eventstoredb/peer';
  const compiler = 'node_modules/typescript/bin/tsc';
  execFileSync(process.execPath, [compiler, ...options, ...target, `${script}.ts`]);
  const { Peer } = await import(pathToFileURL(resolve(output, `${script}.js`)).href);
  globalThis.eventStoreDbPeer = await Peer.start();
  return globalThis.eventStoreDbPeer.url;
}
