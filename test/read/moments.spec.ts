import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { GetGroup } from '../../src/read/group.js';
import { ListMembers } from '../../src/read/members.js';
import { GetUser } from '../../src/read/user.js';
import { CommandsFor } from '../support/commands.js';
import { recordsOf } from '../support/execute.js';
import { firstPage, Instance } from '../support/views.js';

const acme = new CommandsFor('acme');
const start = Date.parse('2026-01-01T00:00:00.000Z');
const store = new MemoryEventStore();
let clock = start;
let instance: Instance;
/** The last revisions of the commands, in their order. */
const ends: number[] = [];

/** Runs commands, each at so many milliseconds after the start. */
async function run(...commands: readonly (readonly [number, Parameters<Instance['execute']['run']>[0]])[]) {
  for (const [time, command] of commands) {
    clock = start + time;
    await instance.execute.run(command);
    ends.push(instance.now('acme').revision);
  }
}

beforeAll(async () => {
  instance = await Instance.start(store, ':memory:', () => new Date(clock));
  const [bob, eve] = ['bob', 'eve'].map((id) => acme.createUser(id));
  if (!bob || !eve) throw new Error('No users');
  await run([1000, acme.open()], [5000, bob], [2000, eve], [5000, acme.createGroup('a')]);
  await run([9000, acme.createGroup('b')]);
});
afterAll(() => instance.stop());

describe('The moment after a command', () => {
  it('is the same for every revision that the command wrote: that of its last event', async () => {
    const { moments } = instance.views;
    for (const { revision, metadata } of await recordsOf(store, 'acme')) {
      const end = revision - metadata.index + metadata.count - 1;
      expect(moments.afterCommand('acme', revision)).toMatchObject({ account: 'acme', revision: end });
      expect(ends).toContain(end);
    }
  });

  it('is none for a revision that is not here, nor for an account that is not', () => {
    const { moments } = instance.views;
    expect(moments.afterCommand('acme', (ends.at(-1) ?? 0) + 1)).toBeUndefined();
    expect(moments.afterCommand('globex', 0)).toBeUndefined();
  });
});

describe('The moment at a time', () => {
  const at = (time: number) => instance.views.moments.atTime('acme', start + time)?.revision;

  it('is the last until which no clock was later, also after one that was set back', () => {
    const [opened, , , a, b] = ends;
    expect([at(1000), at(2000), at(4999)]).toEqual([opened, opened, opened]);
    expect([at(5000), at(8999)]).toEqual([a, a]);
    expect([at(9000), at(100_000)]).toEqual([b, b]);
  });

  it('is none before the first event, nor of an account that is not here', () => {
    expect(at(999)).toBeUndefined();
    expect(instance.views.moments.atTime('globex', start + 9000)).toBeUndefined();
  });
});

describe('A moment', () => {
  it('answers as the account was, while the views go on', async () => {
    const then = instance.now('acme');
    const facts = () => [
      instance.ask(new GetUser(then, 'bob')),
      instance.ask(new GetGroup(then, 'a')),
      instance.ask(new ListMembers(then, 'a', firstPage)),
    ];
    const before = facts();
    expect(then.isPast).toBe(false);
    await run([9000, acme.updateUser({ user_id: 'bob', first_name: 'Robert' })]);
    await run([9000, acme.addToGroup('bob', 'a')], [9000, acme.deleteGroup('b')]);
    expect(then.isPast).toBe(true);
    expect(facts()).toEqual(before);
    expect(instance.ask(new GetGroup(then, 'b'))).toMatchObject({ id: 'b', num_members: 0 });
    const now = instance.now('acme');
    expect(instance.ask(new GetUser(now, 'bob')).first_name).toBe('Robert');
    expect(instance.ask(new GetGroup(now, 'a')).num_members).toBe(1);
  });

  it('of an account that the views do not know has nothing in it, also when the account comes', async () => {
    const then = instance.now('later');
    const user = () => instance.ask(new GetUser(then, 'later-admin'));
    expect(then).toMatchObject({ revision: -1, number: null });
    expect(user).toThrow(expect.objectContaining({ code: 'user_not_found' }));
    await instance.execute.run(new CommandsFor('later').open());
    expect(then.isPast).toBe(true);
    expect(user).toThrow(expect.objectContaining({ code: 'user_not_found' }));
  });
});
