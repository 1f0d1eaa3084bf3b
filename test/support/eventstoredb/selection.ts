import streams from '@eventstore/db-client/generated/streams_pb.js';
import { type LoggedEvent, type PeerLog } from './log.js';
import { streamName } from './messages.js';

type Options = streams.ReadReq.Options;

const isBackwards = (options: Options) =>
  options.getReadDirection() === streams.ReadReq.Options.ReadDirection.BACKWARDS;

/** The events that a read of one stream asks for; a revision is inclusive in both directions. */
export function selectFromStream(log: PeerLog, options: Options): readonly LoggedEvent[] {
  const asked = options.getStream();
  if (asked === undefined) return [];
  const stream = streamName(asked.getStreamIdentifier());
  const events = log.of(stream).slice(log.beginningOf(stream));
  const backwards = isBackwards(options);
  if (asked.hasEnd()) return backwards ? counted(events.toReversed(), options) : [];
  const from = asked.hasRevision() ? Number(asked.getRevision()) : 0;
  const chosen = events.filter(({ revision }) => (backwards ? revision <= from : revision >= from));
  return counted(backwards ? chosen.reverse() : chosen, options);
}

/**
 * The events that a read of $all asks for. A position lies before its event: forwards that event
 * is the first, backwards the one before it is.
 */
export function selectFromAll(log: PeerLog, options: Options): readonly LoggedEvent[] {
  const asked = options.getAll();
  if (asked === undefined) return [];
  const from = asked.hasEnd() ? Infinity : Number(asked.getPosition()?.getCommitPosition() ?? 0);
  if (isBackwards(options))
    return counted(log.all.filter(({ position }) => position < from).reverse(), options);
  return counted(
    log.all.filter(({ position }) => position >= from),
    options,
  );
}

function counted(events: readonly LoggedEvent[], options: Options): readonly LoggedEvent[] {
  return events.slice(0, Number(options.getCount()));
}

/** Which events a subscription is given, and how often it is told how far it has come. */
export interface Filter {
  readonly prefixes: readonly string[];
  /** Events considered between two checkpoints; undefined without a filter: no checkpoints. */
  readonly checkpointInterval: number | undefined;
  passes(event: LoggedEvent): boolean;
}

const DEFAULT_WINDOW = 32;

export function filterOf(options: Options): Filter {
  const asked = options.getFilter();
  if (asked === undefined) return { prefixes: [], checkpointInterval: undefined, passes: () => true };
  const expression = asked.getStreamIdentifier() ?? asked.getEventType();
  const prefixes = expression?.getPrefixList() ?? [];
  const regex = new RegExp(expression?.getRegex() ?? '');
  const window = asked.hasMax() ? asked.getMax() : DEFAULT_WINDOW;
  return {
    prefixes,
    checkpointInterval: asked.getCheckpointintervalmultiplier() * window,
    passes: ({ stream, type }) => {
      const text = asked.hasStreamIdentifier() ? stream : type;
      return prefixes.length > 0 ? prefixes.some((prefix) => text.startsWith(prefix)) : regex.test(text);
    },
  };
}
