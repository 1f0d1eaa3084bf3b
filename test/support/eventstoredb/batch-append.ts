import type streams from '@eventstore/db-client/generated/streams_pb.js';
import { type ServerDuplexStream } from '@grpc/grpc-js';
import { batchAnswer } from './answers.js';
import { type AppendRequest, type Appends } from './appends.js';
import { type Guard } from './guard.js';
import { type Expected, type PeerEvent } from './log.js';
import { proposed, streamIdentifier, streamName, uuid, uuidText } from './messages.js';
import { type Outlet } from './outlet.js';

type Request = streams.BatchAppendReq;
type Response = streams.BatchAppendResp;

interface Gathered extends AppendRequest {
  readonly events: PeerEvent[];
}

/** One BatchAppend call: many appends, each gathered from its messages until the final one. */
export class BatchAppend {
  private readonly gathered = new Map<string, Gathered>();

  constructor(
    stream: ServerDuplexStream<Request, Response>,
    private readonly outlet: Outlet<Response>,
    private readonly appends: Appends,
    private readonly guard: Guard,
  ) {
    stream.on('data', (request: Request) => void this.receive(request));
    stream.on('end', () => outlet.end());
  }

  private async receive(request: Request): Promise<void> {
    const id = uuidText(request.getCorrelationId());
    const options = request.getOptions();
    if (options !== undefined) this.gathered.set(id, gather(options));
    const append = this.gathered.get(id);
    if (append === undefined) return;
    append.events.push(...request.getProposedMessagesList().map(proposed));
    if (!request.getIsFinal()) return;
    this.gathered.delete(id);
    await this.answer(id, append);
  }

  private async answer(id: string, append: AppendRequest): Promise<void> {
    const refusal = this.guard.refusal(this.outlet.call);
    if (refusal !== undefined) {
      this.outlet.fail(refusal);
      return;
    }
    const answer = await this.appends.take(append);
    switch (answer.type) {
      case 'nothing':
        break;
      case 'call-ends':
        this.outlet.end();
        break;
      case 'call-fails':
        this.outlet.fail(answer.failure);
        break;
      default:
        await this.outlet.write(
          batchAnswer(answer).setCorrelationId(uuid(id)).setStreamIdentifier(streamIdentifier(append.stream)),
        );
    }
  }
}

function gather(options: streams.BatchAppendReq.Options): Gathered {
  return { stream: streamName(options.getStreamIdentifier()), expected: expectedOf(options), events: [] };
}

function expectedOf(options: streams.BatchAppendReq.Options): Expected {
  if (options.hasNoStream()) return 'no_stream';
  if (options.hasStreamExists()) return 'stream_exists';
  return options.hasAny() ? 'any' : Number(options.getStreamPosition());
}
