import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import featuresService from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import gossipService from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import messages from '@eventstore/db-client/generated/streams_pb.js';
import streamsService from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type gossip from '@eventstore/db-client/generated/gossip_pb.js';
import type shared from '@eventstore/db-client/generated/shared_pb.js';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import {
  type sendUnaryData,
  Server,
  type ServerDuplexStream,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
} from '@grpc/grpc-js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';
import { serveAppend } from './append.js';
import { type Appends } from './appends.js';
import { BatchAppend } from './batch-append.js';
import { type Calls } from './calls.js';
import { unimplemented } from './failure.js';
import { type FaultQueue, type FeatureFault } from './faults.js';
import { type Guard } from './guard.js';
import { streamName } from './messages.js';
import { Outlet } from './outlet.js';
import { type Reads } from './reads.js';
import { type Roster } from './roster.js';
import { type Subscriptions } from './subscriptions.js';

const SERVER_VERSION = '24.10.0.0';
const RECEIVE_LIMIT = 17 * 1024 * 1024;
const MOST_CALLS_OF_A_CONNECTION = 100;

/** The parts of a peer that its calls reach. */
export interface Parts {
  readonly appends: Appends;
  readonly reads: Reads;
  readonly subscriptions: Subscriptions;
  readonly calls: Calls;
  readonly guard: Guard;
  readonly roster: Roster;
  readonly featureFaults: FaultQueue<FeatureFault>;
  /** Whether BatchAppend exists. */
  readonly batchAppend: boolean;
}

/** The gRPC server of a peer; what it does not list answers UNIMPLEMENTED. */
export function serverOf(parts: Parts): Server {
  const server = new Server({
    'grpc.max_receive_message_length': RECEIVE_LIMIT,
    'grpc.max_concurrent_streams': MOST_CALLS_OF_A_CONNECTION,
  });
  server.addService(featuresService.ServerFeaturesService, {
    getSupportedMethods: (
      _call: ServerUnaryCall<shared.Empty, features.SupportedMethods>,
      callback: sendUnaryData<features.SupportedMethods>,
    ) => {
      const refusal = parts.featureFaults.shift();
      if (refusal === undefined) callback(null, supportedMethods(parts.batchAppend));
      else if (refusal !== 'hang') callback(refusal);
    },
  });
  server.addService(gossipService.GossipService, {
    read: (
      _call: ServerUnaryCall<shared.Empty, gossip.ClusterInfo>,
      callback: sendUnaryData<gossip.ClusterInfo>,
    ) => callback(null, parts.roster.info()),
  });
  server.addService(streamsService.StreamsService, streamsOf(parts));
  return server;
}

function streamsOf({ appends, reads, subscriptions, calls, guard, batchAppend }: Parts) {
  return {
    read: (stream: ServerWritableStream<streams.ReadReq, streams.ReadResp>) => {
      const options = stream.request.getOptions();
      const isSubscription = options?.hasSubscription() ?? false;
      const outlet = new Outlet(
        stream,
        calls.track(stream, isSubscription ? undefined : () => reads.cancelled++),
      );
      const refusal = guard.refusal(outlet.call);
      if (refusal !== undefined) outlet.fail(refusal);
      else if (options === undefined) outlet.fail(unimplemented('A read without options'));
      else void (isSubscription ? subscriptions : reads).serve(options, outlet);
    },
    append: (
      stream: ServerReadableStream<streams.AppendReq, streams.AppendResp>,
      callback: sendUnaryData<streams.AppendResp>,
    ) => {
      const call = calls.track(stream);
      const refusal = guard.refusal(call);
      if (refusal === undefined) serveAppend(stream, call, callback, appends);
      else {
        call.ended = true;
        callback(refusal);
      }
    },
    // A deleted stream can be written again. Its revisions go on.
    delete: (
      call: ServerUnaryCall<streams.DeleteReq, streams.DeleteResp>,
      callback: sendUnaryData<streams.DeleteResp>,
    ) => {
      appends.remove(streamName(call.request.getOptions()?.getStreamIdentifier()));
      callback(null, new messages.DeleteResp().setNoPosition(new empty.Empty()));
    },
    batchAppend: (stream: ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>) => {
      const outlet = new Outlet(stream, calls.track(stream));
      const refusal = batchAppend ? guard.refusal(outlet.call) : unimplemented('BatchAppend');
      if (refusal !== undefined) outlet.fail(refusal);
      else new BatchAppend(stream, outlet, appends, guard);
    },
  };
}

function supportedMethods(batchAppend: boolean): features.SupportedMethods {
  const names = ['read', 'append', ...(batchAppend ? ['batchappend'] : [])];
  const methods = names.map((name) =>
    new features.SupportedMethod().setServiceName('event_store.client.streams.streams').setMethodName(name),
  );
  return new features.SupportedMethods().setMethodsList(methods).setEventStoreServerVersion(SERVER_VERSION);
}
