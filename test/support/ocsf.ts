type Attributes = Readonly<Record<string, unknown>>;

/** What a class or an object of OCSF 1.8.0 requires, and the values of its enumerations. */
interface Requirement {
  readonly required: readonly string[];
  /** At least one of these, where there is such a constraint. */
  readonly oneOf?: readonly string[];
  readonly ids?: Readonly<Record<string, readonly number[]>>;
  /** Attributes that are objects, by the name of the object. */
  readonly objects?: Readonly<Record<string, string>>;
}

const upTo = (last: number) => [...Array.from({ length: last + 1 }, (_, id) => id), 99];

/** events/base_event.json */
const base: Requirement = {
  required: ['activity_id', 'category_uid', 'class_uid', 'metadata', 'severity_id', 'time', 'type_uid'],
  ids: { severity_id: upTo(6), status_id: upTo(2) },
  objects: { metadata: 'metadata' },
};
/** events/iam/iam.json */
const iam = { actor: 'actor', src_endpoint: 'network_endpoint', http_response: 'http_response' };

/**
 * Read from the published schema, https://github.com/ocsf/ocsf-schema/tree/1.8.0: what is `required` in
 * events/iam/*.json and events/application/api_activity.json, their enumerations of `activity_id`, and the constraints.
 */
const classes: Readonly<Record<number, Requirement>> = {
  3001: { required: ['user'], ids: { activity_id: upTo(12) }, objects: { ...iam, user: 'user' } },
  3002: {
    ...{ required: ['user'], oneOf: ['service', 'dst_endpoint'] },
    ...{
      ids: { activity_id: upTo(7), auth_protocol_id: upTo(12) },
      objects: { ...iam, user: 'user', service: '_entity' },
    },
  },
  3004: {
    required: ['entity'],
    ids: { activity_id: upTo(13) },
    objects: { ...iam, entity: 'managed_entity' },
  },
  3005: {
    required: ['privileges', 'user'],
    ids: { activity_id: upTo(2) },
    objects: { ...iam, user: 'user' },
  },
  3006: {
    ...{ required: ['group'], ids: { activity_id: upTo(8) } },
    objects: { ...iam, group: '_entity', user: 'user', resource: '_entity' },
  },
  6003: {
    ...{ required: ['actor', 'api', 'src_endpoint'], ids: { activity_id: upTo(4) } },
    objects: { ...iam, api: 'api' },
  },
};

/** objects/*.json */
const objects: Readonly<Record<string, Requirement>> = {
  metadata: { required: ['product', 'version'], objects: { product: '_entity' } },
  _entity: { required: [], oneOf: ['name', 'uid'] },
  actor: {
    required: [],
    oneOf: ['process', 'user', 'invoked_by', 'session', 'app_name', 'app_uid'],
    objects: { user: 'user' },
  },
  user: { required: [], oneOf: ['account', 'name', 'uid'], ids: { type_id: [0, 1, 2, 3, 4, 99] } },
  managed_entity: {
    ...{
      required: [],
      oneOf: ['name', 'uid', 'device', 'group', 'org', 'policy', 'user'],
      ids: { type_id: upTo(7) },
    },
    objects: { org: '_entity' },
  },
  network_endpoint: { required: [], oneOf: ['ip', 'uid', 'name', 'hostname', 'svc_name'] },
  http_response: { required: ['code'] },
  api: { required: ['operation'], objects: { service: '_entity', response: 'response' } },
  response: { required: [] },
};

/** What an event lacks of what its class requires. */
export function faultsOfOcsf(event: Attributes): readonly string[] {
  const { class_uid, category_uid, activity_id, type_uid } = event as Readonly<Record<string, number>>;
  const own = classes[class_uid ?? 0];
  if (!own) return [`there is no class ${String(class_uid)}`];
  const isOf = (sum: boolean, what: string) => (sum ? [] : [what]);
  return [
    ...faultsBy(base, event, ''),
    ...faultsBy(own, event, ''),
    ...isOf(type_uid === Number(class_uid) * 100 + Number(activity_id), 'type_uid'),
    ...isOf(category_uid === Math.floor(Number(class_uid) / 1000), 'category_uid'),
    ...isOf(Number.isSafeInteger(event['time']) && Number(event['time']) > 1e12, 'time'),
  ];
}

function faultsBy(
  { required, oneOf, ids = {}, objects: parts = {} }: Requirement,
  value: Attributes,
  path: string,
): string[] {
  const missing = required.filter((name) => value[name] === undefined || value[name] === null);
  const none = oneOf && !oneOf.some((name) => value[name] !== undefined) ? [`one of ${oneOf.join()}`] : [];
  const wrong = Object.entries(ids).flatMap(([name, known]) =>
    value[name] === undefined || known.includes(Number(value[name]))
      ? []
      : [`${name} ${JSON.stringify(value[name])}`],
  );
  const inner = Object.entries(parts).flatMap(([name, object]) => {
    const part = value[name];
    const requirement = objects[object];
    if (part === undefined || !requirement) return [];
    return faultsBy(requirement, part as Attributes, `${path}${name}.`);
  });
  return [...[...missing, ...none, ...wrong].map((fault) => path + fault), ...inner];
}

/** A line of CEF taken apart as its standard says. */
export function readCef(line: string): {
  readonly header: readonly string[];
  readonly extension: Readonly<Record<string, string>>;
} {
  const parts = line.split(/(?<!(?:^|[^\\])(?:\\\\)*\\)\|/);
  const header = parts.slice(0, 7).map((part) => part.replace(/\\([\\|])/g, '$1'));
  const extension: Record<string, string> = {};
  const rest = parts.slice(7).join('|');
  for (const [, key = '', value = ''] of rest.matchAll(/(?:^|\s)(\w+)=((?:\\.|[^\\=])*?)(?=\s\w+=|$)/g))
    extension[key] = value.replace(/\\(.)/g, (_, one: string) => ({ n: '\n', r: '\r' })[one] ?? one);
  return { header, extension };
}
