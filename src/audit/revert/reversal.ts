import type { CommandMeta } from '../../domain/command.js';
import { Rejection } from '../../domain/rejection.js';
import { RevertCommand } from '../../domain/revert.js';
import type { ShownEntry } from '../answers.js';
import type { AuditLog } from '../audit-log.js';
import type { AuditMoment, AuditQuery, Filter } from '../audit-query.js';
import { inverseOf } from './inverse.js';
import { type Later, laterOf } from './obstacles.js';

/** A command that may be reverted has no more events. */
const MOST_EVENTS = 1000;

/** One command of an account's past, whose inverse the log can tell. */
export class Reversal {
  private constructor(
    private readonly audit: AuditLog,
    private readonly revision: number,
    private readonly entries: readonly ShownEntry[],
  ) {}

  /** @param revision of any event of the command @throws Rejection entry_not_found, not_revertible, unavailable */
  static async of(audit: AuditLog, at: AuditMoment, revision: number): Promise<Reversal> {
    const entry = await audit.entry(at, revision);
    if (!entry) throw new Rejection('entry_not_found');
    const { command_id } = entry;
    const query = queryOf([{ field: 'command_id', isNegated: false, values: [command_id] }]);
    const { entries, next_cursor } = await audit.page(at, query, { limit: MOST_EVENTS });
    if (next_cursor !== null) throw new Rejection('not_revertible');
    return new Reversal(audit, revision, entries);
  }

  /** Of all events of the command, ascending. */
  get revisions(): readonly number[] {
    return this.entries.map(({ revision }) => revision);
  }

  /** @throws Rejection not_revertible when an event of the command has no inverse */
  command(account: string, meta: CommandMeta): RevertCommand {
    const caused = { ...meta, causedBy: this.revision };
    const steps = this.entries.flatMap((entry) => {
      const inverse = inverseOf(entry, account, caused);
      if (inverse) return inverse;
      throw new Rejection('not_revertible', `${entry.event}, revision ${entry.revision}, has no inverse`);
    });
    return new RevertCommand(account, { steps }, caused);
  }

  /** Refuses what was touched again since. @throws Rejection changed_since, unavailable */
  async requireUntouched(at: AuditMoment): Promise<void> {
    const because = await this.obstacles(at);
    if (because.length > 0) throw changedSince(because);
  }

  /** The refusal of an inverse that came too late, with what is in the way by now. */
  async tooLate(at: AuditMoment): Promise<Rejection> {
    return changedSince(await this.obstacles(at));
  }

  /** Revisions of later events that touched the same, ascending, a page of each kind at most. */
  private async obstacles(at: AuditMoment): Promise<number[]> {
    const last = this.revisions.at(-1) ?? this.revision;
    if (last >= at.revision) return [];
    const found = new Set<number>();
    for (const entry of this.entries)
      for (const later of laterOf(entry)) {
        const query = { ...queryOf(filtersOf(later)), from: { revision: last + 1 } };
        const { entries } = await this.audit.page(at, query, { limit: MOST_EVENTS });
        for (const one of entries) if (later.touches(one)) found.add(one.revision);
      }
    return [...found].sort((one, other) => one - other);
  }
}

function changedSince(because: readonly number[]): Rejection {
  return new Rejection('changed_since', undefined, because);
}

function queryOf(filters: readonly Filter[]): AuditQuery {
  return { filters, order: 'asc' };
}

function filtersOf({ types, about }: Later): Filter[] {
  const things = about.map(([field, id]): Filter => ({ field, isNegated: false, values: [id] }));
  return [{ field: 'type', isNegated: false, values: types }, ...things];
}
