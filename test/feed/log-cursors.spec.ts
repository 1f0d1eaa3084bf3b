import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Resume } from '../../src/domain/rejection.js';
import { accountStreams } from '../../src/event-store/codec.js';
import type { RecordedEvent } from '../../src/event-store/event-store.js';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { Families } from '../../src/feed/families.js';
import { placeOf, textOfCursor } from '../../src/feed/log-cursor.js';
import { LogCursors } from '../../src/feed/log-cursors.js';
import { CommandsFor } from '../support/commands.js';
import { runAll } from '../support/execute.js';
import { drain } from '../support/log.js';
import { Instance, until } from '../support/views.js';

const [acme, nord, south] = [new CommandsFor('acme'), new CommandsFor('nord'), new CommandsFor('south')];
const globex = new CommandsFor('globex');
let first: Instance;
const instances: Instance[] = [];

/** A log, perhaps with the id of another one, as a copy of its files has. */
class NamedStore extends MemoryEventStore {
  constructor(private readonly name: string) {
    super();
  }

  override logId(): Promise<string> {
    return Promise.resolve(this.name);
  }
}

async function start(name: string, events: readonly RecordedEvent[] = []): Promise<Instance> {
  const store = new NamedStore(name);
  for (const { stream, revision, ...event } of events) await store.append(stream, revision - 1, [event]);
  const instance = await Instance.start(store);
  instances.push(instance);
  return instance;
}

const cursorsOf = ({ store, views }: Instance) => new LogCursors(store, views, new Families(views.tree));
const log = ({ store }: Instance) => drain(store.readAll(accountStreams));

/** A cursor behind the last event. */
async function cursorAtHead(instance: Instance): Promise<string> {
  const last = (await log(instance)).at(-1);
  if (!last) throw new Error('The log is empty');
  return (await cursorsOf(instance).writer())(placeOf(last));
}

async function resumeOf(instance: Instance, cursor: string): Promise<Resume> {
  const refusal: unknown = await cursorsOf(instance)
    .placeIn(cursor, 'acme')
    .catch((error: unknown) => error);
  expect(refusal).toMatchObject({ code: 'cursor_expired', kind: 'expired' });
  return (refusal as { resume: Resume }).resume;
}

beforeEach(async () => {
  first = await start('one');
  await runAll(
    first.execute,
    acme.open(),
    globex.open('Globex'),
    nord.openUnder('acme'),
    south.openUnder('acme'),
  );
  await runAll(first.execute, nord.createGroup('g'), globex.createGroup('h'), acme.createGroup('i'));
});
afterEach(async () => {
  await Promise.all(instances.splice(0).map((instance) => instance.stop()));
});

describe('A cursor of the log', () => {
  it('stands where it was made; without one that is the beginning', async () => {
    const cursors = cursorsOf(first);
    const last = (await log(first)).at(-1);
    expect(await cursors.placeIn(await cursorAtHead(first), 'acme')).toMatchObject({
      position: last?.position,
    });
    expect(await cursors.placeIn(undefined, 'acme')).toEqual({ position: '', mark: '' });
    await expect(cursors.placeIn('4711', 'acme')).rejects.toMatchObject({ code: 'bad_request' });
  });

  it('at what is no position of this log is none, also when it does not tell its event', async () => {
    const at = (position: string, mark: string) =>
      cursorsOf(first).placeIn(textOfCursor({ log: 'one', position, mark }), 'acme');
    const mark = (await log(first))[4]?.id.slice(-8) ?? '';
    await until(() => first.views.checkpoints.position !== undefined);
    await expect(at('5/7', '')).rejects.toMatchObject({ code: 'bad_request' });
    await expect(at('5/7', mark)).rejects.toMatchObject({ code: 'bad_request' });
    await expect(at('99999', '')).rejects.toMatchObject({ code: 'cursor_expired' });
    expect(await at('5', '')).toMatchObject({ position: '5' });
  });

  it('of a log that was copied is expired there, with the heads of all accounts and a cursor behind them', async () => {
    const cursor = await cursorAtHead(first);
    const copy = await start('two', await log(first));
    await runAll(copy.execute, nord.createGroup('more'), globex.createGroup('theirs'), south.close());
    const { positions, cursor: next } = await resumeOf(copy, cursor);
    const heads = ['acme', 'nord', 'south'].map((account) => ({
      account,
      revision: copy.views.checkpoints.revisionOf(account),
    }));
    expect(positions).toEqual(heads);
    const place = await cursorsOf(copy).placeIn(next, 'acme');
    expect(await drain(copy.store.readAll(accountStreams, place.position))).toEqual([]);
  });

  it('behind what a restored log lacks is expired, also once other events have taken its place', async () => {
    const all = await log(first);
    const [cursor, restored] = [await cursorAtHead(first), await start('one', all.slice(0, -2))];
    await resumeOf(restored, cursor);
    await runAll(
      restored.execute,
      nord.createGroup('other'),
      nord.createGroup('another'),
      nord.createGroup('third'),
    );
    expect((await resumeOf(restored, cursor)).positions).toContainEqual({
      account: 'nord',
      revision: restored.views.checkpoints.revisionOf('nord'),
    });
  });

  it('within what a restored log still has stays', async () => {
    const all = await log(first);
    const restored = await start('one', all.slice(0, -2));
    const write = await cursorsOf(first).writer();
    for (const event of all.slice(0, -2)) {
      const place = placeOf(event);
      expect(await cursorsOf(restored).placeIn(write(place), 'acme')).toMatchObject(place);
    }
  });
});
