import { dirname } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openDatabase, prepare } from '../../src/event-store/sqlite.js';
import { appendRaw } from '../support/execute.js';
import { change, changed, scene, verified, without } from '../support/verification.js';

describe('The verification of views', () => {
  it.each([
    ['an altered row', `UPDATE users SET first_name = 'Bo' WHERE since = 11`, 2],
    ['a missing row', 'DELETE FROM users WHERE since = 11', 1],
    ['a row too many', 'INSERT INTO memberships SELECT * FROM memberships WHERE until < 0 OR since = 10', 1],
  ])('names %s with its account and revision', (_, sql, count) =>
    scene(async ({ path, verify }) => {
      if (sql.startsWith('INSERT')) change(path, 'DROP INDEX memberships_now');
      change(path, sql);
      const { faults } = await verify();
      expect(faults.length).toBe(count);
      for (const fault of faults)
        expect(fault).toMatchObject({
          account: 'acme',
          what: expect.stringMatching(
            /^the table \w+ in views\.db (has|lacks) a row .*; stop Muster and delete/,
          ),
        });
    }),
  );

  it('attributes rows without an account of their own', () =>
    scene(async ({ path, verify }) => {
      change(path, `DELETE FROM passwords; UPDATE counts SET value = 7`);
      const { faults } = await verify();
      expect(new Set(faults.map(({ account }) => account))).toEqual(new Set(['acme', 'client', 'globex']));
      expect(faults.some(({ what }) => what.includes('table counts'))).toBe(true);
    }));

  it('names views that have seen more than there is, with the last event they saw', () =>
    scene(async ({ log, verify }) => {
      log.everywhere(without(11));
      const { faults } = await verify();
      expect(faults).toEqual([
        {
          account: 'acme',
          revision: 11,
          what: expect.stringContaining('but the log has them up to 10 only'),
        },
      ]);
    }));

  it('names views of an account that is not in the log', () =>
    scene(async ({ log, verify }) => {
      log.everywhere((event) => (event.stream === 'account-globex' ? [] : [event]));
      const { faults } = await verify();
      expect(faults).toMatchObject([
        { account: 'globex', what: expect.stringContaining('the log has none') },
      ]);
    }));

  it('names views that come of another event', () =>
    scene(async ({ log, verify }) => {
      log.everywhere(changed(11, { id: '00000000-0000-4000-8000-000000000000' }));
      const { faults } = await verify();
      expect(faults).toMatchObject([
        { account: 'acme', revision: 11, what: expect.stringContaining('another event') },
      ]);
    }));

  it.each([
    ['are not there', '', 'There are no views'],
    ['were made by another version', 'PRAGMA user_version = 7', 'made by another version of Muster'],
    ['were made from another log', `UPDATE log SET id = 'another'`, 'made from another log'],
  ])('is no fault where they %s', (_, sql, says) =>
    scene(async ({ log, path, verify }) => {
      if (sql !== '') change(path, sql);
      const found = sql === '' ? await verified(log, `${path}.not-there`, dirname(path)) : await verify();
      expect(found.faults).toEqual([]);
      expect(found.notes).toEqual([expect.stringContaining(says)]);
    }),
  );

  it('names an event that the views cannot take, also one they have not seen yet', () =>
    scene(async ({ store, path, verify }) => {
      await appendRaw(store, 'acme', 11, 'UserRenamed', {
        data: { user_id: 'bob', first_name: null, last_name: 'Doe' },
      });
      const fault = {
        account: 'acme',
        revision: 12,
        what: expect.stringContaining('the views cannot take UserRenamed'),
      };
      expect((await verify()).faults).toEqual([fault]);
      change(path, 'PRAGMA user_version = 7');
      expect((await verify()).faults).toEqual([fault]);
    }));

  it('changes neither the log nor the views', () =>
    scene(async ({ path, verify }) => {
      const rows = () => {
        const database = openDatabase(path, { readOnly: true });
        try {
          return prepare<object>(database, 'SELECT * FROM users').all();
        } finally {
          database.close();
        }
      };
      const before = rows();
      await verify();
      expect(rows()).toEqual(before);
    }));
});
