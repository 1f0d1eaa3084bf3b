import { randomUUID } from 'node:crypto';
import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import { uuid } from './messages.js';

/** A node of a cluster as the others know it. */
export interface Member {
  readonly host: string;
  readonly port: number;
  readonly alive: boolean;
}

const { VNodeState } = gossip.MemberInfo;

/** Who belongs to a cluster, and who leads it: nobody during an election. */
export class Roster {
  leader: Member | undefined;
  private readonly ids = new Map<Member, string>();

  join(member: Member): void {
    this.ids.set(member, randomUUID());
    this.leader ??= member;
  }

  /** What gossip tells. */
  info(): gossip.ClusterInfo {
    const members = [...this.ids].map(([member, id]) =>
      new gossip.MemberInfo()
        .setInstanceId(uuid(id))
        .setTimeStamp(String(BigInt(Date.now()) * 10_000n))
        .setState(member === this.leader ? VNodeState.LEADER : VNodeState.FOLLOWER)
        .setIsAlive(member.alive)
        .setHttpEndPoint(new gossip.EndPoint().setAddress(member.host).setPort(member.port)),
    );
    return new gossip.ClusterInfo().setMembersList(members);
  }
}
