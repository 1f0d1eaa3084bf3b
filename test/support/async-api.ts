import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

/** A part of an AsyncAPI document that tests look at. */
export interface AsyncApi {
  readonly channels: Readonly<Record<string, { readonly messages: Readonly<Record<string, object>> }>>;
  readonly operations: Readonly<
    Record<
      string,
      { readonly bindings: { readonly http: { readonly query?: { readonly properties: object } } } }
    >
  >;
  readonly components: {
    readonly schemas: Readonly<Record<string, object>>;
    readonly messages: Readonly<Record<string, { readonly payload: object }>>;
  };
}

/** What the schemas are known by here. */
const ADDRESS = 'https://muster.test/asyncapi.json';
const validators = new WeakMap<object, Ajv2020>();

/** What is wrong with what a message carries, by the schema of the document; nothing when it is valid. */
export function faultsOfMessage(document: AsyncApi, message: string, payload: unknown): string[] {
  let ajv = validators.get(document);
  if (!ajv) {
    ajv = new Ajv2020({ strict: false, allErrors: true }).addSchema(document, ADDRESS);
    addFormats.default(ajv);
    validators.set(document, ajv);
  }
  const validate = ajv.getSchema(`${ADDRESS}#/components/messages/${message}/payload`);
  if (!validate) return [`There is no message ${message}`];
  void validate(payload);
  return (validate.errors ?? []).map(({ instancePath, message: text = '' }) => `${instancePath} ${text}`);
}
