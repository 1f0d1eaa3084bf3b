import { describe, expect, it } from '@jest/globals';
import { eventCatalogue } from '../../src/domain/event-catalogue.js';
import { decode } from '../../src/event-store/codec.js';
import { cloudEventOf, cloudEventText } from '../../src/feed/cloud-event.js';
import { files, metadataFiles, recordIn, records } from '../support/golden.js';

const BASE = 'https://muster.example.com';

const golden = (file: string) => decode(recordIn(file));
const shown = (file: string) => cloudEventOf(golden(file), BASE);

describe('a CloudEvent', () => {
  it('has the event as CloudEvents 1.0.2 writes it', () => {
    const account = 'c533ba4f07fb86a64d69648689f6a0d7';
    expect(shown('UserAddedToGroup.v1.json')).toEqual({
      specversion: '1.0',
      id: `${account}/26`,
      source: `/accounts/${account}`,
      type: 'UserAddedToGroup',
      subject: 'groups/69934737323ce9c8e333e9681d67ac2a',
      time: '2024-02-29T08:32:47.242Z',
      datacontenttype: 'application/json',
      dataschema: `${BASE}/api/v2/event-types/UserAddedToGroup/1`,
      sequence: '0000000000000026',
      authtype: 'app_user',
      authid: 'eefedb94a12400cf8ed726e8519d976e',
      correlationid: 'f82cb91aef21d7931a0cacf50b7ee590',
      data: {
        user_id: '2d0de79423d98a712a700f06b333e1d3',
        group_id: '69934737323ce9c8e333e9681d67ac2a',
        can_edit: false,
      },
    });
  });

  it('names the user of an assignment, the client of a share right, and the account where nothing else is named', () => {
    const subjects = ['UserAddedToRole', 'ClientShared', 'RoleCreated', 'AccountRenamed'].map(
      (type) => shown(`${type}.v1.json`).subject.split('/')[0],
    );
    expect(subjects).toEqual(['users', 'clients', 'roles', 'accounts']);
  });

  it('of an older version has the data of the version that its schema is of', () => {
    const { dataschema, data } = shown('ApiKeyIssued.v1.json');
    expect(dataschema).toBe(`${BASE}/api/v2/event-types/ApiKeyIssued/2`);
    expect(data).toMatchObject({ issued_by: 'eefedb94a12400cf8ed726e8519d976e', limited_by: [{}] });
  });

  it.each(records)('$type has every field of its data but the secret ones', (record) => {
    const decoded = decode(record);
    const { type, data } = decoded.event;
    const secret: readonly string[] = eventCatalogue[type].secret;
    const open = Object.keys(data).filter((field) => !secret.includes(field));
    expect(Object.keys(cloudEventOf(decoded, BASE).data)).toEqual(open);
  });

  it.each([...files, ...metadataFiles])('is written from %s as JSON has it, on one line', (file) => {
    const stored = recordIn(file);
    const text = cloudEventText(decode(stored), stored, BASE);
    expect(text).toBe(JSON.stringify(shown(file)));
    expect(text).not.toMatch(/[\r\n]/);
  });

  it('is on one line and without secrets, however its data stand in the log', () => {
    const stored = recordIn('UserAddedToGroup.v1.json');
    const spread = { ...stored, data: JSON.stringify(JSON.parse(stored.data), undefined, 2) };
    expect(cloudEventText(decode(spread), spread, BASE)).toBe(
      JSON.stringify(shown('UserAddedToGroup.v1.json')),
    );
    const reverting = decode(stored);
    const odd = {
      ...reverting.metadata,
      caused_by: 7,
      command_id: 'a "b"\\\n',
      traceparent: '00-0af7-b7ad-01',
    };
    const record = { ...reverting, metadata: odd };
    expect(cloudEventText(record, stored, BASE)).toBe(JSON.stringify(cloudEventOf(record, BASE)));
  });

  it('has no credential where none was recorded', () => {
    for (const record of records)
      expect(cloudEventOf(decode(record), BASE)).not.toHaveProperty('credentialid');
  });

  it('tells who did it and by which credential, and what it was traced by', () => {
    const told = metadataFiles.map((file) => {
      const { authtype, authid, credentialid } = shown(file);
      const { actor, credential } = golden(file).metadata;
      const id = credential && 'id' in credential ? credential.id : undefined;
      expect([authid, credentialid]).toEqual([actor.id, id]);
      return `${authtype}${credentialid === undefined ? '' : ' by an id'}`;
    });
    expect(told).toEqual(['app_user by an id', 'app_user by an id', 'system', 'system', 'app_user']);
  });

  it('names its trace, and the event that its command reverts', () => {
    const record = golden('UserAddedToGroup.v1.json');
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const reverting = { ...record, metadata: { ...record.metadata, caused_by: 7, traceparent } };
    expect(cloudEventOf(reverting, BASE)).toMatchObject({ causationid: `${record.account}/7`, traceparent });
  });

  it('sorts by its sequence as text', () => {
    const record = golden('UserAddedToGroup.v1.json');
    const at = (revision: number) => cloudEventOf({ ...record, revision }, BASE).sequence;
    const revisions = [0, 9, 10, 99, 100, 999_999, 1_000_000, Number.MAX_SAFE_INTEGER];
    expect(revisions.map(at).sort()).toEqual(revisions.map(at));
  });
});
