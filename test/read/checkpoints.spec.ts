import { describe, expect, it } from '@jest/globals';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { CommandsFor } from '../support/commands.js';
import { executeOn, recordsOf, runAll, WatchedStore } from '../support/execute.js';
import { dump, Instance } from '../support/views.js';

const acme = new CommandsFor('acme');

/** A log of one account, views that know nothing of it yet and hear only what they are given, and the rows they must have. */
async function given() {
  const store = new WatchedStore(new MemoryEventStore());
  const commands = [acme.createUser('bob'), acme.createGroup('g'), acme.addToGroup('bob', 'g')];
  await runAll(executeOn(store), acme.open(), ...commands);
  const records = await recordsOf(store, 'acme');
  const [reference, subject] = [Instance.prepare(store), Instance.prepare(store)];
  await reference.projector.apply('acme', records);
  store.reads.length = 0;
  return { store, records, subject, expected: dump(reference.views) };
}

describe('The projector', () => {
  it('applies what follows the checkpoint without reading anything', async () => {
    const { store, records, subject, expected } = await given();
    await subject.projector.apply('acme', records.slice(0, 5));
    await subject.projector.apply('acme', records.slice(5));
    expect(dump(subject.views)).toEqual(expected);
    expect(store.reads).toEqual([]);
  });

  it('skips what it has applied already', async () => {
    const { store, records, subject, expected } = await given();
    await subject.projector.apply('acme', records);
    await subject.projector.apply('acme', records);
    await subject.projector.apply('acme', records.slice(3, 7));
    expect(dump(subject.views)).toEqual(expected);
    expect(store.reads).toEqual([]);
  });

  it('applies only the news of a batch that overlaps the checkpoint', async () => {
    const { records, subject, expected } = await given();
    await subject.projector.apply('acme', records.slice(0, 8));
    await subject.projector.apply('acme', records.slice(3));
    expect(dump(subject.views)).toEqual(expected);
  });

  it.each([0, 1, 9])(
    'reads the missing part first when a batch leaves a gap after %i events',
    async (count) => {
      const { store, records, subject, expected } = await given();
      await subject.projector.apply('acme', records.slice(0, count));
      await subject.projector.apply('acme', records.slice(-1));
      expect(dump(subject.views)).toEqual(expected);
      expect(store.reads).toEqual(['account-acme']);
    },
  );

  it('keeps per account the revision it has come to and the id of the event there', async () => {
    const { records, subject } = await given();
    await subject.projector.apply('acme', records);
    const { id: event_id, revision } = records.at(-1) ?? {};
    expect(subject.views.checkpoints.of('acme')).toMatchObject({ revision, event_id });
    expect(subject.views.checkpoints.of('globex')).toBeUndefined();
  });

  it('changes nothing for an empty batch', async () => {
    const { subject } = await given();
    const before = dump(subject.views);
    await subject.projector.apply('acme', []);
    expect(dump(subject.views)).toEqual(before);
  });
});
