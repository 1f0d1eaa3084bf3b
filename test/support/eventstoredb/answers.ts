import codes from '@eventstore/db-client/generated/code_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import status from '@eventstore/db-client/generated/status_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import protobufAny from 'google-protobuf/google/protobuf/any_pb.js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';
import { type Answer } from './appends.js';
import { type Expected } from './log.js';

type Silent = 'nothing' | 'call-ends' | 'call-fails';
/** An answer that is a message. */
export type Spoken = Exclude<Answer, { readonly type: Silent }>;
type Refused = Exclude<Spoken, { readonly type: 'written' }>;
type Conflict = Extract<Answer, { readonly type: 'wrong-expected-version' }>;

/** What BatchAppend says of one append; the caller adds which. */
export function batchAnswer(answer: Spoken): streams.BatchAppendResp {
  if (answer.type !== 'written') return new streams.BatchAppendResp().setError(batchError(answer));
  const success = new streams.BatchAppendResp.Success();
  if (answer.revision < 0) success.setNoStream(new empty.Empty());
  else success.setCurrentRevision(String(answer.revision));
  if (answer.position === undefined) success.setNoPosition(new empty.Empty());
  else success.setPosition(allPosition(answer.position));
  return new streams.BatchAppendResp().setSuccess(success);
}

function batchError(answer: Refused): status.Status {
  const { Code } = codes;
  switch (answer.type) {
    case 'wrong-expected-version':
      return error(Code.UNKNOWN, 'WrongExpectedVersion', conflict(answer));
    case 'timeout':
      return error(Code.DEADLINE_EXCEEDED, 'Timeout', new shared.Timeout());
    case 'access-denied':
      return error(Code.PERMISSION_DENIED, 'AccessDenied', new shared.AccessDenied());
    case 'too-large': {
      const details = new shared.MaximumAppendSizeExceeded().setMaxappendsize(answer.limit);
      return error(Code.INVALID_ARGUMENT, 'MaximumAppendSizeExceeded', details);
    }
    case 'not-ready': {
      const details = new protobufAny.Any();
      details.pack(new empty.Empty().serializeBinary(), 'google.protobuf.Empty');
      return new status.Status().setMessage('Server Is Not Ready').setDetails(details);
    }
  }
}

function error(code: codes.Code, name: string, message: { serializeBinary(): Uint8Array }): status.Status {
  const details = new protobufAny.Any();
  details.pack(message.serializeBinary(), `event_store.client.${name}`);
  return new status.Status().setCode(code).setMessage(name).setDetails(details);
}

function conflict({ expected, current }: Conflict): shared.WrongExpectedVersion {
  const details = new shared.WrongExpectedVersion();
  if (current < 0) details.setCurrentNoStream(new empty.Empty());
  else details.setCurrentStreamRevision(String(current));
  say(expected, {
    any: () => details.setExpectedAny(new empty.Empty()),
    no_stream: () => details.setExpectedNoStream(new empty.Empty()),
    stream_exists: () => details.setExpectedStreamExists(new empty.Empty()),
    revision: (text) => details.setExpectedStreamPosition(text),
  });
  return details;
}

/** What the older Append answers where it does not fail. */
export function appendAnswer(
  answer: Extract<Answer, { readonly type: 'written' }> | Conflict,
): streams.AppendResp {
  if (answer.type === 'wrong-expected-version')
    return new streams.AppendResp().setWrongExpectedVersion(appendConflict(answer));
  const success = new streams.AppendResp.Success();
  if (answer.revision < 0) success.setNoStream(new shared.Empty());
  else success.setCurrentRevision(String(answer.revision));
  if (answer.position === undefined) success.setNoPosition(new shared.Empty());
  else {
    const text = String(answer.position);
    success.setPosition(new streams.AppendResp.Position().setCommitPosition(text).setPreparePosition(text));
  }
  return new streams.AppendResp().setSuccess(success);
}

function appendConflict({ expected, current }: Conflict): streams.AppendResp.WrongExpectedVersion {
  const details = new streams.AppendResp.WrongExpectedVersion();
  if (current < 0) details.setCurrentNoStream(new shared.Empty());
  else details.setCurrentRevision(String(current));
  say(expected, {
    any: () => details.setExpectedAny(new shared.Empty()),
    no_stream: () => details.setExpectedNoStream(new shared.Empty()),
    stream_exists: () => details.setExpectedStreamExists(new shared.Empty()),
    revision: (text) => details.setExpectedRevision(text),
  });
  return details;
}

interface ExpectedCases {
  any(): unknown;
  no_stream(): unknown;
  stream_exists(): unknown;
  revision(text: string): unknown;
}

function say(expected: Expected, cases: ExpectedCases): void {
  if (typeof expected === 'number') cases.revision(String(expected));
  else cases[expected]();
}

function allPosition(position: number): shared.AllStreamPosition {
  const text = String(position);
  return new shared.AllStreamPosition().setCommitPosition(text).setPreparePosition(text);
}
