import { describe, expect, it } from '@jest/globals';
import type { DomainEvent } from '../../src/domain/aggregates.js';
import { adminRole } from '../../src/domain/built-in-roles.js';
import {
  ClaimMail,
  DeferMail,
  GiveUpMail,
  type LinkMail,
  RecordMailSent,
  RequestMail,
} from '../../src/domain/mail.js';
import { CreateUser } from '../../src/domain/user.js';
import {
  ACME,
  as,
  client,
  company,
  given,
  inRole,
  mailClaimed,
  mailRequested,
  managerMax,
  operator,
  stateOf,
  system,
  tokenIssued,
  user,
} from '../support/domain.js';
import { unlimited } from '../../src/domain/authority.js';

const noon = '2026-01-31T12:00:00.000Z';
const quarterPast = '2026-01-31T12:15:00.000Z';
const one = '2026-01-31T13:00:00.000Z';
const tomorrow = '2026-02-01T12:00:00.000Z';
const world = [...company, ...managerMax, user('bob')];
const asked = [...world, mailRequested('bob', 'm1')];
const claimed = [...asked, mailClaimed('bob', 'm1', quarterPast), tokenIssued('bob', 'h1', tomorrow)];
const m1 = { user_id: 'bob', mail_id: 'm1' };

function putOffUntil(until: string): DomainEvent {
  return { type: 'MailDeferred', data: { ...m1, until, reason: '451' } };
}

describe('RequestMail', () => {
  const request = (kind: LinkMail = 'invitation', meta = as('ann')) =>
    new RequestMail(ACME, { user_id: 'bob', mail_id: 'm2', kind }, meta);

  it('asks for a mail of that kind', () =>
    given(world)
      .when(request('password_reset'))
      .then(mailRequested('bob', 'm2', 'password_reset')));
  it('asks for nothing while one of that kind is to be sent to the user', () => {
    given(asked).when(request()).nothing();
    given(claimed).when(request()).nothing();
  });
  it('replaces one that was put off, for its next attempt may be hours away', () => {
    const putOff = [...claimed, putOffUntil(quarterPast)];
    const ended: DomainEvent = { type: 'MailGivenUp', data: { ...m1, reason: 'asked_again' } };
    given(putOff).when(request()).then(ended, mailRequested('bob', 'm2'));
    given(putOff)
      .when(request('welcome'))
      .then(mailRequested('bob', 'm2', 'welcome'));
    given(putOff, mailClaimed('bob', 'm1', one))
      .when(request())
      .nothing();
    given(putOff, ended, mailRequested('bob', 'm2')).when(request()).nothing();
  });
  it('does not replace its own, when it is decided again', () => {
    const again = new RequestMail(ACME, { ...m1, kind: 'invitation' }, as('ann'));
    given(claimed, putOffUntil(quarterPast)).when(again).nothing();
  });
  it('asks for one of another kind, and for one to another user', () => {
    given(asked)
      .when(request('password_reset'))
      .then(mailRequested('bob', 'm2', 'password_reset'));
    given(world, mailRequested('ann', 'm1')).when(request()).then(mailRequested('bob', 'm2'));
  });
  it('asks again when the one before was sent or given up', () => {
    given(claimed, { type: 'MailSent', data: m1 }).when(request()).then(mailRequested('bob', 'm2'));
    given(claimed, { type: 'MailGivenUp', data: { ...m1, reason: '550' } })
      .when(request())
      .then(mailRequested('bob', 'm2'));
  });
  it('X57: is open to whoever manages users, for a stronger user too', () =>
    given(world, inRole('bob', adminRole.id))
      .when(request('password_reset', as('max')))
      .then(mailRequested('bob', 'm2', 'password_reset')));
  it('is denied to others, for oneself too', () =>
    given(world)
      .when(request('invitation', as('bob')))
      .rejects('access_denied'));
  it('X55: reaches into a client account', () =>
    given(client(), user('bob')).when(request(), unlimited).then(mailRequested('bob', 'm2')));
  it('refuses a user who is gone', () => given(company).when(request()).rejects('user_not_found'));
});

describe('CreateUser with a mail', () => {
  const create = (mail_id?: string, roles: string[] = ['managers']) => {
    const names = { first_name: 'Eve', last_name: 'Doe', email: 'eve@acme.example', external_id: null };
    return new CreateUser(ACME, { user_id: 'eve', ...names, password_hash: 'h', roles, mail_id }, as('ann'));
  };
  const created: DomainEvent[] = [
    user('eve', { first_name: 'Eve' }),
    { type: 'UserPasswordSet', data: { user_id: 'eve', password_hash: 'h' } },
    inRole('eve', 'managers'),
  ];

  it('T217: asks for a welcome mail at last', () =>
    given(world)
      .when(create('m2'))
      .then(...created, mailRequested('eve', 'm2', 'welcome')));
  it('T216: asks for none without an id for it', () =>
    given(world)
      .when(create())
      .then(...created));
  it('T220: asks for none when it is refused', () =>
    given(world)
      .when(create('m2', ['none']))
      .rejects('invalid_role'));
});

describe('ClaimMail', () => {
  const claim = (now = noon, meta = system, mail = m1) =>
    new ClaimMail(ACME, { ...mail, token_hash: 'h2', expires: tomorrow, until: one, now }, meta);
  const taken = [mailClaimed('bob', 'm1', one), tokenIssued('bob', 'h2', tomorrow)] as const;

  it('takes a mail on with a token for it', () => {
    given(asked)
      .when(claim())
      .then(...taken);
    given(asked)
      .when(claim(noon, operator))
      .then(...taken);
  });
  it('is nothing while somebody else has it', () => given(claimed).when(claim()).nothing());
  it('is possible again when that time has come', () =>
    given(claimed)
      .when(claim(quarterPast))
      .then(...taken));
  it('is nothing for a mail that was put off, until its time', () => {
    const deferred: DomainEvent = { type: 'MailDeferred', data: { ...m1, until: one, reason: '451' } };
    given(claimed, deferred).when(claim(quarterPast)).nothing();
    given(claimed, deferred)
      .when(claim(one))
      .then(...taken);
  });
  it('is nothing for a mail that was sent or given up, that was never asked for, or whose user is gone', () => {
    given(claimed, { type: 'MailSent', data: m1 }).when(claim(one)).nothing();
    given(claimed, { type: 'MailGivenUp', data: { ...m1, reason: '550' } })
      .when(claim(one))
      .nothing();
    given(asked)
      .when(claim(noon, system, { user_id: 'bob', mail_id: 'm2' }))
      .nothing();
    given(asked)
      .when(claim(noon, system, { user_id: 'max', mail_id: 'm1' }))
      .nothing();
    given(asked, { type: 'UserDeleted', data: { user_id: 'bob' } })
      .when(claim())
      .nothing();
  });
  it('is denied to users, admins too', () =>
    given(asked)
      .when(claim(noon, as('ann')))
      .rejects('access_denied'));
});

describe('DeferMail and GiveUpMail', () => {
  const defer = (attempt: number, until = one, meta = system) =>
    new DeferMail(ACME, { ...m1, attempt, until, reason: '451' }, meta);
  const giveUp = (attempt: number, meta = system) =>
    new GiveUpMail(ACME, { ...m1, attempt, reason: '550' }, meta);
  const deferred: DomainEvent = { type: 'MailDeferred', data: { ...m1, until: one, reason: '451' } };
  const givenUp: DomainEvent = { type: 'MailGivenUp', data: { ...m1, reason: '550' } };
  const again = [...claimed, mailClaimed('bob', 'm1', one)];

  it('end the attempt they are about', () => {
    given(claimed).when(defer(1)).then(deferred);
    given(claimed).when(giveUp(1)).then(givenUp);
    given(again).when(giveUp(2)).then(givenUp);
  });
  it('are nothing when another attempt has overtaken it', () => {
    given(again).when(defer(1, tomorrow)).nothing();
    given(again).when(giveUp(1)).nothing();
    given(claimed).when(giveUp(0)).nothing();
  });
  it('are nothing when the mail is done with', () => {
    for (const end of [{ type: 'MailSent', data: m1 } as const, givenUp]) {
      given(claimed, end).when(defer(1)).nothing();
      given(claimed, end).when(giveUp(1)).nothing();
    }
  });
  it('said again change nothing', () => given(claimed, deferred).when(defer(1)).nothing());
  it('leave the number of attempts as it is', () =>
    expect(stateOf(claimed, deferred).mails.get('bob')).toEqual([
      { mail_id: 'm1', kind: 'invitation', webhook_id: null, attempts: 1, due: one, put_off: true },
    ]));
  it('are denied to users, admins too', () => {
    given(claimed)
      .when(defer(1, one, as('ann')))
      .rejects('access_denied');
    given(claimed)
      .when(giveUp(1, as('ann')))
      .rejects('access_denied');
  });
});

describe('RecordMailSent', () => {
  const record = (meta = system) => new RecordMailSent(ACME, m1, meta);
  const sent: DomainEvent = { type: 'MailSent', data: m1 };

  it('ends the mail, whoever else has taken it on meanwhile', () => {
    given(claimed).when(record()).then(sent);
    given(claimed, mailClaimed('bob', 'm1', one))
      .when(record())
      .then(sent);
  });
  it('said again changes nothing', () => given(claimed, sent).when(record()).nothing());
  it('leaves other mails of the user', () => {
    const mails = stateOf(claimed, mailRequested('bob', 'm2', 'welcome'), sent).mails;
    expect(mails.get('bob')?.map(({ mail_id }) => mail_id)).toEqual(['m2']);
  });
  it('is denied to users, admins too', () =>
    given(claimed)
      .when(record(as('ann')))
      .rejects('access_denied'));
});
