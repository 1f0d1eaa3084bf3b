import type { CommandMeta } from '../../domain/command.js';
import { isEventType } from '../../domain/event-catalogue.js';
import { Rejection } from '../../domain/rejection.js';
import { RevertCommand } from '../../domain/revert.js';
import type { ShownEntry } from '../answers.js';
import type { AuditLog } from '../audit-log.js';
import type { AuditMoment, AuditQuery, Filter } from '../audit-query.js';
import type { Revertible } from './revertible.js';
import { inverseOf, stepsBack } from './inverses.js';
import type { Later } from './later.js';

/** The most events of a command that can be reverted, and the most revisions that a refusal names. */
const MOST_EVENTS = 1000;

/** One command of an account's past, whose inverse the log can tell. */
export class Reversal {
  private constructor(
    private readonly audit: AuditLog,
    private readonly revision: number,
    private readonly events: readonly Revertible[],
  ) {}

  /** @param revision of any event of the command @throws Rejection entry_not_found, not_revertible, unavailable */
  static async of(audit: AuditLog, at: AuditMoment, revision: number): Promise<Reversal> {
    const entry = await audit.entry(at, revision);
    if (!entry) throw new Rejection('entry_not_found');
    const { command_id } = entry;
    const query = queryOf([{ field: 'command_id', isNegated: false, values: [command_id] }]);
    const { entries, next_cursor } = await audit.page(at, query, { limit: MOST_EVENTS });
    if (next_cursor !== null)
      throw new Rejection('not_revertible', 'A command of more than 1,000 events cannot be taken back');
    return new Reversal(audit, revision, entries.map(revertible));
  }

  /** Of all events of the command, ascending. */
  get revisions(): readonly number[] {
    return this.events.map(({ revision }) => revision);
  }

  /** @throws Rejection not_revertible when an event of the command has no inverse */
  command(account: string, meta: CommandMeta): RevertCommand {
    const caused = { ...meta, causedBy: this.revision };
    return new RevertCommand(account, { steps: stepsBack(this.events, account, caused) }, caused);
  }

  /** Refuses what was touched again since. @throws Rejection changed_since, unavailable */
  async requireUntouched(at: AuditMoment): Promise<void> {
    const because = await this.obstacles(at, ({ isSeen = false }) => !isSeen);
    if (because.length > 0) throw changedSince(because);
  }

  /** The refusal of an inverse that came too late, with what is in the way by now. */
  async tooLate(at: AuditMoment): Promise<Rejection> {
    return changedSince(await this.obstacles(at));
  }

  /** Revisions of later events that touched the same, ascending: all of them, or the first thousand of each kind. */
  private async obstacles(
    at: AuditMoment,
    isAsked: (later: Later) => boolean = () => true,
  ): Promise<number[]> {
    const last = this.revisions.at(-1) ?? this.revision;
    if (last >= at.revision) return [];
    const found = new Set<number>();
    for (const event of this.events)
      for (const later of inverseOf(event).later(event).filter(isAsked))
        for (const revision of await this.touching(at, last + 1, later)) found.add(revision);
    return [...found].sort((one, other) => one - other).slice(0, MOST_EVENTS);
  }

  private async touching(at: AuditMoment, from: number, later: Later): Promise<number[]> {
    const query = { ...queryOf(filtersOf(later)), from: { revision: from } };
    const found: number[] = [];
    let cursor: string | null | undefined;
    while (cursor !== null && found.length < MOST_EVENTS) {
      const paging = { limit: MOST_EVENTS, ...(cursor === undefined ? {} : { cursor }) };
      const page = await this.audit.page(at, query, paging);
      for (const entry of page.entries) if (later.touches(entry)) found.push(entry.revision);
      cursor = page.next_cursor;
    }
    return found;
  }
}

function revertible(entry: ShownEntry): Revertible {
  const { event, subjects, changes, revision } = entry;
  if (!isEventType(event)) throw new Error(`The log has an event ${event} without an entry in the catalogue`);
  return { event, subjects, changes, revision };
}

function changedSince(because: readonly number[]): Rejection {
  return new Rejection('changed_since', undefined, { because });
}

function queryOf(filters: readonly Filter[]): AuditQuery {
  return { filters, order: 'asc' };
}

function filtersOf({ types, about }: Later): Filter[] {
  const things = about.map(([field, id]): Filter => ({ field, isNegated: false, values: [id] }));
  return [{ field: 'type', isNegated: false, values: types }, ...things];
}
