import { beforeEach, describe, expect, it } from '@jest/globals';
import { Views } from '../../src/read/views.js';
import { ViewsLost } from '../../src/read/views-database.js';

const at = (revision: number) => ({ number: 7, revision, event_id: `event ${revision}`, latest: revision });
let views: Views;
const move = (revision: number) =>
  views.database.change(() => views.checkpoints.move('acme', at(revision)), 1);

describe('What is remembered of an account is what its row says', () => {
  beforeEach(() => {
    views = Views.open(':memory:');
    move(3);
    views.database.commit();
    move(4);
    expect(views.checkpoints.of('acme')).toEqual(at(4));
  });

  it('after a change that failed', () => {
    const fail = () => {
      views.checkpoints.move('acme', at(5));
      expect(views.checkpoints.revisionOf('acme')).toBe(5);
      throw new Error('boom');
    };
    expect(() => views.database.change(fail, 1)).toThrow('boom');
    expect(views.checkpoints.of('acme')).toEqual(at(4));
  });

  it('after a change that took all since the last commit with it', () => {
    const fail = () => {
      views.checkpoints.move('acme', at(5));
      views.database.database.exec('ROLLBACK');
      throw new Error('disk full');
    };
    expect(() => views.database.change(fail, 1)).toThrow(ViewsLost);
    expect(views.checkpoints.of('acme')).toEqual(at(3));
  });

  it('after a loss that nobody told of, once the views go on', () => {
    views.database.database.exec('ROLLBACK');
    views.database.change(() => expect(views.checkpoints.of('acme')).toEqual(at(3)), 1);
  });

  it('after the views were cleared', () => {
    views.clear();
    expect(views.checkpoints.of('acme')).toBeUndefined();
    expect(views.checkpoints.revisionOf('acme')).toBe(-1);
  });
});
