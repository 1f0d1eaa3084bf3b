import { createPublicKey, verify } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { newWebhookSecret, publicKeyOf } from '../../../src/application/webhook-secret.js';
import { signed } from '../../../src/publish/webhooks/signature.js';

/** The vector of the reference libraries; the signature v1a is the one in the specification's own text. */
const published = {
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  time: 1614265330_000,
  body: '{"test": 2432232314}',
  secret: {
    v1: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    v1a: 'whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==',
  },
};

test('signatures v1 and v1a stand side by side, as the specification has them', () =>
  expect(signed([published.secret], published)).toEqual({
    'webhook-id': published.id,
    'webhook-timestamp': '1614265330',
    'webhook-signature':
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= ' +
      'v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==',
  }));

test('the public key is the one of the reference vector', () =>
  expect(publicKeyOf(published.secret)).toBe('whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4='));

test('a new secret has the sizes of the specification, and is another one each time', () => {
  const { v1, v1a } = newWebhookSecret();
  expect(v1).toMatch(/^whsec_[\w+/]{43}=$/);
  expect(v1a).toMatch(/^whsk_[\w+/]{86}==$/);
  expect(newWebhookSecret().v1).not.toBe(v1);
});

test('both the old and the new secret sign, and either verifies with the reference library', () => {
  const [old, young] = [newWebhookSecret(), newWebhookSecret()];
  const body = '{"a":"ü"}';
  const headers = signed([young, old], { id: 'acme/7', time: Date.now(), body });
  for (const { v1 } of [old, young]) expect(new Webhook(v1).verify(body, headers)).toEqual({ a: 'ü' });
  expect(() => new Webhook(newWebhookSecret().v1).verify(body, headers)).toThrow();
});

test('v1a verifies with the public key and node:crypto alone', () => {
  const secret = newWebhookSecret();
  const headers = signed([secret], { id: 'acme/7', time: 1_700_000_000_999, body: 'x' });
  const x = Buffer.from(publicKeyOf(secret).replace('whpk_', ''), 'base64').toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  const [, signature = ''] = /v1a,(\S+)/.exec(headers['webhook-signature']) ?? [];
  const content = Buffer.from(`acme/7.${headers['webhook-timestamp']}.x`);
  expect(headers['webhook-timestamp']).toBe('1700000000');
  expect(verify(null, content, key, Buffer.from(signature, 'base64'))).toBe(true);
});
