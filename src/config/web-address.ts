import { type Kind, textOf } from './setting.js';

/** The public address of the service. Its value has no slash at the end. */
export const publicUrl: Kind<string> = {
  must: 'be an http or https address without a query, such as https://muster.example.com',
  parse: (text) => {
    const url = text.replace(/\/+$/, '');
    return /^https?:\/\/[^\s<>"'@?#\u0000-\u001f]+$/i.test(url) && URL.canParse(url) ? url : undefined;
  },
};

/** A link with `{token}` in the place of a token. */
export const passwordUrl = textOf('be an http or https address with {token} in it', (text) => {
  const isPlain = /^https?:\/\/[^\s<>"\u0000-\u001f]+$/i.test(text) && text.includes('{token}');
  return isPlain && URL.canParse(text.replaceAll('{token}', 'token'));
});
