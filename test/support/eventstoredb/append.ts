import streams from '@eventstore/db-client/generated/streams_pb.js';
import { type sendUnaryData, type ServerReadableStream } from '@grpc/grpc-js';
import { appendAnswer } from './answers.js';
import { type Answer, type AppendRequest, type Appends } from './appends.js';
import { type Call } from './calls.js';
import { accessDenied, type Failure, notReady, timedOut, tooLarge, unimplemented } from './failure.js';
import { type Expected, type PeerEvent } from './log.js';
import { proposed, streamName } from './messages.js';

/** Serves one Append call: the options, the events, then one answer. */
export function serveAppend(
  stream: ServerReadableStream<streams.AppendReq, streams.AppendResp>,
  call: Call,
  callback: sendUnaryData<streams.AppendResp>,
  appends: Appends,
): void {
  let options: streams.AppendReq.Options | undefined;
  const events: PeerEvent[] = [];
  stream.on('data', (request: streams.AppendReq) => {
    options ??= request.getOptions();
    const message = request.getProposedMessage();
    if (message !== undefined) events.push(proposed(message));
  });
  stream.on('end', () => {
    // The end of a connection that was cut shows as the end of the append: some of its events may not have come.
    if (call.open) void answer(gathered(options, events));
  });

  async function answer(append: AppendRequest): Promise<void> {
    const result = resultOf(await appends.take(append));
    if (result === undefined || !call.open) return;
    call.ended = true;
    if (result instanceof streams.AppendResp) callback(null, result);
    else callback(result);
  }
}

/** What the call ends with; undefined when it does not end. */
function resultOf(answer: Answer): streams.AppendResp | Failure | undefined {
  switch (answer.type) {
    case 'written':
    case 'wrong-expected-version':
      return appendAnswer(answer);
    case 'timeout':
      return timedOut();
    case 'access-denied':
      return accessDenied();
    case 'not-ready':
      return notReady();
    case 'too-large':
      return tooLarge(answer.limit);
    case 'call-fails':
      return answer.failure;
    case 'call-ends':
      return unimplemented('An Append that ends without an answer');
    case 'nothing':
      return undefined;
  }
}

function gathered(
  options: streams.AppendReq.Options | undefined,
  events: readonly PeerEvent[],
): AppendRequest {
  return { stream: streamName(options?.getStreamIdentifier()), expected: expectedOf(options), events };
}

function expectedOf(options: streams.AppendReq.Options | undefined): Expected {
  if (options === undefined || options.hasAny()) return 'any';
  if (options.hasNoStream()) return 'no_stream';
  return options.hasStreamExists() ? 'stream_exists' : Number(options.getRevision());
}
