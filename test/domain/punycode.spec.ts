import { domainToASCII } from 'node:url';
import { describe, expect, it, test } from '@jest/globals';
import fc from 'fast-check';
import { decodePunycode, encodePunycode } from '../../src/domain/punycode.js';

/** RFC 3492, 7.1. */
const samples = [
  ['ليهمابتكلموشعربي؟', 'egbpdaj6bu4bxfgehfvwxn'],
  ['他们为什么不说中文', 'ihqwcrb4cv8a8dqg056pqjye'],
  ['למההםפשוטלאמדבריםעברית', '4dbcagdahymbxekheh6e0a7fei0b'],
  ['почемужеонинеговорятпорусски', 'b1abfaaepdrnnbgefbadotcwatmq2g4l'],
  ['porquénopuedensimplementehablarenespañol', 'porqunopuedensimplementehablarenespaol-fmd56a'],
  ['tạisaohọkhôngthểchỉnóitiếngviệt', 'tisaohkhngthchnitingvit-kjcr8268qyxafd2f1b9g'],
  ['3年b組金八先生', '3b-ww4c5e180e575a65lsy2b'],
  ['hello-another-way-それぞれの場所', 'hello-another-way--fc4qua05auwb3674vfr0b'],
  ['-> $1.00 <-', '-> $1.00 <--'],
] as const;

test.each(samples)('%s is %s, and back', (text, code) => {
  expect(encodePunycode(text)).toBe(code);
  expect(decodePunycode(code)).toBe(text);
});

describe('Any text', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
        expect(decodePunycode(encodePunycode(text))).toBe(text);
      }),
    );
  });

  it('has the form that other programs give it', () => {
    const letter = fc.constantFrom(...Array.from('abz09äßéжшώ中文日本語かな한글ไทย😀🚀'));
    fc.assert(
      fc.property(fc.array(letter, { minLength: 1, maxLength: 30 }), (letters) => {
        const label = letters.join('');
        const host = domainToASCII(label);
        if (host.startsWith('xn--')) expect(`xn--${encodePunycode(label)}`).toBe(host);
      }),
    );
  });

  it('is decoded or is none, without an error', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (text) => {
        const decoded = decodePunycode(text);
        expect(decoded === undefined || typeof decoded === 'string').toBe(true);
      }),
    );
    expect(['9999999999999', 'a-b-!', 'zzzz9', '-'].map(decodePunycode)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
