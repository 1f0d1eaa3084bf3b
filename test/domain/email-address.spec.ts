import { describe, expect, it, test } from '@jest/globals';
import { emailKey, emailRule, isSameMailbox } from '../../src/domain/email-address.js';
import { encodePunycode } from '../../src/domain/punycode.js';

const isAddress = (text: string) => emailRule.isKeptBy(text);

describe('X83: an e-mail address', () => {
  test.each([
    ...['jane@example.com', 'Jane.Doe@Example.COM', "o'neil+tag_1@a-b.example", 'a@b.co', '1@2.example'],
    ...['jürgen@example.com', 'jane@bücher.example', 'jane@BÜCHER.example', 'jane@xn--bcher-kva.example'],
    ...['jane@faß.de', 'jane@xn--fa-hia.de', 'jane@日本.jp', 'почта@пример.рф', 'jane@☕.example'],
    ...['用户@例子.中国', '"a;b"@example.com', String.raw`"a\"b"@example.com`, '"a..b"@example.com'],
    ...['น้ำ@example.com', '😀@example.com', `${'x'.repeat(64)}@${'y'.repeat(63)}.example`],
  ])('may be %s', (address) => expect(isAddress(address)).toBe(true));

  test.each([
    ...[
      '',
      'jane',
      'jane@',
      '@example.com',
      'jane@example',
      'a@b@example.com',
      'jane@example.c',
      'a@1.2.3.4',
    ],
    ...['a b@example.com', ' jane@example.com', 'jane@example.com ', 'jane@example.com\n', 'a,b@example.com'],
    ...[
      '.jane@example.com',
      'jane.@example.com',
      'ja..ne@example.com',
      'jane@.com',
      'jane@a..com',
      'jane@a.com.',
    ],
    ...['jane@-a.com', 'jane@a-.com', 'jane@a_b.com', 'jane@ab--c.com', 'jane@[127.0.0.1]', 'jane@%61.com'],
    ...['Jane <jane@example.com>', '<jane@example.com>', '"jane@example.com', '"a b"@example.com'],
    ...[
      'jane@a/b.com',
      'jane@a:1.com',
      'jane@a?b.com',
      'jane@a#b.com',
      'jane@a\\b.com',
      '\ud800@example.com',
    ],
    ...[`${'x'.repeat(65)}@example.com`, `${'ü'.repeat(33)}@example.com`, `jane@${'y'.repeat(64)}.example`],
    ...[`jane@${'y.'.repeat(125)}example`, `jane@${'ü'.repeat(60)}.example`],
  ])('is not %j', (address) => expect(isAddress(address)).toBe(false));

  test.each([
    ...[
      0x00ad, 0x200b, 0x200c, 0x200d, 0x2060, 0xfeff, 0x061c, 0x200e, 0x200f, 0x202a, 0x202e, 0x2066, 0x2069,
    ],
    ...[
      0x00a0, 0x3000, 0x2003, 0x1680, 0x2028, 0x2029, 0x0085, 0x0000, 0x007f, 0x009b, 0x034f, 0x115f, 0x3164,
    ],
    ...[0xffa0, 0x17b4, 0x180e, 0xfe0f, 0x2800, 0xe0020, 0xe0100, 0xfffe, 0xe000, 0x0378, 0xfffc],
  ])('has no character U+%p that cannot be seen, wherever it would stand', (code) => {
    const hidden = String.fromCodePoint(code);
    const addresses = ['ja_ne@example.com', '_jane@example.com', 'jane_@example.com', 'jane@exam_ple.com'];
    const all = [...addresses, 'jane@_example.com', 'jane@example.com_', '"a;_b"@example.com'];
    expect(all.filter((address) => isAddress(address.replace('_', hidden)))).toEqual([]);
  });

  test.each([
    ...[
      'jane@ⓔxample.com',
      'jane@Ⓔxample.com',
      'jane@ｅxample.com',
      'jane@example。com',
      'jane@example．com',
    ],
    ...[
      'jane@example｡com',
      'jane@ﬁsh.com',
      'jane@ℯxample.com',
      'jane@ſtar.com',
      'jane@ｶﾅ.com',
      'jane@x².com',
    ],
    ...[
      'jane@e\u0301x.com',
      'jose\u0301@example.com',
      'jane@\u212aelvin.com',
      'jane@\u0301a.com',
      'jane@אa.com',
    ],
    ...[
      'ⓙane@example.com',
      'ｊane@example.com',
      'ﬁsh@example.com',
      'jane²@example.com',
      '\u212aim@example.com',
    ],
  ])('is not %s, of which others make another one', (address) => expect(isAddress(address)).toBe(false));

  test.each([
    ...[
      'xn--a',
      'xn--',
      'xn--exmple-cua-',
      'xn--abc-',
      'xn--abc',
      'xn--bcher-kva-',
      'xn--zn7c',
      'xn--xample-9ub',
    ],
    ...[
      'ⓔxample',
      'bÜcher',
      'exam\u00adple',
      'a\u200bb',
      '☕\ufe0f',
      'ae\u0301',
      'àא',
      'ſtar',
      'a。b',
      'ü/b',
    ].map((label) => `xn--${encodePunycode(label)}`),
  ])('has no domain %s.com, an ASCII form of what is no domain', (label) =>
    expect(isAddress(`jane@${label}.com`)).toBe(false),
  );

  it('needs no quotes where it could do without', () =>
    expect(
      ['"jane"@example.com', String.raw`"j\ane"@example.com`, '""@example.com'].filter(isAddress),
    ).toEqual([]));

  it('is compared by letter case folded local part and the ASCII form of the domain', () => {
    const same = (one: string, other: string) => emailKey(one) === emailKey(other);
    expect(emailKey('Jane@Example.COM')).toBe('jane@example.com');
    expect(same('jane@bücher.example', 'JANE@XN--BCHER-KVA.example')).toBe(true);
    expect(same('jane@BÜCHER.example', 'jane@bücher.example')).toBe(true);
    expect(same('JÜRGEN@example.com', 'jürgen@example.com')).toBe(true);
    expect(same('ΝΊΚΟΣ@example.com', 'νίκος@example.com')).toBe(true);
    expect(same('ΝΊΚΟΣ@example.com', 'νίκοσ@example.com')).toBe(true);
    expect(same('jos\u00e9@example.com', 'jose\u0301@example.com')).toBe(true);
    expect(same('jane@faß.de', 'jane@fass.de')).toBe(false);
    expect(same('jane@bücher.example', 'jane@bucher.example')).toBe(false);
  });

  it('has a key, whatever older logs or callers hold to be one', () => {
    for (const text of ['', '@', 'jane', 'jane@', '\ud800@\udc00', 'a@b@ü', `ü@${'ü'.repeat(100_000)}`])
      expect(typeof emailKey(text)).toBe('string');
    expect(emailKey('jane@exam\u00adple.com')).not.toBe(emailKey('jane@example.com'));
  });

  it('is the same mailbox under both forms of its domain only', () => {
    expect(isSameMailbox('jane@bücher.example', 'jane@xn--bcher-kva.example')).toBe(true);
    expect(isSameMailbox('jane@Example.com', 'jane@example.com')).toBe(true);
    expect(isSameMailbox('jane@exam\u00adple.com', 'jane@example.com')).toBe(false);
    expect(isSameMailbox('Jane@example.com', 'jane@example.com')).toBe(false);
    expect(isSameMailbox('jane@ⓔxample.com', 'jane@example.com')).toBe(false);
  });
});
