import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { composeFile } from '../support/deployment.js';

const { services } = composeFile('docker-compose.cluster.yml', {
  ...{ EVENTSTORE_ADMIN_PASSWORD: 'Secret1', EVENTSTORE_OPS_PASSWORD: 'Secret2' },
});
const command = services['certificates']?.command?.join('\n') ?? '';
const nodes = ['1', '2', '3'];

/**
 * As version 1.0.2 goes about it: it wants a directory that is not there, writes the certificate before the key, and
 * says nothing in its status when that of an authority cannot be made. The script that called it is killed at a step.
 */
const tool = `#!/usr/bin/env bash
name=node; out=; kind=$1; shift
[ "$kind" = create-ca ] && name=ca out=./ca
while [ $# -gt 0 ]; do [ "$1" = -out ] && out=$2; shift; done
step() {
  steps=$(($(<"$STEPS") + 1))
  echo $steps >"$STEPS"
  [ $steps = "$BREAK_AT" ] && kill -9 $PPID && exit 1
}
text="authority $RANDOM"
if [ $name = node ]; then
  [ -s ca/ca.key ] || exit 1
  text="signed by $(<ca/ca.key)"
fi
mkdir "$out" || { [ $name = ca ]; exit; }
step
printf %s "$text" >"$out/$name.crt"
step
printf %s "$text" >"$out/$name.key"
step
exit 0
`;

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'certificates-'));
  for (const directory of ['authority', 'trusted', 'bin', ...nodes.map((n) => `certificate-${n}`)])
    mkdirSync(join(root, directory));
  const programs = { 'es-gencert-cli': tool, chown: '#!/bin/sh\n', sync: '#!/bin/sh\n' };
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(root, 'bin', name), text);
    chmodSync(join(root, 'bin', name), 0o755);
  }
});
afterEach(() => rmSync(root, { recursive: true }));

/** Runs the service as Compose does, with its volumes and the tool here. */
function start(breakAt = 0): { status: number | null; steps: number } {
  const steps = join(root, 'steps');
  writeFileSync(steps, '0');
  const script = command.replace(/(?<=\s)\/(?=authority|trusted|certificate-)/g, `${root}/`);
  const { status } = spawnSync('bash', ['-euc', script], {
    env: { PATH: `${root}/bin:${process.env['PATH']}`, STEPS: steps, BREAK_AT: String(breakAt) },
  });
  return { status, steps: Number(readFileSync(steps, 'utf8')) };
}

const read = (file: string) => readFileSync(join(root, file), 'utf8');

/** Everything that the nodes and Muster see. */
function published(): Readonly<Record<string, string>> {
  const pairs = nodes.flatMap((n) => ['crt', 'key'].map((end) => `certificate-${n}/node.${end}`));
  return Object.fromEntries(['trusted/ca.crt', ...pairs].map((file) => [file, read(file)]));
}

function expectWhole(): void {
  const authority = read('authority/ca/ca.key');
  expect(published()).toMatchObject({
    'trusted/ca.crt': authority,
    ...Object.fromEntries(nodes.map((n) => [`certificate-${n}/node.crt`, `signed by ${authority}`])),
    ...Object.fromEntries(nodes.map((n) => [`certificate-${n}/node.key`, `signed by ${authority}`])),
  });
  expect(readdirSync(join(root, 'authority')).sort()).toEqual(['ca', 'node1', 'node2', 'node3']);
}

describe('The service that makes the certificates of the cluster', () => {
  test('makes them once', () => {
    expect(start()).toEqual({ status: 0, steps: 12 });
    expectWhole();
    const before = published();
    expect(start()).toEqual({ status: 0, steps: 0 });
    expect(published()).toEqual(before);
  });

  // Three for each pair that the tool makes: the directory, the certificate, the key.
  test.each([1, 2, 3, 4, 5, 6])('makes good a start that broke off at step %d of the tool', (step) => {
    expect(start(step).status).toBeNull();
    expect(start().status).toBe(0);
    expectWhole();
  });

  test.each([
    ['an authority without files', { 'ca/': '' }],
    ['an authority without a key', { 'ca/ca.crt': 'old' }],
    ['an authority with an empty key', { 'ca/ca.crt': 'old', 'ca/ca.key': '' }],
    ['a node without files', { 'ca/ca.crt': 'old', 'ca/ca.key': 'old', 'node1/': '' }],
    ['a node without a key', { 'ca/ca.crt': 'old', 'ca/ca.key': 'old', 'node2/node.crt': 'signed by old' }],
    ['a node of an authority that is gone', { 'node1/node.crt': 'gone', 'node1/node.key': 'gone' }],
  ])('makes good what another version left: %s', (_, files) => {
    for (const [file, text] of Object.entries(files)) {
      const path = join(root, 'authority', file);
      mkdirSync(file.endsWith('/') ? path : dirname(path), { recursive: true });
      if (!file.endsWith('/')) writeFileSync(path, text);
    }
    expect(start().status).toBe(0);
    expectWhole();
  });

  test('keeps the certificates of an authority whose key was taken away, and makes no others', () => {
    start();
    const before = published();
    rmSync(join(root, 'authority/ca/ca.key'));
    expect(start()).toEqual({ status: 0, steps: 0 });
    expect(published()).toEqual(before);
  });

  test('fails when the tool makes nothing', () => {
    writeFileSync(join(root, 'bin/es-gencert-cli'), '#!/bin/sh\n');
    expect(start().status).toBe(1);
    expect(readdirSync(join(root, 'trusted'))).toEqual([]);
  });
});
